"""Claims: at most 10 ms per node on a warm engine; a change to the last of twenty nodes costs a tenth of the first run.

The engine is a real one: its own process, Ray, durable records. Twenty pinned nodes over a thousand rows have next to
no work of their own, so the time of the run is overhead. For the second claim the twenty nodes have work to do.
The rival in the same run is the same chain in one process: Polars, each step written to Parquet.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from chains import LENGTH, chain, make_numbers
from measuring import Stopwatch, median, say, verdict, write_figures

from engine import Workbench

ROUNDS = 7
OVERHEAD_LIMIT_MS, AGAIN_LIMIT = 10.0, 0.1
ROWS_OF_WORK = 3_000_000


def main() -> int:
    """Measure both claims and return 1 where one is missed."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Workbench.open(Path(folder) / "workspace")
        try:
            bench.engine.start()
            figures = {**overhead(bench, Path(folder)), **again(bench, Path(folder))}
        finally:
            bench.engine.stop()
    write_figures("node_overhead", figures)
    kept = [
        verdict("overhead per node in ms", figures["per_node_ms"], OVERHEAD_LIMIT_MS),
        verdict("second run over the first", figures["again_ratio"], AGAIN_LIMIT),
    ]
    return 0 if all(kept) else 1


def overhead(bench: Workbench, folder: Path) -> dict[str, Any]:
    """Run the chain several times, each with another beginning, so that nothing is reused."""
    totals = []
    for number in range(ROUNDS + 1):
        make_numbers(folder / "numbers.csv", rows=1000 + number)
        bench.datasets.add("numbers", folder / "numbers.csv")
        document = _succeeded(bench, chain("numbers"))
        if number:  # the first one warms the workers
            totals.append(document["seconds"])
            say(f"  {1000 * document['seconds'] / (LENGTH + 1):.1f} ms per node")
    hand = [_by_hand(folder) for _ in range(ROUNDS)]
    return {
        "nodes": LENGTH + 1,
        "run_seconds": totals,
        "per_node_ms": 1000 * median(totals) / (LENGTH + 1),
        "by_hand_ms": 1000 * median(hand) / LENGTH,
    }


def again(bench: Workbench, folder: Path) -> dict[str, Any]:
    """Run a chain with work in it, then again with another last node."""
    import polars as pl

    numbers = pl.int_range(ROWS_OF_WORK, eager=True).alias("a").to_frame()
    numbers.with_columns(b=pl.col("a") % 7).write_parquet(folder / "many.parquet")
    bench.datasets.add("many", folder / "many.parquet")
    first = _succeeded(bench, chain("many", slow=True))["seconds"]
    second = []
    for number in range(1, 4):
        document = _succeeded(bench, chain("many", slow=True, last=1.0 + number))
        again = [name for name, node in document["nodes"].items() if node["status"] == "done"]
        if again != [f"node{LENGTH}"]:
            raise SystemExit(f"These ran again: {again}")
        second.append(document["seconds"])
    say(f"  first {first:.2f} s, then {median(second):.2f} s")
    return {"first_seconds": first, "again_seconds": second, "again_ratio": median(second) / first}


def _succeeded(bench: Workbench, pipeline: Any) -> dict[str, Any]:
    document = bench.run(pipeline).wait().document()
    if document["status"] != "succeeded":
        raise SystemExit(str(document["error"]))
    return document


def _by_hand(folder: Path) -> float:
    """Return the seconds that the same chain takes in this process, each step kept as Parquet."""
    import polars as pl

    table = pl.read_csv(folder / "numbers.csv")
    with Stopwatch() as watch:
        for number in range(LENGTH):
            table = table.with_columns(((pl.col("a") + pl.col("b")) + number).alias(f"c{number}"))
            path = folder / f"hand-{number}-{time.monotonic_ns()}.parquet"
            table.write_parquet(path)
            table = pl.read_parquet(path)
    return watch.seconds


if __name__ == "__main__":
    sys.exit(main())
