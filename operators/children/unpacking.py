"""Copies an Arrow file that a script wrote into a plain one, in the warm child: nothing is unpacked elsewhere."""

import resource
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from pyarrow import ipc

SLACK = 768 << 20
"""Bytes of memory beside the rows of one batch."""


def unpack(request: Mapping[str, Any]) -> dict[str, Any]:
    """Copy `source` to `path`, without compression; return `{"bytes"}`, or `{"refused": kind, "said"}`.

    Beyond `most` bytes it stops: kind `size`. Everything else that goes wrong is kind `error`.
    """
    most = int(request["most"])
    for kind, value in ((resource.RLIMIT_DATA, most + SLACK), (resource.RLIMIT_FSIZE, most + SLACK)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
    try:
        return _copied(request["source"], request["path"], most)
    except (MemoryError, pa.ArrowMemoryError):
        return {"refused": "size", "said": ""}
    except (pa.ArrowException, OSError, ValueError, RuntimeError) as error:
        return {"refused": "error", "said": str(error)[:300]}


def _copied(source: str, path: str, most: int) -> dict[str, Any]:
    size = 0
    with pa.OSFile(source) as file:
        reader = ipc.open_file(file)
        with ipc.new_file(path, reader.schema) as out:
            for number in range(reader.num_record_batches):
                batch = reader.get_batch(number)
                size += batch.nbytes
                if size > most:
                    return {"refused": "size", "said": ""}
                out.write_batch(batch)
    return {"bytes": size}
