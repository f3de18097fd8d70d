"""What rows look like at each node of a slice, kept with a model version for diagnosis to compare live rows with.

```
sketches/<number>.train.json       after the step of that number, from 1; 0 is the source
sketches/<number>.held_out.json    rows that the model did not learn from, where the run held some out
```

A file has the columns at its node, and sketches of those that the step made or changed; the others are as they were
before it. Rows go through the steps as at a service. At most `ROWS` rows are looked at, fewer of wide tables, so that
registering a million rows takes seconds.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import polars as pl

from engine.errors import StoreError
from engine.serving.sampling import sample
from engine.serving.sketch import Sketch
from engine.serving.slice import Slice

SKETCHES = "sketches"
FORMAT = 1
SOURCE = "(source)"
"""The rows before any step, as a service is asked about them; no node can be called so."""
ROWS = 100_000
"""Rows that are looked at at most."""
CELLS = 5_000_000
"""Rows times columns that are looked at at most."""
SEED = 0

Side = Literal["train", "held_out"]
Sketches = Mapping[str, Mapping[Side, Mapping[str, Sketch]]]


def write_sketches(piece: Slice, sides: Mapping[Side, pl.LazyFrame | None], folder: Path) -> None:
    """Sketch the rows of each side at each node of a slice into `folder/sketches`.

    Args:
        piece: The slice that is registered.
        sides: Rows in the columns of its source; None where there are none.
        folder: Of the version.
    """
    (folder / SKETCHES).mkdir()
    for side, table in sides.items():
        if table is None:
            continue
        asked = table.select(list(piece.required))
        total = int(asked.select(pl.len()).collect().item())
        rows = sample(asked, max(1, min(ROWS, CELLS // max(1, len(piece.required)))), SEED)
        for number, (node, columns, made) in enumerate(_walked(piece, rows)):
            document = {
                "format": FORMAT,
                "node": node,
                "rows": len(rows),
                "of": total,
                "columns": columns,
                "sketches": {name: _written(sketch) for name, sketch in made.items()},
            }
            path = folder / SKETCHES / f"{number}.{side}.json"
            path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), "utf-8")


def sketches(folder: Path) -> Sketches:
    """Return the sketches of a version, whose files were verified, by node, side and column.

    The nodes are those of its slice in order, `SOURCE` the first. Nothing is there for a version that was registered
    before 2026-11-29.

    Raises:
        StoreError: They are of a newer workbench, or cannot be read.
    """
    found: dict[str, dict[Side, Mapping[str, Sketch]]] = {}
    for side in ("train", "held_out"):
        before: dict[str, Sketch] = {}
        for path in sorted((folder / SKETCHES).glob(f"*.{side}.json"), key=lambda one: int(one.name.partition(".")[0])):
            document = _document(path)
            known = before | {name: _read(said, path) for name, said in document["sketches"].items()}
            before = {name: known[name] for name in document["columns"] if name in known}
            found.setdefault(document["node"], {})[side] = before
    return found


def _walked(piece: Slice, rows: pl.DataFrame) -> Iterator[tuple[str, list[str], dict[str, Sketch]]]:
    """Give each node with its columns and the sketches of those that are new or changed there."""
    absent = set(piece.source) - set(piece.required)
    frame, before = piece.whole(rows), dict[str, pl.Series]()
    for number in range(len(piece.steps) + 1):
        frame = piece.step(number - 1, frame) if number else frame
        columns = {values.name: values for values in frame.iter_columns() if values.name not in absent}
        made = {name: Sketch.of(values) for name, values in columns.items() if not _same(before.get(name), values)}
        yield (piece.steps[number - 1].node if number else SOURCE), list(columns), made
        before = columns


def _same(before: pl.Series | None, after: pl.Series) -> bool:
    return before is not None and before.dtype == after.dtype and before.equals(after, null_equal=True)


def _written(sketch: Sketch) -> dict[str, Any]:
    data = base64.b64encode(sketch.data).decode("ascii")
    return {"kind": sketch.kind, "count": sketch.count, "missing": sketch.missing, "data": data}


def _read(said: Mapping[str, Any], path: Path) -> Sketch:
    try:
        return Sketch(said["kind"], said["count"], said["missing"], base64.b64decode(said["data"], validate=True))
    except (KeyError, TypeError, binascii.Error) as error:
        raise _unreadable(path) from error


def _document(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text("utf-8"))
        found = document["format"]
        complete = found != FORMAT or {"node", "columns", "sketches"} <= set(document)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(path) from error
    if not complete:
        raise _unreadable(path)
    if found != FORMAT:
        raise StoreError(
            f"The sketches of the model have format {found}, and this workbench reads {FORMAT}.",
            hint="Use the workbench that registered the model, or register it again.",
        )
    return document


def _unreadable(path: Path) -> StoreError:
    return StoreError(f"The sketches {path.name} of the model cannot be read.", hint="Register the model again.")
