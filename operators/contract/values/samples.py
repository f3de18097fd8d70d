"""Images and texts."""

from typing import Any


class Samples(dict[str, Any]):
    """Images or texts with labels: references to stored samples."""
