"""Preferences are kept, the environment overrides them, and each says where it comes from."""

import json

import pytest

from engine import Workbench
from engine.errors import ConfigError, ReadOnlyError
from engine.workbench.diagnostics import settings_told
from engine.workbench.preferences import Preferences


@pytest.fixture
def bench(tmp_path):
    return Workbench.open(tmp_path / "workspace")


def test_a_preference_is_its_default_until_it_is_kept(bench):
    assert bench.preferences.list()["seed"] == {"value": 0, "origin": "default", "default": 0, "options": None}
    bench.preferences.keep("seed", 7)
    assert bench.preferences.list()["seed"]["origin"] == "kept"
    assert Workbench.open(bench.workspace.root).preferences.values()["seed"] == 7
    bench.preferences.forget("seed")
    assert bench.preferences.list()["seed"]["origin"] == "default"


def test_the_environment_comes_before_what_is_kept(bench, monkeypatch):
    bench.preferences.keep("preview_rows", 50)
    monkeypatch.setenv("TANDEM_PREVIEW_ROWS", "20")
    assert bench.preferences.list()["preview_rows"]["value"] == 20
    assert bench.preferences.list()["preview_rows"]["origin"] == "environment"


def test_what_is_wrong_in_the_environment_does_not_count(bench, monkeypatch):
    bench.preferences.keep("engine", "duckdb")
    monkeypatch.setenv("TANDEM_ENGINE", "abacus")
    assert bench.preferences.list()["engine"]["value"] == "duckdb"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", -1),
        ("seed", "x"),
        ("preview_rows", 10**6),
        ("time_zone", "Mars/Base"),
        ("environment", "gone"),
        ("no", 1),
    ],
)
def test_a_wrong_preference_is_refused_and_nothing_changes(bench, name, value):
    before = bench.preferences.list()
    with pytest.raises(ConfigError) as caught:
        bench.preferences.keep(name, value)
    assert caught.value.hint
    assert bench.preferences.list() == before


def test_a_workspace_that_is_only_shown_keeps_nothing(bench, monkeypatch):
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    shown = Workbench.open(bench.workspace.root)
    with pytest.raises(ReadOnlyError):
        shown.preferences.keep("seed", 7)
    assert set(shown.preferences.values()) == set(Preferences.model_fields)


def test_diagnostics_are_json_without_passwords(bench, monkeypatch):
    settings = bench.settings.model_copy(update={"records_url": "postgresql://ann:hush@host/db"})
    told = {entry["name"]: entry["value"] for entry in settings_told(settings)}
    assert told["records_url"] == "postgresql://***@host/db"
    found = json.loads(json.dumps(bench.diagnostics(), default=str))
    assert {"made", "versions", "doctor", "settings", "preferences"} == set(found)
    assert "polars" in found["versions"]
