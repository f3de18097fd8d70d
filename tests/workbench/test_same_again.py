"""The same data, pipeline and seed give the same figures in another workspace and another process."""

import json
import subprocess
import sys

import pytest

from tests.pages.conftest import ROOT

RUN = """
import json, sys
from engine import Workbench
from tests.pages.conftest import ROOT, SAMPLES, drive
Workbench.__init__.__globals__["EngineDesk"].ensure = lambda desk: None
bench = Workbench.open(sys.argv[1])
bench.datasets.add("churn", SAMPLES / "churn.csv")
text = (ROOT / "app" / "templates" / "churn.yaml").read_text("utf-8")
run = bench.run(text)
drive(bench.workspace.root)
document = bench.runs.show(run.id)
outputs = {f"{n}.{p}": ref["hash"] for n, node in document["nodes"].items() for p, ref in node["outputs"].items()
           if ref["kind"] == "Table"}
print(json.dumps([run.metrics, outputs]))
"""


def made_in(folder):
    """Return figures and hashes of tables of a run in a new process and workspace."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUN, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_figures_and_tables_of_a_fresh_process_are_the_same(tmp_path):
    """A5: figures to 1e-9, tables byte for byte."""
    (first, tables), (second, again) = made_in(tmp_path / "one"), made_in(tmp_path / "two")
    figures = {(node, name): value for node, found in first.items() for name, value in found.items()}
    others = {(node, name): value for node, found in second.items() for name, value in found.items()}
    assert figures.keys() == others.keys()
    numbers = {key: value for key, value in figures.items() if isinstance(value, float)}
    assert len(numbers) > 2
    assert {key: others[key] for key in numbers} == pytest.approx(numbers, rel=1e-9, abs=1e-9)
    assert {key: others[key] for key in figures.keys() - numbers} == {k: figures[k] for k in figures.keys() - numbers}
    assert len(tables) > 2
    assert again == tables
