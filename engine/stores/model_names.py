"""What a model may be called."""

import re

from engine.errors import InvalidNameError


def name_for(wish: str) -> str:
    """Return a name that a model may have, as near to `wish` as can be."""
    name = re.sub(r"\.{2,}", ".", re.sub(r"[^\w.-]+", "-", wish)).lstrip("_.-")[:64].rstrip(".-")
    return name or "model"


def require_name(name: str) -> None:
    """Check that a model may be called `name`.

    Raises:
        InvalidNameError: It may not.
    """
    if not re.fullmatch(r"[^\W_][\w.-]{0,63}", name) or ".." in name:
        raise InvalidNameError(
            f"A model cannot be called {name[:80]!r}.",
            hint="Use 1 to 64 letters, digits, '_', '-' or '.', beginning with a letter or digit.",
        )
