"""A version is tried in a process of its own before it takes the place of another."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from engine.config import ConfigError, Workspace
from engine.errors import ServingError
from engine.serving import folder
from engine.serving.deployer import ServeDeployer
from engine.serving.replica import ReplicaOrder
from engine.serving.signature import signature_of
from engine.serving.trial import try_alone

ROOT = Path(__file__).parents[2]


@pytest.fixture
def order(churn, customers, tmp_path):
    """An order for the churn model, signed by the workspace."""
    workspace = Workspace.at(tmp_path / "workspace")
    folder.save(churn, tmp_path / "slice", workspace.key)
    signature = signature_of(churn, customers).model_dump(mode="json")
    return ReplicaOrder(str(workspace.root), "churn", "churn", "1", str(tmp_path / "slice"), signature)


def test_a_version_that_answers_passes(order):
    try_alone(order)


def test_a_version_that_was_changed_says_so(order, tmp_path):
    (tmp_path / "slice" / folder.DOCUMENT).write_text("{}")
    with pytest.raises(ServingError, match="is not what was stored"):
        try_alone(order)


def test_a_version_whose_signature_does_not_fit_says_so(order):
    wrong = {**order.signature, "inputs": order.signature["inputs"][:1]}
    with pytest.raises(ServingError, match="Row 0 has no column 'plan'"):
        try_alone(ReplicaOrder(**{**order.document(), "signature": wrong}))


def test_a_version_that_takes_too_long_is_ended(order):
    with pytest.raises(ServingError, match="did not start within 0"):
        try_alone(order, seconds=0.01)


TRIES = """
import json, sys
from engine.serving.replica import ReplicaOrder
from engine.serving.trial import try_alone
try_alone(ReplicaOrder(**json.load(sys.stdin)))
"""


def test_a_trial_ends_with_who_asked_for_it(order, tmp_path):
    (tmp_path / "workspace" / "secret.key").unlink()
    os.mkfifo(tmp_path / "workspace" / "secret.key", 0o600)  # who reads it waits for ever
    with subprocess.Popen([sys.executable, "-c", TRIES], stdin=subprocess.PIPE, cwd=ROOT) as asking:
        asking.stdin.write(json.dumps(order.document()).encode())
        asking.stdin.close()
        trial = next(iter(wait_until(lambda: psutil.Process(asking.pid).children())))
        assert wait_until(lambda: read_by_somebody(tmp_path / "workspace" / "secret.key"))
        asking.kill()
    assert wait_until(lambda: not trial.is_running() or trial.status() == psutil.STATUS_ZOMBIE)


def read_by_somebody(path):
    """Return whether somebody reads a named pipe; they then wait for what is never written."""
    try:
        os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return False
    return True


def wait_until(look):
    """Return what `look` returns, as soon as that is something."""
    until = time.monotonic() + 20
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def test_services_never_leave_loopback():
    with pytest.raises(ConfigError, match=r"0\.0\.0\.0 without authentication is refused"):
        ServeDeployer("0.0.0.0")


def test_serve_is_not_asked_without_a_ray(monkeypatch):
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    with pytest.raises(ServingError, match="not connected"):
        ServeDeployer().states()
