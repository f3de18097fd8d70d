"""Operators that bring tables in."""
