"""Operators that learn from training rows how to mend columns."""
