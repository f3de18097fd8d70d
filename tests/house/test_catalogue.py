"""The rooms' pages and the catalogue agree with what is there."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import engine
from app.cli.main import app

ROOT = Path(__file__).parents[2]
LISTED = json.loads(CliRunner().invoke(app, ["operators", "list", "--json"]).stdout)


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry["name"])
def test_every_entry_of_the_list_says_what_scripts_rely_on(entry):
    keys = {"name", "version", "title", "category", "online", "engines", "inputs", "outputs", "source", "status"}
    assert keys <= entry.keys()
    assert set(entry["titles"]) >= {"en", "zh"}
    assert entry["outputs"]


def test_what_the_engine_exports_is_there():
    assert all(getattr(engine, name) for name in engine.__all__)


def test_the_engine_has_no_public_names_but_those_it_exports():
    parts = {path.stem for path in (ROOT / "engine").iterdir()}
    public = {name for name in vars(engine) if not name.startswith("_")} - parts
    assert public <= {*engine.__all__, "Any", "TYPE_CHECKING"}


@pytest.mark.parametrize("room", ["engine", "operators", "resources"])
def test_every_inner_room_has_a_page(room):
    assert (ROOT / room / "README.md").read_text().startswith("# ")
