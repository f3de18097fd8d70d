"""The Python of the README runs as it is written."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def block(language):
    """Return the README's only block of a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return found


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of its own for `~`, and the checkout as the working folder; the engine is stopped at the end."""
    from engine import Workbench

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TANDEM_GPUS", "1")
    monkeypatch.delenv("TANDEM_RECORDS_URL", raising=False)
    monkeypatch.chdir(ROOT)
    yield tmp_path
    Workbench.open("~/churn").engine.stop()


@pytest.mark.ray
def test_the_ten_lines_run(home):
    made = {}
    exec(compile(block("python"), "README.md", "exec"), made)
    assert made["run"].metrics["score"]["roc_auc"] > 0.8
    assert made["service"].document()["status"] == "healthy"
    answer = made["service"].predict([{"age": 41, "plan": "pro"}])
    assert answer["predictions"][0]["prediction"] in {"yes", "no"}
    assert made["bench"].monitor.history("churn")


def test_the_file_is_the_pipeline_of_the_ten_lines():
    from engine import Pipeline

    lines = block("python").split("churn = (\n")[1].split("\n)\n")[0]
    made = {}
    exec(block("python").split("\nbench = ")[0], made)
    built = eval(f"({lines})", made)
    written = Pipeline.from_text(block("yaml"))
    assert written.document() == built.document()
