"""Claim: the profile of a table of one million rows and fifty columns is made and shown in less than five seconds.

Made: every column described from all rows (quantiles and distinct values exact), with histograms, repeated rows, what
goes together, and warnings. The rivals do less: DuckDB's SUMMARIZE (approximate quantiles and distinct values) and
Polars' `describe` (neither distinct values nor histograms); each reads the same Parquet in a process of its own. Shown:
the Explore screen is run to its end with the stored profile, by AppTest. `BENCH_ROWS` and `BENCH_ROUNDS` make it
smaller.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from measuring import Stopwatch, alternating, answer_as_child, in_child, median, memory, say, verdict, write_figures

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
LIMIT_S = 5.0
ROOT = Path(__file__).resolve().parents[2]


def make(folder: str, rows: int) -> tuple[float, int, Any]:
    """Write a table of fifty columns: numbers of all kinds, texts with few and many values, times, gaps."""
    import numpy as np
    import polars as pl

    random = np.random.default_rng(7)
    columns: dict[str, Any] = {f"f{i}": random.normal(size=rows) * 10 ** (i % 4) for i in range(24)}
    columns |= {f"i{i}": random.integers(0, 10 ** (i % 6 + 1), size=rows) for i in range(8)}
    columns |= {f"c{i}": _texts(random, rows, 3 * 4 ** (i % 4)) for i in range(9)}
    columns |= {f"b{i}": random.random(rows) < 0.1 * (i + 1) for i in range(3)}
    columns |= {"id": np.arange(rows), "user": _texts(random, rows, rows // 3)}
    table = pl.DataFrame(columns).with_columns(
        pl.Series("at", np.datetime64("2020-01-01", "us") + random.integers(0, 10**14, rows).astype("timedelta64[us]")),
        pl.Series("day", np.datetime64("2020-01-01") + random.integers(0, 1500, rows).astype("timedelta64[D]")),
        pl.when(pl.Series(random.random(rows)) < 0.3).then(None).otherwise(pl.col("f0")).alias("gaps"),
        pl.when(pl.Series(random.random(rows)) < 0.05).then(None).otherwise(pl.col("c2")).alias("holes"),
    )
    table.write_parquet(Path(folder) / "table.parquet", compression="zstd", row_group_size=250_000)
    return 0.0, 0, table.width


def _texts(random: Any, rows: int, values: int) -> Any:
    import polars as pl

    return ("value " + pl.Series(random.integers(0, max(values, 1), rows)).cast(pl.String)).rename("")


def by_the_engine(folder: str, _number: int) -> tuple[float, int, Any]:
    """Profile the table as an import does."""
    from engine.data.profiling import profile_table

    idle = memory()
    with Stopwatch() as watch:
        found = profile_table(Path(folder) / "table.parquet")
    return watch.seconds, idle, {"rows": found["rows"], "columns": len(found["columns"])}


def by_duckdb(folder: str, _number: int) -> tuple[float, int, Any]:
    """Ask DuckDB for its summary."""
    import duckdb

    idle = memory()
    with Stopwatch() as watch:
        rows = duckdb.execute("SUMMARIZE FROM read_parquet(?)", [f"{folder}/table.parquet"]).fetchall()
    return watch.seconds, idle, {"columns": len(rows)}


def by_polars(folder: str, _number: int) -> tuple[float, int, Any]:
    """Ask Polars for its description."""
    import polars as pl

    idle = memory()
    with Stopwatch() as watch:
        described = pl.scan_parquet(Path(folder) / "table.parquet").describe()
    return watch.seconds, idle, {"columns": described.width - 1}


def on_the_screen(folder: str, _number: int) -> tuple[float, int, Any]:
    """Run the Explore screen of the stored table to its end, once to warm the libraries and once for the figure."""
    from streamlit.testing.v1 import AppTest

    os.environ["TANDEM_WORKSPACE"] = f"{folder}/workspace"
    idle = memory()
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=120).run()
    app.switch_page(str(ROOT / "pages" / "explore.py"))
    app.query_params["explore_view"] = "profile"
    app.run()
    with Stopwatch() as watch:
        app.run()
    if app.exception or app.error:
        raise SystemExit(f"The screen shows an error: {[one.value for one in (*app.exception, *app.error)]}")
    return watch.seconds, idle, len(app.dataframe)


def store(folder: str) -> tuple[float, int, Any]:
    """Import the table into a workspace."""
    sys.path.insert(0, str(ROOT))
    from engine import Workbench

    bench = Workbench.open(f"{folder}/workspace")
    with Stopwatch() as watch:
        bench.datasets.add("table", f"{folder}/table.parquet")
    return watch.seconds, 0, None


def main() -> int:
    """Measure the contestants and the screen; return 1 where the limit is missed."""
    figures: dict[str, Any] = {"rows": ROWS, "rounds": ROUNDS}
    with tempfile.TemporaryDirectory() as folder:
        figures["columns"] = in_child(__file__, "make", folder, ROWS).answer
        say(f"Made {ROWS:,} rows x {figures['columns']} columns")
        contestants = {
            name: lambda number, name=name: in_child(__file__, name, folder, number)
            for name in ("engine", "duckdb", "polars")
        }
        found = alternating(ROUNDS, contestants)
        figures["import_seconds"] = in_child(__file__, "store", folder).seconds
        found |= alternating(ROUNDS, {"screen": lambda number: in_child(__file__, "screen", folder, number)})
    for name, measured in found.items():
        figures[f"{name}_seconds"] = [one.seconds for one in measured]
        figures[f"{name}_work_bytes"] = [one.work for one in measured]
    seconds = {name: median(figures[f"{name}_seconds"]) for name in found}
    figures["ratio_to_duckdb"] = seconds["engine"] / seconds["duckdb"]
    figures["ratio_to_polars"] = seconds["engine"] / seconds["polars"]
    figures["made_and_shown_seconds"] = seconds["engine"] + seconds["screen"]
    write_figures("profile", figures)
    return 0 if verdict("seconds of the profile, made and shown", figures["made_and_shown_seconds"], LIMIT_S) else 1


CONTESTANTS = {
    "make": make,
    "engine": by_the_engine,
    "duckdb": by_duckdb,
    "polars": by_polars,
    "store": store,
    "screen": on_the_screen,
}

if __name__ == "__main__":
    if answer_as_child(CONTESTANTS):
        sys.exit(0)
    sys.exit(main())
