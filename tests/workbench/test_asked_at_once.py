"""One gesture asked many times at once has one effect, and all who asked get the same answer."""

import threading
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.datasets import DatasetStore
from engine.records import Records
from tests.pages.conftest import SAMPLES

AT_ONCE = 4
PIPELINE = "name: small\nnodes:\n  read: {operator: read_dataset, with: {dataset: churn}}\n"


@pytest.fixture
def bench(models_bench, monkeypatch):
    """A workbench with a dataset, a run and its model, a pipeline and a service; no engine runs."""
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    if "asked" not in {one["name"] for one in models_bench.pipelines.list()}:
        models_bench.pipelines.create("asked", PIPELINE)
        models_bench.services.deploy("churn", name="asked", version=1)
    return models_bench


def add(bench, key):
    return bench.datasets.add("asked", SAMPLES / "churn.csv", key=key)


def put(bench, key):
    return bench.datasets.put("asked", pl.DataFrame({"a": [1]}), key=key)


def add_several(bench, key):
    return bench.datasets.add_several("asked", [{"file": SAMPLES / "churn.csv", "label": "churn"}] * 2, key=key)


def register(bench, key):
    run = bench.models.card("churn", 1)["run"]
    return bench.models.register(run, "fit", name="asked", key=key).document()


def compare(bench, key):
    return bench.monitor.checked("asked", SAMPLES / "churn.csv", key=key)["at"]


def begin(bench, key):
    return bench.jobs.begin("sample", {"name": "x"}, subject="asked", key=key)


def run(bench, key):
    return bench.run(PIPELINE, key=key).id


def run_draft(bench, key):
    return bench.pipelines.run("asked", key=key).id


def deploy(bench, key):
    """No key: a wish that stands already is not wished again."""
    return [one["version"] for one in bench.services.deploy("churn", name=f"s{key}", version=1).document()["history"]]


def versions(bench):
    known = {one["name"] for one in bench.datasets.list()}
    return len(bench.datasets.versions("asked")) if "asked" in known else 0


def jobs(bench):
    return len(bench.jobs.list(subject="asked"))


def models(bench):
    return len([one for one in bench.models.list() if one["name"] == "asked"])


def grants(bench):
    return len(bench.models.history("asked"))


GESTURES = {
    "add": (add, versions),
    "put": (put, versions),
    "add_several": (add_several, versions),
    "register": (register, models),
    "register_once_told": (register, grants),
    "compare": (compare, lambda bench: len(bench.monitor.history("asked"))),
    "begin": (begin, jobs),
    "run": (run, lambda bench: len(bench.runs.list(1000))),
    "run_draft": (run_draft, lambda bench: len(bench.runs.list(1000))),
    "deploy": (deploy, lambda bench: len(bench.services.list())),
}


def at_once(ask):
    """Return the answers of `AT_ONCE` threads that ask together."""
    bar = threading.Barrier(AT_ONCE)

    def together(_):
        bar.wait()
        return ask()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(together, range(AT_ONCE)))


@pytest.mark.parametrize("gesture", GESTURES)
def test_a_key_asked_at_once_has_one_effect_and_equal_answers(bench, gesture):
    ask, count = GESTURES[gesture]
    before = count(bench)
    answers = at_once(lambda: ask(bench, gesture))
    assert answers == answers[:1] * AT_ONCE
    assert count(bench) == before + 1
    assert ask(bench, gesture) == answers[0]  # nor does asking later make another one
    assert count(bench) == before + 1


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=1, max_size=8))
def test_there_are_as_many_versions_as_names_and_keys_however_they_are_asked(tmp_path_factory, asked):
    from engine.config import Workspace

    workspace = Workspace.at(tmp_path_factory.mktemp("asked"))
    store = DatasetStore(workspace, Records.open(workspace))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda one: store.put(one[0], pl.DataFrame({"a": [1]}), key=one[1]).version, asked))
    made = dict(zip(asked, found, strict=True))
    assert [made[one] for one in asked] == found
    for name in {name for name, _ in asked}:
        expected = {key for other, key in asked if other == name}
        assert len(store.versions(name)) == len(expected)
