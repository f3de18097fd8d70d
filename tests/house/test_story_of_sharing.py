"""The story of shares happens as it is told."""

import pytest

from engine import Workbench
from tests.house.story_of_sharing import tell_story

pytestmark = [pytest.mark.ray, pytest.mark.slow]


@pytest.mark.timeout(600)
def test_it_happens(tmp_path, monkeypatch):
    monkeypatch.setenv("TANDEM_GPUS", "2")
    bench = Workbench.open(tmp_path / "workspace")
    try:
        seen = tell_story(bench)
    finally:
        bench.engine.stop()
    made = [(what, run) for what, run, _ in seen["decisions"]]
    low = [what for what, run in made if run == seen["low"]]
    assert low[-3:] == ["start", "pause", "start"]
    assert made.index(("pause", seen["low"])) < made.index(("start", seen["high"]))
    assert ("start", seen["stress"], "alone") in seen["decisions"]
    assert made.index(("start", seen["stress"])) < made.index(("start", seen["beside"]))
    assert seen["waits"]
