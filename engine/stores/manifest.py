"""A folder under a signed list of hashes: nothing in it is read before all of it has been verified."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from engine.data.integrity import is_whole
from engine.errors import StoreError, TamperedError
from engine.stores.signing import seal, unseal

MANIFEST = "manifest.signed"


def seal_folder(folder: Path, key: bytes) -> None:
    """Write the sha256 of every file under `folder`, signed with `key`, beside them.

    Args:
        folder: Complete; nothing may be changed or added afterwards.
        key: The workspace's secret.
    """
    hashes = {name: _hash(folder / name) for name in sorted(_files(folder))}
    (folder / MANIFEST).write_bytes(seal(json.dumps(hashes).encode(), key))


def verify_folder(folder: Path, key: bytes) -> Mapping[str, str]:
    """Return the sha256 of each file under a sealed folder, all of them verified.

    Raises:
        StoreError: The folder was never sealed, or is gone.
        TamperedError: A file is changed, missing or added, or the list was signed by somebody else.
    """
    hashes = _hashes(folder, key)
    odd = sorted(_files(folder) ^ set(hashes))
    if odd:
        raise TamperedError(
            f"The files {', '.join(odd)} of {folder} are missing or foreign.", hint="Register the model again."
        )
    for name, expected in hashes.items():
        if _hash(folder / name) != expected:
            raise TamperedError(f"{folder / name} is not what was stored.", hint="Register the model again.")
    return hashes


def require_unchanged(folder: Path, key: bytes) -> None:
    """Check the files of a sealed folder, each hashed once per process and state of the file, for who asks often.

    Raises:
        StoreError: The folder was never sealed, or is gone.
        TamperedError: A file is changed or missing, or the list was signed by somebody else.
    """
    for name, expected in _hashes(folder, key).items():
        if not is_whole(folder / name, expected):
            raise TamperedError(f"{folder / name} is not what was stored.", hint="Register the model again.")


def read_sealed(folder: Path, name: str, key: bytes) -> bytes:
    """Return one file of a sealed folder, verified; the others are not looked at.

    Raises:
        StoreError: The folder was never sealed, or is gone.
        TamperedError: The file is not what was stored.
    """
    expected, path = _hashes(folder, key).get(name), folder / name
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != expected:
        raise TamperedError(f"{path} is not what was stored.", hint="Register the model again.")
    return content


def _hashes(folder: Path, key: bytes) -> dict[str, str]:
    path = folder / MANIFEST
    if not path.is_file():
        raise StoreError(f"There is nothing complete in {folder}.", hint="Register the model again.")
    hashes: dict[str, str] = json.loads(unseal(path.read_bytes(), key, f"The manifest {path}"))
    return hashes


def _files(folder: Path) -> set[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return found - {MANIFEST}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
