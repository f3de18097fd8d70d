"""Operators that reshape tables."""
