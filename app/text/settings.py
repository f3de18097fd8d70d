"""The words of the settings."""

TEXTS: dict[str, tuple[str, str]] = {}
