"""Workspaces whose models are trained without an engine."""

import shutil

import pytest

from engine import Workbench
from tests.pages.conftest import ROOT, SAMPLES, drive

SORTED = {
    "name": "people",
    "nodes": {
        "read": {"operator": "read_dataset", "with": {"dataset": "people"}},
        "sort": {"operator": "sort_rows", "with": {"by": ["age"]}, "from": {"table": "read"}},
    },
}
"""A pipeline of a dataset `people`, sorted by `age`."""


@pytest.fixture(scope="session")
def models_bench(tmp_path_factory):
    """A model with two versions, trained with two seeds of the split."""
    root = tmp_path_factory.mktemp("models") / "workspace"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
        bench = Workbench.open(root)
        bench.datasets.add("churn", SAMPLES / "churn.csv")
        text = (ROOT / "app" / "templates" / "churn.yaml").read_text("utf-8")
        for asked in (text, text.replace("seed: 7", "seed: 8")):
            run = bench.run(asked)
            drive(root)
            bench.models.register(run, "fit", name="churn")
    shutil.copytree(root, root.with_name("untouched"), ignore=shutil.ignore_patterns("*.lock"))
    return bench


@pytest.fixture
def models_copy(models_bench, tmp_path):
    """A copy of that workspace as it was made, whatever other tests have done in it."""
    shutil.copytree(models_bench.workspace.root.with_name("untouched"), tmp_path / "workspace")
    return Workbench.open(tmp_path / "workspace")


@pytest.fixture
def machine_of_four(tmp_path, monkeypatch):
    """A workbench on a machine with four CPUs and one logical GPU."""
    monkeypatch.setenv("TANDEM_GPUS", "1")
    monkeypatch.setenv("TANDEM_CPUS", "4")
    return Workbench.open(tmp_path / "workspace")
