"""Embeddings."""

from typing import Any


class Vectors(dict[str, Any]):
    """Embeddings: references to a stored collection."""
