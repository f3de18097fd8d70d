"""Jobs over what others have made: asking a service about a file, and going from a sample to a trained model."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from engine.errors import NotFoundError
from engine.workbench.desks import Desks
from engine.workbench.progress import Progress

PIECE = 5_000
"""Rows of one request."""


def ask(desks: Desks, arguments: Mapping[str, Any], progress: Progress, target: str) -> dict[str, Any]:
    """Ask a service about the rows of a file, and keep them with its answers: `service`, `file`.

    Returns `{"job", "rows", "columns"}`; the rows are for `bench.jobs.rows` and `table`. Each attempt asks anew.
    """
    from engine.data.files import read_table

    progress.report("reading")
    scratch = Path(tempfile.mkdtemp(prefix="ask-", dir=desks.workspace.scratch))
    try:
        table: pl.DataFrame = read_table(Path(arguments["file"]), scratch).to_native().collect()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    answers: list[Mapping[str, Any]] = []
    for start in range(0, max(table.height, 1), PIECE):
        progress.report("asking", share=start / max(table.height, 1))
        answers += desks.services.predict_table(arguments["service"], table.slice(start, PIECE))["predictions"]
    answered = pl.concat([table, _beside(answers, set(table.columns))], how="horizontal")
    progress.folder.mkdir(parents=True, exist_ok=True)
    answered.write_parquet(progress.folder / target)
    return {"job": progress.job, "rows": answered.height, "columns": answered.width}


def _beside(answers: list[Mapping[str, Any]], taken: set[str]) -> pl.DataFrame:
    """Return answers as columns: `prediction`, and `probability_<label>`; renamed where the file has such a column."""
    rows = [
        {
            "prediction": one["prediction"],
            **{f"probability_{k}": v for k, v in (one.get("probabilities") or {}).items()},
        }
        for one in answers
    ]
    table = pl.DataFrame(rows, infer_schema_length=None)
    return table.rename({name: f"{name}_answered" for name in table.columns if name in taken})


def train_sample(desks: Desks, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Import a sample unless it is there, keep its pipeline, and run it: `name`, `file`, `pipeline` (its text).

    Returns `{"dataset", "pipeline", "run"}`. Repeated, it finds what it made: the run has the key of the job.
    """
    name, text = arguments["name"], arguments["pipeline"]
    progress.report("reading")
    try:
        desks.datasets.show(name)
    except NotFoundError:
        desks.datasets.add(name, arguments["file"], key=progress.job, stopping=progress.stopping)
    if "pipeline" not in progress.told:
        free = desks.pipelines.free_name(name)
        progress.told["pipeline"] = desks.pipelines.create(free, text)["name"]
        progress.report("launching")
    run = desks.run(text, key=progress.job)
    return {"dataset": name, "pipeline": progress.told["pipeline"], "run": run.id}
