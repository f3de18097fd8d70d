"""Operators that learn models."""
