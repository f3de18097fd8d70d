"""Work that another thread may end at once: a query, a child process."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

Stopping = Callable[[Callable[[], object]], AbstractContextManager[object]]
"""Given what ends some work at once, a block within which that may be called, from any thread and more than once."""


def unstopped(_stop: Callable[[], object]) -> AbstractContextManager[object]:
    """Let work go on to its end: nobody stops it."""
    return nullcontext()
