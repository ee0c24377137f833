"""The script of the worked studies: what was to be expected, frozen, and what came."""
