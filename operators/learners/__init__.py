"""Algorithms: one file each, a pydantic model of its settings, found by the registry like an operator."""
