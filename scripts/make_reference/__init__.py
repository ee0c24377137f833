"""The scripts that make the built-in reference tables: one small file per family."""
