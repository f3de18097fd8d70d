"""The words of the catalogue of operators."""

TEXTS: dict[str, tuple[str, str]] = {}
