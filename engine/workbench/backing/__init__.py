"""A workspace in one file: written while it is worked in, and put back elsewhere."""
