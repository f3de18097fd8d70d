"""Algorithms: one file each, a pydantic model of its settings."""
