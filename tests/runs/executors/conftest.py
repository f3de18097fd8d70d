"""Executors whose work is a stand-in."""

import pytest

from engine.runs import inline_executor
from engine.runs.inline_executor import InlineExecutor
from engine.runs.orders import WorkOrder
from tests.runs import standin


@pytest.fixture
def workspace(tmp_path):
    """Where the stand-in notes which process works on which attempt."""
    return tmp_path


@pytest.fixture
def on_ray(ray_ground):
    """An executor on the session's Ray."""
    from ray import cloudpickle

    from engine.runs.ray_executor import RayExecutor

    cloudpickle.register_pickle_by_value(standin)  # workers cannot import tests
    executor = RayExecutor(ray_ground, work=standin.work)
    yield executor
    executor.close()


@pytest.fixture
def inline(monkeypatch):
    """An executor in this process."""
    monkeypatch.setattr(inline_executor, "run_stage", standin.work)
    executor = InlineExecutor()
    yield executor
    executor.close()


@pytest.fixture(params=["inline", pytest.param("on_ray", marks=pytest.mark.ray)])
def executor(request):
    """Every executor there is: a test that takes `executor` runs on each."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def order(workspace):
    """Return an order whose stand-in work does as told."""

    def make(token="t1", resources=None, environment="train", **asked):
        return WorkOrder(
            workspace=str(workspace), records_url="", run="r1", stage=f"stage-{token}", nodes=(f"stage-{token}",),
            pipeline=asked, attempt=1, token=token, environment=environment, resources=resources or {},
        )  # fmt: skip

    return make
