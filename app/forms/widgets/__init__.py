"""Widgets: a function for each kind of field, which takes and returns JSON."""
