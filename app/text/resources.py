"""The words of the screen of resources."""

TEXTS: dict[str, tuple[str, str]] = {}
