"""Claims tested on data only."""
