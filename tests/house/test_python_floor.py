"""Python before 3.11.13 may unpack tar archives out of their folder: ours never does it, and install says so."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("room", ["app", "engine", "operators", "pages", "resources"])
def test_nothing_unpacks_archives_into_folders(room):
    sources = {path: path.read_text("utf-8") for path in (ROOT / room).rglob("*.py")}
    found = [
        str(path) for path, text in sources.items() if re.search(r"(\.extract|\bextractall|\bunpack_archive)\(", text)
    ]
    assert sources
    assert found == []


def test_install_says_which_versions_are_mended():
    assert "3.11.13, 3.12.11 and 3.13.4 mend them" in (ROOT / "Makefile").read_text("utf-8")
