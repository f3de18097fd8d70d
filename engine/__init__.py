"""The engine: what happens; the Python API."""
