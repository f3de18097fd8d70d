"""Operators that leave something outside the pipeline."""
