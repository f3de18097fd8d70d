"""Claim: twelve table operators through the engine cost at most 1.10 x the time and 1.2 x the memory of Polars by hand.

The engine drives the run as always (ledger, fingerprints, plan, kept and hashed output) with its work done in the
same process, so that the peak of the memory is that of one process on both sides. The rival scans the same Parquet and
writes its result to Parquet with the same compression. `BENCH_ROWS` and `BENCH_ROUNDS` make it smaller.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from measuring import Stopwatch, alternating, answer_as_child, in_child, median, say, verdict, write_figures

ROWS = int(os.environ.get("BENCH_ROWS", "10000000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
TIME_LIMIT, MEMORY_LIMIT = 1.10, 1.2


def through_the_engine(folder: str, ending: str, seed: int) -> tuple[float, Any]:
    """Run the pipeline once in a workspace of its own; the seed keeps earlier results from being reused."""
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

    root = Path(folder) / f"engine-{ending}-{seed}"
    workspace = Workspace.at(root, records_url=f"sqlite:///{root}/records.db")
    records, store = Records.open(workspace), OutputStore(workspace.outputs, workspace.key)
    with records.write() as connection:
        put_environment(connection, EnvironmentRow("train", "elastic", {"cpu": 20_000, "gpu": 0, "memory": 2**36}))
    sources = {
        f"dataset:{name}": _stored(store, Path(folder) / f"{name}.parquet", SourceRef) for name in ("sales", "shops")
    }
    driver = Driver(workspace, records, InlineExecutor())
    with Stopwatch() as watch:
        run = submit(records, RunRequest(steps.pipeline(ending), sources=sources, seed=seed)).id
        while True:
            driver.turn(0.02)
            with records.read() as connection:
                if runs.get(connection, run).status in runs.ENDED:
                    break
    told = document(records, run)
    if told["status"] != "succeeded":
        raise SystemExit(str(told["error"]))
    return watch.seconds, _described(next(workspace.outputs.rglob("*.parquet")))


def by_hand(folder: str, ending: str, number: int) -> tuple[float, Any]:
    """Write the result of the hand-written query."""
    import steps

    target = Path(folder) / f"hand-{ending}-{number}.parquet"
    with Stopwatch() as watch:
        query = steps.by_hand(Path(folder) / "sales.parquet", Path(folder) / "shops.parquet", ending)
        query.sink_parquet(target, compression="zstd", statistics=False)
    return watch.seconds, _described(target)


def make(folder: str, rows: int) -> tuple[float, Any]:
    """Write the tables."""
    import steps

    steps.make_sales(rows, Path(folder) / "sales.parquet")
    steps.make_shops(Path(folder) / "shops.parquet")
    return 0.0, None


def _stored(store: Any, path: Path, source_ref: Any) -> dict[str, Any]:
    """Return the reference under which the dataset is read; its hash is a name here, nothing is made of it."""
    import polars as pl

    from operators.tables import lazy, schema_of

    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    schema = schema_of(lazy(pl.scan_parquet(path)))
    table = store.refer(path, path.stem.ljust(64, "0"), rows, schema)
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
            time_ratio = _ratio(found, "seconds")
            memory_ratio = _ratio(found, "peak")
            figures |= {f"{ending}_time_ratio": time_ratio, f"{ending}_memory_ratio": memory_ratio}
            kept += [
                verdict(f"time ratio ({ending})", time_ratio, TIME_LIMIT),
                verdict(f"memory ratio ({ending})", memory_ratio, MEMORY_LIMIT),
            ]
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
