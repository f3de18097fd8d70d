"""The file of a backup: a plain tar, a list of what is in it first, and the hash of all of it last.

```
manifest.json      `Contents`
records.db, ...    the files that it names, as they were
trailer            `TANDEM-BACKUP-1`, the SHA-256 of every byte before it, and a line's end
```

Nothing is compressed, so nothing in it can be larger than it is.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.errors import StoreError, TamperedError

MANIFEST = "manifest.json"
PARTS = ("records.db", "secret.key", "datasets", "outputs", "mlflow", "captures", "exports")
"""What of a workspace is in a backup."""
FORMAT = 1
_MARK = b"TANDEM-BACKUP-1 "
_TRAILER = len(_MARK) + 64 + 1
_CHUNK = 2**20


class Contents(BaseModel):
    """What is in a backup."""

    model_config = ConfigDict(frozen=True)

    format: int
    revision: str = Field(description="Of the records")
    made: float = Field(description="When, in seconds since 1970")
    files: dict[str, tuple[int, str]] = Field(description="Name in the workspace: bytes and SHA-256")
    datasets: int = 0
    models: int = 0
    runs: int = 0
    damaged: tuple[str, ...] = Field((), description="What was damaged in the workspace already")


class _Hashing(io.RawIOBase):
    """Writes on and hashes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Write all of `data`."""
        self.hash.update(data)
        return self._file.write(data)


def write_archive(file: IO[bytes], contents: Contents, found: Mapping[str, Path]) -> None:
    """Write a backup and have it on the disk.

    Args:
        file: Open and empty.
        contents: What is in it.
        found: Where each of its files is.
    """
    hashing = _Hashing(file)
    with tarfile.open(fileobj=hashing, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        listed = contents.model_dump_json().encode()
        tar.addfile(_entry(MANIFEST, len(listed)), io.BytesIO(listed))
        for name, (size, _) in contents.files.items():
            with found[name].open("rb") as part:
                tar.addfile(_entry(name, size), part)
    file.write(_MARK + hashing.hash.hexdigest().encode() + b"\n")
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def opened(path: Path) -> Iterator[tuple[Contents, Iterator[tuple[str, IO[bytes]]]]]:
    """Give what is in a backup, and its files one after the other, each to be read before the next.

    Raises:
        StoreError: There is no such file, or it is none of ours.
        TamperedError: It is damaged, or has what no backup has: links, names that lead out, other sizes.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise StoreError(f"The backup {path} cannot be read: {error.strerror}.", hint="Check the path.") from error
    with file:
        _require_whole(file, path)
        try:
            with tarfile.open(fileobj=file, mode="r:") as tar:
                contents = _contents(tar, path)
                yield contents, _members(tar, contents, path)
        except (tarfile.TarError, ValidationError, ValueError, EOFError) as error:
            raise _damaged(path) from error


def _require_whole(file: IO[bytes], path: Path) -> None:
    size = os.fstat(file.fileno()).st_size
    file.seek(max(0, size - _TRAILER))
    trailer = file.read()
    file.seek(0)
    if not trailer.startswith(_MARK):
        raise TamperedError(
            f"{path} is no whole backup of Tandem.", hint="It may be cut or another file: take another backup."
        )
    hashed, left = hashlib.sha256(), size - _TRAILER
    while left and (read := file.read(min(left, _CHUNK))):
        hashed.update(read)
        left -= len(read)
    file.seek(0)
    if trailer != _MARK + hashed.hexdigest().encode() + b"\n":
        raise _damaged(path)


def _contents(tar: tarfile.TarFile, path: Path) -> Contents:
    first = tar.next()
    stream = tar.extractfile(first) if first is not None and first.name == MANIFEST and _is_plain(first) else None
    if stream is None:
        raise _damaged(path)
    contents = Contents.model_validate_json(stream.read())
    if contents.format != FORMAT:
        raise StoreError(
            f"The backup {path} is of format {contents.format}, and this Tandem reads {FORMAT}.", hint="Update Tandem."
        )
    return contents


def _members(tar: tarfile.TarFile, contents: Contents, path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    left = dict(contents.files)
    while (entry := tar.next()) is not None:
        size, _ = left.pop(entry.name, (-1, ""))
        stream = tar.extractfile(entry) if _is_plain(entry) and _leads_in(entry.name) and entry.size == size else None
        if stream is None:
            raise TamperedError(
                f"The backup {path} has {entry.name[:100]!r}, which no backup has.", hint="Take another backup."
            )
        yield entry.name, stream
    if left:
        raise _damaged(path)


def _is_plain(entry: tarfile.TarInfo) -> bool:
    return entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not entry.issparse()


def _leads_in(name: str) -> bool:
    plain = PurePosixPath(name)
    known = plain.parts[:1] in {(part,) for part in PARTS}
    return known and str(plain) == name and ".." not in plain.parts and "\0" not in name


def _damaged(path: Path) -> TamperedError:
    return TamperedError(f"The backup {path} is damaged.", hint="Nothing was restored: take another backup.")


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry
