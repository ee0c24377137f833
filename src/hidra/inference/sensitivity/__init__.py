"""What drives homicides and disappearances to 2030: variance-based indices of the whole system."""
