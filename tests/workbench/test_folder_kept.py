"""A run of a pipeline file can be asked for once more: the folder of the file is kept with the run."""

import pytest

from engine import Pipeline, Workbench
from engine.records import runs
from engine.workbench.pipelines import PipelineProblemsError
from operators.registry import BUILTIN
from tests.pages.conftest import SAMPLES


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A workbench without an engine, whose user has a home without data."""
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Workbench.open(tmp_path / "workspace")


@pytest.fixture
def from_file(tmp_path):
    """A pipeline of a file beside the table that it reads."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "people.csv").write_text("age\n30\n")
    reads = Pipeline("beside").add("read", BUILTIN.build("read_csv", {"path": str(tmp_path / "work" / "people.csv")}))
    (tmp_path / "work" / "beside.yaml").write_text(reads.to_yaml())
    return Pipeline.from_file(tmp_path / "work" / "beside.yaml")


def test_a_run_of_a_file_is_asked_for_again_with_its_folder(bench, from_file):
    first = bench.run(from_file).id
    again = bench.run(bench.runs.pipeline(first)).id
    assert bench.runs.pipeline(again).folder == from_file.folder


def test_no_option_opens_a_folder(bench, from_file):
    with pytest.raises(PipelineProblemsError, match="may not read"):
        bench.run(from_file.document(), options={"folder": str(from_file.folder)})
    sample = Pipeline("sample").add("read", BUILTIN.build("read_csv", {"path": str(SAMPLES / "churn.csv")}))
    plain = bench.run(sample, options={"folder": "/", "priority": 1}).id
    assert bench.runs.pipeline(plain).folder is None
    with bench._records.read() as connection:
        assert runs.get(connection, plain).options == {"priority": 1}
