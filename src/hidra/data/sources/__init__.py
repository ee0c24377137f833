"""One file per official source."""
