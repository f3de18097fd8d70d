"""The words of the screen that makes features."""

TEXTS: dict[str, tuple[str, str]] = {}
