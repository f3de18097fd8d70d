"""Deleting what users made: one promise for every kind, and one file for each."""
