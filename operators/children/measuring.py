"""Measures an Arrow file that a script wrote, in the warm child: it may be larger than it looks."""

import resource
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from pyarrow import ipc

SLACK = 1 << 30
"""Bytes of memory beside the rows of one batch."""


def measure(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{"bytes"}` that the rows of the file `path` take when unpacked, or `{"refused": kind}`.

    Beyond `most` bytes it stops: kind `size`. Everything else that goes wrong is kind `error`.
    """
    most = int(request["most"])
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    room = most + SLACK
    resource.setrlimit(resource.RLIMIT_DATA, (room if hard == resource.RLIM_INFINITY else min(room, hard), hard))
    try:
        size = _size(request["path"], most)
    except (MemoryError, pa.ArrowMemoryError):
        return {"refused": "size"}
    except (pa.ArrowException, OSError, ValueError, RuntimeError):
        return {"refused": "error"}
    return {"bytes": size} if size <= most else {"refused": "size"}


def _size(path: str, most: int) -> int:
    size = 0
    with pa.memory_map(path) as file:
        reader = ipc.open_file(file)
        if any(map(_repeats, reader.schema.types)):
            raise ValueError
        for number in range(reader.num_record_batches):
            batch = reader.get_batch(number)
            shared = (
                0 if number == 0 else sum(column.dictionary.nbytes for column in batch.columns if _is_coded(column))
            )
            size += batch.nbytes - shared
            if size > most:
                break
    return size


def _is_coded(column: Any) -> bool:
    return isinstance(column, pa.DictionaryArray)


def _repeats(kind: Any) -> bool:
    """Return whether values of a type are written once for many rows, at any depth: no script needs that."""
    if pa.types.is_run_end_encoded(kind):
        return True
    return any(_repeats(kind.field(position).type) for position in range(kind.num_fields))
