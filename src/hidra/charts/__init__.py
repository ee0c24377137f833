"""Charts, maps and reports from tables."""
