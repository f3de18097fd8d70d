"""Work that parses Python text, which threads of CPython 3.11 and 3.12 cannot do at once.

The parser keeps its depth per process: two threads that build syntax trees together fail with "AST constructor
recursion depth mismatch" (python/cpython issue 106905). NumPy reads the head of each array file by such a tree, so
that four threads that opened models met it.
"""

import threading
from collections.abc import Callable
from typing import Final, TypeVar

Result = TypeVar("Result")
TRIES: Final = 10
"""How often work is tried where a library's own thread was in the way."""
_LOCK = threading.RLock()


def alone(work: Callable[[], Result]) -> Result:
    """Do work that parses Python text, no two at once; it may be tried again, so it must only read.

    Raises:
        SystemError: Other threads were in the way each time.
    """
    with _LOCK:
        for _ in range(TRIES - 1):
            try:
                return work()
            except SystemError as error:
                if "AST constructor" not in str(error):
                    raise
        return work()
