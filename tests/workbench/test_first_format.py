"""A workspace, a pipeline, models and slices of the first format open and work: see `fixtures/first_format`."""

import json
import tarfile
from pathlib import Path

import pytest

from engine import Workbench
from engine.serving import folder
from engine.serving.values import rows_to_json
from engine.stores.models import ModelStore
from tests.pages.conftest import drive

FIXTURE = Path(__file__).parents[1] / "fixtures" / "first_format"
NOTED = json.loads((FIXTURE / "noted.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """The workspace, unpacked and opened; no engine starts."""
    root = tmp_path_factory.mktemp("first")
    with tarfile.open(FIXTURE / "workspace.tar.gz") as tar:
        tar.extractall(root, filter="data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
        yield Workbench.open(root / "workspace")


def slice_of(bench, name):
    return folder.load(ModelStore(bench.workspace).load(name), bench.workspace.key)


def test_its_records_are_brought_up_and_tell_of_the_run(bench):
    run = bench.runs.handle(NOTED["run"])
    assert run.status == "succeeded"
    assert run.metrics["score"] == NOTED["metrics"]
    assert {one["name"] for one in bench.models.list()} == set(NOTED["models"])


def test_outputs_of_its_run_are_read(bench):
    preview = bench.runs.preview(NOTED["run"], "answer", rows=12)
    assert {key: preview[key] for key in NOTED["preview"]} == NOTED["preview"]


@pytest.mark.parametrize("name", NOTED["models"])
def test_a_registered_model_gives_the_answers_that_it_gave(bench, name):
    noted = NOTED["models"][name]
    assert slice_of(bench, name).answer(noted["rows"]) == noted["answers"]


@pytest.mark.parametrize("name", NOTED["models"])
def test_a_slice_predicts_the_same_for_a_table(bench, name):
    noted, piece = NOTED["models"][name], slice_of(bench, name)
    answers = rows_to_json(piece.predict(piece.table_of(noted["rows"])))
    assert [row["prediction"] for row in answers] == [row["prediction"] for row in noted["answers"]]


def test_its_cards_say_that_defaults_are_unknown(bench):
    card = bench.models.card("forest", "1")
    assert (card["defaults"], card["resolved"]) == ("unknown", [])
    assert "limit_defaults" in {limit["code"] for limit in card["limits"]}


def test_a_model_that_its_run_kept_is_registered_again_with_the_same_answers(bench):
    version = bench.models.register(NOTED["run"], "forest", name="again")
    noted = NOTED["models"]["forest"]
    assert (version.replay["max_abs_difference"], version.defaults) == (0, "stored")
    assert slice_of(bench, "again").answer(noted["rows"]) == noted["answers"]


def test_its_pipeline_file_checks_and_runs(bench):
    text = (FIXTURE / "customers.yaml").read_text("utf-8")
    assert [problem for problem in bench.check(text)["problems"] if problem["severity"] == "error"] == []
    run = bench.run(text)
    drive(bench.workspace.root)
    assert run.status == "succeeded"
