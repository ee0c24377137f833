"""What every room stands on: errors, time, places, noise, priors, files, words."""
