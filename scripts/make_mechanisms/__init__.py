"""The script that writes the pages of the mechanisms from their declarations."""
