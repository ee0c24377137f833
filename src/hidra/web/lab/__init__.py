"""The scenario lab: what a reader wants simulated, the process that does it, what is kept."""
