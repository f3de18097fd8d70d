"""Models as services."""
