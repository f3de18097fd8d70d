"""Operators that run code written by users."""
