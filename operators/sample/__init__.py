"""Operators that choose rows."""
