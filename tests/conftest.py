"""Fixtures and settings that every test shares."""

from hypothesis import settings

settings.register_profile("tandem", deadline=None)  # tests do not assert times
settings.load_profile("tandem")
