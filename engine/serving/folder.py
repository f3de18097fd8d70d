"""A slice as a folder: JSON, Parquet and one signed model, under a signed list of hashes.

```
manifest.signed   sha256 of every other file, signed with the workspace's key
slice.json        steps in order (operator, every parameter, what it learnt), what is skipped and required
answered.json     rows and what it answered when it was registered (since 2026-11-29)
source.parquet    no rows: the columns of the source with their exact types
model.signed      the learner (operators.contract.values.codec), signed
beside/*.parquet  tables that steps join rows with
```

Nothing is built or decoded before the signature and every hash have been verified.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from engine.errors import StoreError
from engine.serving.replay import Answered
from engine.serving.slice import Slice
from engine.stores.manifest import seal_folder
from engine.stores.slices import DOCUMENT, FORMAT, MODEL, SOURCE, read_slice
from engine.stores.trained import sealed_model
from operators.contract.step import Step
from operators.contract.tables import collected

BESIDE = "beside"
ANSWERED = "answered.json"


def save(piece: Slice, folder: Path, key: bytes) -> None:
    """Write a slice into an empty folder, the manifest last.

    Args:
        piece: What to write.
        folder: Made where it is missing.
        key: The workspace's secret.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(schema=piece.source).write_parquet(folder / SOURCE)
    (folder / MODEL).write_bytes(sealed_model(piece.model, key))
    document = {
        "format": FORMAT,
        "resolved": True,  # every parameter stands with its step; a slice without this has those that were given
        "steps": [_step_document(step, number, folder) for number, step in enumerate(piece.steps)],
        "skipped": list(piece.skipped),
        "required": list(piece.required),
        "task": piece.model.task,
        "target": piece.model.target,
        "algorithm": piece.model.algorithm,
    }
    (folder / DOCUMENT).write_text(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False), "utf-8")
    seal_folder(folder, key)


def keep_answers(folder: Path, answered: Answered, key: bytes) -> None:
    """Write what a slice answers beside it, so that a later workbench can see whether it still does."""
    (folder / ANSWERED).write_text(json.dumps(asdict(answered), ensure_ascii=False, allow_nan=False), "utf-8")
    seal_folder(folder, key)


def load(folder: Path, key: bytes) -> Slice:
    """Read a slice back, after verifying every byte of it.

    A step opens with the version that it was stored with, where that is kept. Where it is gone its parameters are
    carried forward, and the slice opens only if it still gives the answers that were kept with it. Of a slice that was
    registered before answers were kept, each built-in operator promises as much (`Operator.upgrade`).

    Raises:
        StoreError: Something of it is missing, it was written by a newer workbench, or it would answer otherwise now.
        TamperedError: Something of it is not what was stored, or was not signed by this workspace.
    """
    kept = read_slice(folder, key)
    piece = Slice(kept.source, kept.steps, kept.model, kept.skipped)
    _require_same_answers(piece, kept.said, folder)
    return piece


def _require_same_answers(piece: Slice, steps: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Check a slice of which a step was carried forward."""
    pairs = [(said["operator"], step.operator.card) for said, step in zip(steps, piece.steps, strict=True)]
    carried = [(said, card) for said, card in pairs if said["version"] != card.version]
    if not carried or not (folder / ANSWERED).exists():
        return
    if not Answered(**json.loads((folder / ANSWERED).read_text("utf-8"))).still(piece):
        said, card = carried[0]
        raise StoreError(
            f"The model was stored with version {said['version']} of {said['operator']!r}, which is not here any more, "
            f"and version {card.version} gives other answers.",
            hint="Use the workbench that registered the model, or register it again.",
        )


def _step_document(step: Step, number: int, folder: Path) -> dict[str, Any]:
    tables = {}
    for port, table in step.beside.items():
        (folder / BESIDE).mkdir(exist_ok=True)
        tables[port] = f"{BESIDE}/{number}.{port}.parquet"
        collected(table).write_parquet(folder / tables[port])
    return {
        "node": step.node,
        "operator": step.operator.as_document(resolved=True),
        "values": None if step.values is None else dict(step.values),
        "beside": tables,
    }
