"""The words of the screen that explores a dataset."""

TEXTS: dict[str, tuple[str, str]] = {}
