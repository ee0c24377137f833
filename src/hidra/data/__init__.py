"""Official and open data: built-in tables, sources, panel."""
