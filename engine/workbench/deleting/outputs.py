"""The files that runs kept: which of them are whose, and how they are removed.

Equal content is kept once, so a file may be of several runs. A file goes together with the receipts that name it, in
one transaction: nothing is trusted afterwards that is not there, and a later run computes it again.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select

from engine.records import receipts, runs
from engine.records.tables import EVENTS, RECEIPTS

FRESH_S: Final = 3600.0
"""Seconds in which a file may have been written for a run whose ledger does not name it yet."""
_KEPT_IN = ("succeeded", "reused")


def by_run(connection: Connection) -> dict[str, set[str]]:
    """Return the files that each run has kept or reused, as their names under the folder of outputs."""
    found: dict[str, set[str]] = defaultdict(set)
    rows = connection.execute(select(EVENTS.c.run, EVENTS.c.payload).where(EVENTS.c.kind.in_(_KEPT_IN)))
    for run, payload in rows:
        found[run].update(_files(payload.get("outputs", {})))
    return found


def only_of(connection: Connection, wanted: Collection[str]) -> set[str]:
    """Return the files that these runs have and no other has."""
    every = by_run(connection)
    own = set().union(*(every.get(run, set()) for run in wanted))
    return own.difference(*(files for run, files in every.items() if run not in wanted))


def sizes(root: Path, names: Collection[str]) -> dict[str, int]:
    """Return the bytes of those files that there are."""
    return {name: (root / name).stat().st_size for name in names if (root / name).is_file()}


def remove(connection: Connection, root: Path, names: Collection[str]) -> int | None:
    """Remove files and the receipts that name them; return how many bytes they took, None where that is for later.

    While a run goes on, the receipts go first and the files when it is asked again: the run may just have found one.
    And a file that was written lately stays: the run may have kept the same content just now.
    """
    gone = set(names)
    named = connection.execute(select(RECEIPTS.c.digest, RECEIPTS.c.outputs)).all()
    trusted = [digest for digest, outputs in named if gone.intersection(_files(outputs))]
    for digest in trusted:
        receipts.forget(connection, digest)
    going = bool(runs.live(connection))
    if going and trusted:
        return None
    youngest = time.time() - FRESH_S if going else float("inf")
    freed = 0
    for name, size in sizes(root, gone).items():
        if (root / name).stat().st_mtime <= youngest:
            (root / name).unlink(missing_ok=True)
            freed += size
    return freed


def _files(outputs: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names in references by port; tables that are kept elsewhere have an absolute path and are not ours."""
    for ref in outputs.values():
        path = str(ref.get("path", "")) if isinstance(ref, Mapping) else ""
        if path and not path.startswith("/"):
            yield path
