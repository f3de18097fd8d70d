"""Jobs about datasets and answers: files of them, datasets made of answers, comparisons."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from engine.data.exporting import export
from engine.data.names import dataset_name
from engine.errors import DataError
from engine.workbench.answers import rows_of
from engine.workbench.desks import Desks
from engine.workbench.progress import Progress

Arguments = Mapping[str, Any]

EXPORTED: Final = "export"
"""Name of the file of a job's folder that an export leaves, without its suffix."""
LONGEST_DATASET: Final = 100_000_000
"""Rows of an answer that is kept as a dataset, at most."""


def export_rows(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Write a dataset, its rejected lines, or the answer of a job to a file: `dataset` or `job`, `rejects`, `format`.

    Returns `{"job", "file", "format", "bytes"}`. Each attempt writes the file anew.
    """
    progress.report("writing")
    if arguments.get("job"):
        table = rows_of(desks.workspace, arguments["job"])
    elif arguments.get("rejects"):
        table = desks.datasets.rejects_table(arguments["dataset"])
    else:
        table = desks.datasets.table(arguments["dataset"])
    kind = str(arguments["format"])
    progress.folder.mkdir(parents=True, exist_ok=True)
    path = progress.folder / f"{EXPORTED}.{kind}"
    export(table, path, kind, formulas=bool(arguments.get("formulas")))
    return {"job": progress.job, "file": path.name, "format": kind, "bytes": path.stat().st_size}


def keep_answer(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Keep the answer of SQL as the next version of a dataset: `name`, `sql`, `timeout`.

    The version carries the id of the job; a repeated job finds it and adds none.
    """
    name = dataset_name(str(arguments["name"]))
    progress.report("asking")
    progress.folder.mkdir(parents=True, exist_ok=True)
    path = progress.folder / "answer.parquet"
    timeout = float(arguments.get("timeout") or 300.0)
    answer = desks.datasets.query_into(
        path, arguments["sql"], limit=LONGEST_DATASET, timeout=timeout, stopping=progress.stopping
    )
    if answer["truncated"]:
        raise DataError(f"The answer has more than {LONGEST_DATASET} rows.", hint="Ask for less, or aggregate.")
    progress.report("profiling")
    kept = desks.datasets.put(name, pl.scan_parquet(path, glob=False), label="SQL", key=progress.job)
    path.unlink(missing_ok=True)
    return kept


def contrast(desks: Desks, arguments: Arguments, progress: Progress) -> dict[str, Any]:
    """Compare the values of two datasets or versions: `before`, `after`. It only reads."""
    progress.report("comparing")
    return desks.datasets.compare(arguments["before"], arguments["after"])
