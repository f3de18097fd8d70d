"""Secrets that are in the environment or in a setting are written nowhere and shown to nobody."""

import contextlib
import json
import secrets

import psutil
import pytest

from engine import Workbench
from tests.pages.conftest import SAMPLES, drive, work

PIPELINE = """
name: seeded
nodes:
  read: {operator: read_dataset, with: {dataset: churn}}
  script: {operator: python_script, with: {code: "import os\\ndef run(table):\\n    print(dict(os.environ))\\n    return table"}, from: {table: read}}
  bad: {operator: python_script, with: {code: "import os\\ndef run(table):\\n    raise ValueError(dict(os.environ))"}, from: {table: read}}
"""  # noqa: E501
NAMES = [
    "AWS_SECRET_ACCESS_KEY", "DATABASE_PASSWORD", "GITHUB_TOKEN", "MLFLOW_TRACKING_PASSWORD", "OPENAI_API_KEY",
    "RAY_AUTH_TOKEN_OTHER", "SSH_KEY", "TANDEM_SECRET", "PGPASSWORD",
]  # fmt: skip


@pytest.fixture
def seeded(monkeypatch):
    """Ten secrets: nine in the environment, and the key of the workspace."""
    found = {name: secrets.token_hex(16) for name in NAMES}
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    return found


def command_lines():
    """Those of this process and of all that it has started and that have not ended."""
    lines = []
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            lines.append(" ".join(process.cmdline()).encode())
    return lines


def test_ten_secrets_are_found_nowhere(seeded, tmp_path):
    bench = Workbench.open(tmp_path / "workspace")
    bench.datasets.add("churn", SAMPLES / "churn.csv")
    run = bench.run(PIPELINE)
    drive(bench.workspace.root)
    job = bench.jobs.begin("query", {"sql": "SELECT getenv('GITHUB_TOKEN') FROM churn"})
    work(bench.workspace.root)
    assert bench.runs.show(run.id)["nodes"]["script"]["status"] == "done"
    assert "ValueError" in json.dumps(bench.runs.show(run.id)["nodes"]["bad"])
    key = bench.workspace.key
    told = json.dumps(
        [bench.diagnostics(), bench.doctor(), bench.runs.show(run.id), bench.jobs.show(job)], default=str
    ).encode()
    shown = command_lines()
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "secret.key"]
    assert len(files) > 5
    hidden = [*(value.encode() for value in seeded.values()), key, key.hex().encode()]
    for place in [told, *shown, *(path.read_bytes() for path in files)]:
        assert not [secret for secret in hidden if secret in place]
