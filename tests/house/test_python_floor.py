"""Older releases of Python may unpack tar archives out of their folder: ours never does it, and it is said."""

import re
from pathlib import Path

import pytest

from engine.workbench.doctor import _MENDED, _SENTENCES, _python

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("room", ["app", "engine", "operators", "pages", "resources"])
def test_nothing_unpacks_archives_into_folders(room):
    sources = {path: path.read_text("utf-8") for path in (ROOT / room).rglob("*.py")}
    found = [
        str(path) for path, text in sources.items() if re.search(r"(\.extract|\bextractall|\bunpack_archive)\(", text)
    ]
    assert sources
    assert found == []


def test_install_says_which_versions_are_mended():
    assert "3.11.13, 3.12.11 and 3.13.4 mend them" in MAKEFILE


def test_install_and_the_doctor_know_the_same_versions():
    compared = re.search(r"v < (\{.+\})\.get", MAKEFILE).group(1)
    assert compared == str({version[1]: version for version in _MENDED})


@pytest.mark.parametrize(
    ("version", "mended"),
    [
        ((3, 11, 7), "3.11.13"),
        ((3, 11, 12), "3.11.13"),
        ((3, 12, 10), "3.12.11"),
        ((3, 13, 3), "3.13.4"),
    ],
)
def test_the_doctor_notes_an_older_python_as_no_failure(version, mended):
    ok, code, values = _python(version)
    said = _SENTENCES[code].format(**values)
    assert (ok, code) == (True, "old_python")
    assert said.startswith(f"Python {'.'.join(map(str, version))} has known faults")
    assert f"{mended} mends them" in said


@pytest.mark.parametrize("version", [(3, 11, 13), (3, 11, 14), (3, 12, 11), (3, 13, 4), (3, 14, 0)])
def test_the_doctor_notes_no_fault_of_a_mended_python(version):
    assert _python(version)[:2] == (True, "python")
