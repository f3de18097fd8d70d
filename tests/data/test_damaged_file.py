"""A million damaged lines: each is in a row or a reject, within a bound of memory."""

import json
import subprocess
import sys

import polars as pl
import pytest

CHILD = """
import json, resource, sys
from pathlib import Path
from engine.data.formats import ReadOptions
from engine.data.parsing.parse import parse
parsed = parse(Path(sys.argv[1]), ReadOptions(), Path(sys.argv[2]))
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps({"rows": parsed.rows, "rejected": parsed.rejected, "blank": parsed.blank_lines, "memory": used}))
"""


def damaged(lines):
    """Return CSV text of `lines` data lines, of which one in a hundred is damaged in one of five ways."""
    number = pl.int_range(lines, eager=True)
    frame = pl.DataFrame({"n": number, "kind": number.hash(seed=7) % 500})
    name = pl.format("name {}", pl.col("n") % 9973)
    plain = pl.format('{},{},{}.5,2024-01-05,"a, quoted",true', "n", name, pl.col("n") % 1000)
    line = (
        pl.when(pl.col("kind") == 0).then(plain + ",extra")
        .when(pl.col("kind") == 1).then(pl.format("{},short", "n"))
        .when(pl.col("kind") == 2).then(pl.format('{},"open,1.5,2024-01-05,x,true', "n"))
        .when(pl.col("kind") == 3).then(pl.format("{},{},abc,2024-01-05,x,true", "n", name))
        .when(pl.col("kind") == 4).then(pl.lit(""))
        .otherwise(plain)
    )  # fmt: skip
    return "id,name,amount,day,note,flag\n" + "\n".join(frame.select(line).to_series()) + "\n"


@pytest.mark.parametrize("lines", [100_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_rows_rejects_and_blanks_add_up_and_memory_is_bounded(written, tmp_path, lines):
    (tmp_path / "out").mkdir()
    command = [sys.executable, "-c", CHILD, str(written(damaged(lines))), str(tmp_path / "out")]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert found["rows"] + found["rejected"] + found["blank"] == lines
    assert lines * 0.006 < found["rejected"] < lines * 0.010
    assert found["memory"] < 1 << 30
    rejects = pl.read_parquet(tmp_path / "out" / "rejects.parquet")
    assert rejects["line"].n_unique() == found["rejected"]
