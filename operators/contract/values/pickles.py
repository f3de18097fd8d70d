"""Pickles of models, read after whoever calls has verified that this workspace wrote them.

A pickle calls a class by the module it stood in. Classes of ours that moved since are found by
`operators.contract.values.stored`.
"""

import io
import pickle
from typing import Any

from operators.contract.errors import StoredModelError
from operators.contract.values.stored import FORMER, class_at


def unpickled(payload: bytes, what: str = "The model") -> Any:
    """Return what a pickle holds.

    Args:
        payload: Bytes whose signature was verified: a pickle can do anything.
        what: Names it in the errors.

    Raises:
        StoredModelError: A module of it is not here, or it cannot be read.
    """
    try:
        return _Unpickler(io.BytesIO(payload)).load()
    except ModuleNotFoundError as error:
        raise StoredModelError(
            f"{what} needs {str(error.name).partition('.')[0]!r}, which is not installed here.",
            hint="Install it where Tandem runs, or register the model again without it.",
        ) from error
    except Exception as error:  # a pickle runs what libraries wrote into it, and they raise what they like
        first = str(error).strip().partition("\n")[0] or type(error).__name__
        raise StoredModelError(
            f"{what} cannot be read: {first:.200}", hint="Train it again, or use the workbench that stored it."
        ) from error


def pickled(value: Any) -> tuple[bytes, frozenset[str]]:
    """Return a value as a pickle, and the modules whose objects are in it.

    Raises:
        StoredModelError: It cannot be pickled.
    """
    buffer = io.BytesIO()
    pickler = _Pickler(buffer, protocol=5)
    try:
        pickler.dump(value)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise StoredModelError(
            f"The model cannot be kept: {error!s:.200}", hint="This is a fault of the operator that made it."
        ) from error
    return buffer.getvalue(), frozenset(pickler.modules)


class _Pickler(pickle.Pickler):
    """Notes the modules of what it writes."""

    def __init__(self, file: io.BytesIO, protocol: int) -> None:
        super().__init__(file, protocol)
        self.modules: set[str] = set()

    def reducer_override(self, value: Any) -> Any:
        self.modules.add(str(getattr(value, "__module__", None) or type(value).__module__))
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    """Finds classes of ours where they stand now."""

    def find_class(self, module: str, name: str) -> Any:
        known = FORMER.get(f"{module}:{name}")
        return class_at(known) if known else super().find_class(module, name)
