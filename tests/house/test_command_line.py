"""The command line before any engine runs: help, errors, exit statuses, speed of starting."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.cli.commands import command, new_group, root_options
from app.cli.errors import WorkFailedError
from app.cli.main import app
from app.cli.session import finite
from engine.errors import StoreError

TANDEM = Path(sys.executable).parent / "tandem"
COMMANDS = [
    "up", "down", "demo", "check", "run", "preview", "deploy", "predict", "monitor", "resources", "doctor",
    "data add", "data list", "data show", "data profile", "data query", "operators list", "operators show",
    "simulate", "runs list", "runs show", "runs resume", "runs cancel", "runs why", "models list", "models show",
    "models register", "models promote", "services list",
    "data delete", "runs delete", "models delete", "services delete", "pipelines list", "pipelines delete",
    "reports list", "reports delete", "captures list", "captures delete", "undo", "deleted", "clean",
    "backup", "restore",
    "accounts", "conformance", "devices list", "devices drain", "devices return",
    "environments list", "environments show", "environments set", "environments history", "environments load",
]  # fmt: skip
HEAVY = ["ray", "mlflow", "sklearn", "streamlit", "polars", "pandas", "duckdb", "sqlalchemy", "pyspark", "optuna"]


@pytest.fixture
def tandem(tmp_path):
    """Call the command line in this process, on a workspace of its own."""
    runner = CliRunner()
    return lambda *words: runner.invoke(app, [*words], env={"TANDEM_WORKSPACE": str(tmp_path / "w")})


@pytest.fixture
def failing():
    """Call a command that raises what it is given, in a line of its own."""

    def call(error, *options):
        root = new_group("For a test.")
        root_options(root)

        def fail(session):
            raise error

        command(root, "fail")(fail)
        command(root, "other")(lambda session: None)
        return CliRunner().invoke(root, ["fail", *options])

    return call


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_takes_the_common_options(tandem, name):
    shown = tandem(*name.split(), "--help")
    assert shown.exit_code == 0
    assert all(option in shown.stdout for option in ("--workspace", "--json", "--debug"))


def test_there_are_no_other_commands_than_the_ones_tested():
    root = typer.main.get_command(app)
    found = {
        name if not hasattr(entry, "commands") else f"{name} {below}"
        for name, entry in root.commands.items()
        for below in getattr(entry, "commands", {"": None})
    }
    assert found == {*COMMANDS, "services stop"}


@pytest.mark.parametrize("words", [["bogus"], ["run"], ["data", "add", "only-a-name"], ["demo", "--bogus"]])
def test_wrong_usage_is_exit_status_two_and_nothing_on_stdout(tandem, words):
    result = tandem(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr


def test_an_error_of_the_engine_is_one_sentence_and_a_hint(failing):
    result = failing(StoreError("The run failed.", hint="Look at its log."))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: The run failed.\nHint: Look at its log.\n"


def test_work_that_failed_has_exit_status_one_and_says_no_more(failing):
    result = failing(WorkFailedError())
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")


def test_an_unexpected_error_shows_no_traceback(failing):
    result = failing(ZeroDivisionError("division by zero\nsecond line"))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Something unexpected happened: ZeroDivisionError: division by zero\n")
    assert "Traceback" not in result.stderr


def test_debug_lets_the_error_through(failing):
    assert isinstance(failing(ZeroDivisionError("x"), "--debug").exception, ZeroDivisionError)


def test_an_interruption_has_the_status_of_one(failing):
    assert failing(KeyboardInterrupt()).exit_code == 130


@pytest.mark.parametrize(
    "words", [["--json", "operators", "list"], ["operators", "--json"], ["operators", "list", "--json"]]
)
def test_json_is_one_document_wherever_the_option_stands(tandem, words):
    result = tandem(*words)
    assert result.exit_code == 0
    assert {"name", "version", "title", "category"} <= set(json.loads(result.stdout)[0])


def test_what_json_cannot_say_becomes_null():
    assert finite({"a": [float("nan"), (float("inf"), 1.5)], 2: "b"}) == {"a": [None, [None, 1.5]], "2": "b"}


def test_an_operator_shows_its_parameters_as_a_schema(tandem):
    shown = json.loads(tandem("operators", "show", "read_dataset", "--json").stdout)
    assert shown["schema"]["properties"]["dataset"]["description"]
    assert shown["outputs"] == [{"name": "table", "type": "Table"}]
    assert shown["help"]


def test_an_unknown_operator_is_wrong_input(tandem):
    result = tandem("operators", "show", "read_datasets")
    assert result.exit_code == 2
    assert "read_dataset" in result.stderr


def test_help_does_not_wait_for_heavy_libraries():
    code = f"import sys, app.cli; print([name for name in {HEAVY} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


def test_the_installed_command_answers():
    shown = subprocess.run([TANDEM, "--help"], capture_output=True, text=True, check=True)
    assert "Usage: tandem" in shown.stdout


def test_the_installed_command_shows_no_traceback():
    result = subprocess.run([TANDEM, "operators", "show", "bogus"], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


REFUSED = [("data", "add", "people"), ("runs", "cancel", "r1"), ("models", "promote", "m", "1")]


@pytest.mark.parametrize("words", REFUSED)
def test_read_only_a_command_that_writes_is_refused_with_a_sentence(tandem, tmp_path, monkeypatch, words):
    file = tmp_path / "people.csv"
    file.write_text("a\n1\n")
    assert tandem("data", "list").exit_code == 0
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    refused = tandem(*words, *([str(file)] if words[0] == "data" else []))
    assert refused.exit_code == 2
    assert "read-only" in refused.stderr
    assert tandem("data", "list").exit_code == 0
