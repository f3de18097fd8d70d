"""R1: kill -9 of the engine anywhere; the next one goes on, and what was finished is not done again."""

import random
from collections import Counter
from functools import partial

import pytest

from tests.host.conftest import Bench, wait_for
from tests.runs.scripted import chain

FAN = chain("age + 1", "age + 2", "age + 3")
for _number in range(4, 12):
    _name, _before = f"step{_number}", f"step{_number % 3 + 1}"
    FAN = FAN.add(_name, "formula_column", pin=True, table=_before)
    FAN = FAN.set(_name, name=f"column{_number}", expression=f"age * {_number}")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Content hash of every output of a run that nothing disturbed."""
    bench = Bench(tmp_path_factory.mktemp("undisturbed") / "workspace", "--executor", "inline")
    document = bench.ended(bench.ask(FAN))
    bench.engine.stop()
    assert len(document["nodes"]) == 12
    return hashes(document)


def hashes(document):
    return {name: node["outputs"]["table"]["hash"] for name, node in document["nodes"].items()}


def check_a_kill(bench, undisturbed, dice):
    """Kill the engine once the ledger has some random length, and look at what the next one makes of it."""
    bench.engine.start()
    run, length = bench.ask(FAN), dice.randint(1, 24)
    wait_for(lambda: len(bench.events(run)) >= length)
    bench.kill()
    before = bench.events(run)
    document = bench.ended(run)
    done = {event.node for event in before if event.kind == "succeeded"}
    again = {event.node for event in bench.events(run, after=before[-1].seq) if event.kind == "started"}
    assert document["status"] == "succeeded"
    assert not done & again, "a finished node was done again"
    assert hashes(document) == undisturbed
    succeeded = Counter(event.node for event in bench.events(run) if event.kind == "succeeded")
    assert succeeded == dict.fromkeys(FAN.nodes, 1)


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_engine_is_followed_by_one_that_goes_on(bench, undisturbed, seed):
    check_a_kill(bench, undisturbed, random.Random(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 53))
def test_an_engine_may_be_killed_at_fifty_points(bench, undisturbed, seed):
    check_a_kill(bench, undisturbed, random.Random(seed))


def went_on(bench, run, length):
    return len(bench.events(run)) > length + 3 or bench.document(run)["status"] == "succeeded"


def test_an_engine_that_is_killed_again_and_again_still_gets_there(bench, undisturbed):
    run = bench.ask(FAN)
    for _ in range(3):
        bench.engine.start()
        wait_for(partial(went_on, bench, run, len(bench.events(run))))
        bench.kill()
    assert hashes(bench.ended(run)) == undisturbed
