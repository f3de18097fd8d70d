"""A whole import of a workbook, measured in its process: bombs and a million cells stay within a bound of memory."""

import json
import subprocess
import sys
import zipfile

import pytest
import xlsxwriter

from engine.data import wide
from engine.data.formats import ReadOptions
from engine.data.parsing.workbook import read_workbook

MOST = 500 * 10**6  # bytes
IMPORT = """
import json, resource, sys
from pathlib import Path
from engine.data.formats import ReadOptions
from engine.data.parsing.parse import parse
from engine.errors import UnreadableFileError
try:
    told = parse(Path(sys.argv[1]), ReadOptions(), Path(sys.argv[2])).rows
except UnreadableFileError as error:
    told = str(error)
print(json.dumps({"told": told, "memory": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024}))
"""


def imported(path, folder):
    """Import a workbook in a fresh process: its rows or why it was refused, and the most memory that its parser had."""
    folder.mkdir()
    command = [sys.executable, "-c", IMPORT, str(path), str(folder)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def of_rows(path, rows, columns=10):
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, [f"c{place}" for place in range(columns)])
        for number in range(1, rows + 1):
            sheet.write_row(number, 0, [number * 7.5 if place % 2 else f"n {number}" for place in range(columns)])
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_bomb_takes_no_memory(tmp_path, part):
    path = of_rows(tmp_path / "bomb.xlsx", 3)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(part, "w") as file:
        for _ in range(10):
            file.write(b" " * 10**7)
    found = imported(path, tmp_path / "out")
    assert "would expand to" in found["told"]
    assert found["memory"] < MOST


@pytest.mark.slow
def test_a_million_cells_are_imported_within_the_bound(tmp_path):
    found = imported(of_rows(tmp_path / "large.xlsx", 100_000), tmp_path / "out")
    assert found["told"] == 100_000
    assert found["memory"] < MOST


def test_what_a_row_may_hold_is_found_out_once(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(wide, "Settings", lambda: asked.append(1) or type("Settings", (), {"max_columns": 100}))
    read_workbook(of_rows(tmp_path / "rows.xlsx", 200), ReadOptions(), tmp_path)
    assert len(asked) == 1
