"""The words of generated forms."""

TEXTS: dict[str, tuple[str, str]] = {}
