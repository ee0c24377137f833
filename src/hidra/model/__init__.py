"""The engine: groups and places week by week, on the core equation and its mechanisms."""
