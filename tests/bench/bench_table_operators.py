"""Claim: twelve table operators through the engine cost at most 1.10 x the time and 1.2 x the memory of Polars by hand.

The engine drives the run as always (ledger, fingerprints, plan, kept and hashed output) with its work done in the
same process, so that the peak of the memory is that of one process on both sides. The rival scans the same Parquet and
writes its result to Parquet with the same compression. Both first do the same on a thousand rows, untimed: an engine
is a process that lives. Two ratios of memory are told: of the peak above what the process held before the work,
and of the peak of the whole process, in which the engine's libraries weigh the more the less memory the work takes.
`BENCH_ROWS` and `BENCH_ROUNDS` make it smaller.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from measuring import Stopwatch, alternating, answer_as_child, in_child, median, memory, say, verdict, write_figures

LAST = "step12"
"""Node that ends the pipeline of `steps.pipeline`."""
COMPRESSION = "lz4"
"""Of both results; checked against the engine's own."""
ROWS = int(os.environ.get("BENCH_ROWS", "10000000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
LIMITS = (("time", "seconds", 1.10), ("memory", "work", 1.2), ("whole process memory", "peak", 1.2))


def through_the_engine(folder: str, ending: str, number: int) -> tuple[float, int, Any]:
    """Run the pipeline on the small and then on the large tables."""
    from engine.data import frames

    if frames.COMPRESSION != COMPRESSION:
        raise SystemExit(f"The engine writes {frames.COMPRESSION}; let the rival do so too.")
    root = Path(folder) / f"engine-{ending}-{number}"
    _run(root, Path(folder) / "small", ending)
    idle = memory()
    seconds, result = _run(root, Path(folder), ending)
    return seconds, idle, result


def _run(root: Path, folder: Path, ending: str) -> tuple[float, Any]:
    """Run the pipeline once on the tables of a folder."""
    import steps

    from engine.config import Workspace
    from engine.records import Records, runs
    from engine.records.environments import EnvironmentRow, put_environment
    from engine.runs.driver import Driver
    from engine.runs.inline_executor import InlineExecutor
    from engine.runs.orders import SourceRef
    from engine.runs.report import document
    from engine.runs.requests import RunRequest, submit
    from engine.stores.outputs import OutputStore

    workspace = Workspace.at(root, records_url=f"sqlite:///{root}/records.db")
    records, store = Records.open(workspace), OutputStore(workspace.outputs, workspace.key)
    with records.write() as connection:  # the same share whatever the machine has
        put_environment(connection, EnvironmentRow("train", "elastic", {"cpu": 20_000, "gpu": 0, "memory": 2**36}))
    sources = {f"dataset:{name}": _stored(store, folder / f"{name}.parquet", SourceRef) for name in ("sales", "shops")}
    driver = Driver(workspace, records, InlineExecutor())
    with Stopwatch() as watch:
        run = submit(records, RunRequest(steps.pipeline(ending), sources=sources)).id
        while True:
            driver.turn(0.02)
            with records.read() as connection:
                if runs.get(connection, run).status in runs.ENDED:
                    break
    driver.close()
    told = document(records, run)
    if told["status"] != "succeeded":
        raise SystemExit(str(told["error"]))
    kept = told["nodes"][LAST]["outputs"]["table"]
    return watch.seconds, _described(workspace.outputs / kept["path"])


def by_hand(folder: str, ending: str, number: int) -> tuple[float, int, Any]:
    """Write the result of the hand-written query on the small and then on the large tables."""
    _write(Path(folder) / "small", ending, number)
    idle = memory()
    seconds, result = _write(Path(folder), ending, number)
    return seconds, idle, result


def _write(folder: Path, ending: str, number: int) -> tuple[float, Any]:
    import steps

    target = folder / f"hand-{ending}-{number}.parquet"
    with Stopwatch() as watch:
        query = steps.by_hand(folder / "sales.parquet", folder / "shops.parquet", ending)
        query.sink_parquet(target, compression=COMPRESSION, statistics=False)
    return watch.seconds, _described(target)


def make(folder: str, rows: int) -> tuple[float, int, Any]:
    """Write the tables, large and small."""
    import steps

    for where, size in ((Path(folder), rows), (Path(folder) / "small", 1000)):
        where.mkdir(exist_ok=True)
        steps.make_sales(size, where / "sales.parquet")
        steps.make_shops(where / "shops.parquet")
    return 0.0, 0, None


def _stored(store: Any, path: Path, source_ref: Any) -> dict[str, Any]:
    """Return the reference under which the dataset is read; the run verifies its hash, which is part of the time."""
    import polars as pl

    from engine.data.disk import sha256_of
    from operators.contract.tables import lazy, schema_of

    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    schema = schema_of(lazy(pl.scan_parquet(path)))
    table = store.refer(path, sha256_of(path), rows, schema)
    document: dict[str, Any] = source_ref(hash=table.hash, table=table).model_dump(mode="json")
    return document


def _described(path: Path) -> dict[str, Any]:
    """Return what tells two results apart: rows, columns and the sum of every numeric column."""
    import polars as pl
    import polars.selectors as cs

    table = pl.scan_parquet(path)
    sums = table.select(cs.numeric().sum().round(0)).collect().to_dicts()[0]
    return {"rows": table.select(pl.len()).collect().item(), "columns": table.collect_schema().names(), "sums": sums}


def main() -> int:
    """Measure both endings and return 1 where a limit is missed."""
    script = __file__
    figures: dict[str, Any] = {"rows": ROWS, "rounds": ROUNDS}
    kept = []
    with tempfile.TemporaryDirectory() as folder:
        say(f"Making {ROWS:,} rows x 12 columns")
        in_child(script, "make", folder, ROWS)
        for ending in ("grouped", "rows"):
            say(f"Ending `{ending}`")
            found = alternating(
                ROUNDS,
                {
                    "engine": lambda n, e=ending: in_child(script, "engine", folder, e, n),
                    "hand": lambda n, e=ending: in_child(script, "hand", folder, e, n),
                },
            )
            if found["engine"][0].answer != found["hand"][0].answer:
                raise SystemExit(f"The results differ: {found['engine'][0].answer} {found['hand'][0].answer}")
            for name, measured in found.items():
                figures[f"{ending}_{name}_seconds"] = [one.seconds for one in measured]
                figures[f"{ending}_{name}_peak_bytes"] = [one.peak for one in measured]
                figures[f"{ending}_{name}_work_bytes"] = [one.work for one in measured]
            for kind, key, limit in LIMITS:
                ratio = figures[f"{ending}_{kind.replace(' ', '_')}_ratio"] = _ratio(found, key)
                kept.append(verdict(f"{kind} ratio ({ending})", ratio, limit))
    write_figures("table_operators", figures)
    return 0 if all(kept) else 1


def _ratio(found: dict[str, Any], key: str) -> float:
    """Return the median of the engine over the median of the hand-written query."""
    engine, hand = ([getattr(one, key) for one in found[name]] for name in ("engine", "hand"))
    return median(engine) / median(hand)


if __name__ == "__main__":
    if answer_as_child({"engine": through_the_engine, "hand": by_hand, "make": make}):
        sys.exit(0)
    sys.exit(main())
