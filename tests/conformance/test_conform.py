"""`tandem conformance` on a Ray of its own: everything that this machine can show holds."""

import json

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from engine.conformance import compute, cores, memory, shares
from engine.conformance.stage import PARTITIONED, Stage
from resources.connection import disconnect

pytestmark = pytest.mark.ray


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    disconnect()
    with Stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage
    disconnect()


LONG = [memory.memory_by_share, compute.turns_by_share]


@pytest.mark.parametrize(
    "check", [*shares.CHECKS, compute.shrinking_share, *(pytest.param(check, marks=pytest.mark.slow) for check in LONG)]
)
def test_it_holds_here(stage, check):
    found = check(stage)
    assert found.held, found.message


@pytest.fixture
def divided(tmp_path):
    disconnect()
    with Stage(tmp_path, PARTITIONED) as stage:
        yield stage
    disconnect()


@pytest.mark.slow
@pytest.mark.skipif(cores.why_not() is not None, reason="one core cannot be divided")
def test_processes_of_its_own_stay_on_the_cores_of_the_environment(divided):
    found = cores.own_cores(divided)
    assert found.held, found.message


@pytest.mark.slow
def test_the_command_answers_with_one_document(tmp_path):
    disconnect()
    done = CliRunner().invoke(app, ["conformance", "--json"], env={"TANDEM_WORKSPACE": str(tmp_path / "w")})
    document = json.loads(done.stdout)
    assert document["passed"]
    assert done.exit_code == 0
    keys = {"name", "level", "mechanism", "asked", "tried", "held", "message"}
    assert all(check.keys() == keys for check in document["checks"])
    assert all("Ray" not in check["message"] for check in document["checks"])
