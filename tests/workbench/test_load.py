"""What will be taken of an environment: a day is learned from days, a level from hours, and runs wait for room."""

import math
import time

import pytest

from engine import Workbench
from engine.errors import NotFoundError
from engine.records import Records, usage
from engine.records.usage import UsageRow
from engine.workbench.load import AHEAD, load
from resources.environments import EnvironmentSpec
from resources.shares import WHOLE, Amount, ResourceRequest
from tests.pages.conftest import SAMPLES

HOUR = 3600.0
NOW = 1_700_000_000.0
SPEC = EnvironmentSpec("train", "elastic", ResourceRequest(4 * WHOLE, 2 * WHOLE))


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    return Workbench.open(tmp_path / "workspace")


@pytest.fixture
def taken(bench):
    """Write what was taken of the CPUs of `train`, by hours before a moment."""
    records = Records.open(bench.workspace)

    def write(parts, now=NOW, quota=4 * WHOLE):
        rows = [
            UsageRow(now - hours * HOUR, "train", round(part * quota), 0, 0, 1, 0)
            for hours, part in sorted(parts)[::-1]
        ]
        with records.write() as connection:
            usage.note(connection, rows)
        return records

    return write


def day(hour):
    """Return what is taken at an hour: nearly all by day, nearly nothing by night."""
    return 0.5 + 0.45 * math.sin(2 * math.pi * hour / 24)


def test_without_history_nothing_is_expected(bench):
    told = load(Records.open(bench.workspace), SPEC, now=NOW)
    assert (told["method"], told["now"]["cpu"], len(told["hours"])) == ("last", 0.0, AHEAD)
    assert told["room_at"] == NOW


def test_a_day_is_learned_from_days_and_beats_what_is_taken_now(taken):
    records = taken([(hours, day(-hours)) for hours in range(5 * 24)])
    told = load(records, SPEC, now=NOW)
    assert told["method"] == "daily"
    error = [abs(hour["cpu"] - day(at + 0.5)) for at, hour in enumerate(told["hours"])]
    stays = [abs(told["now"]["cpu"] - day(at + 0.5)) for at in range(AHEAD)]
    assert sum(error) / len(error) < 0.1 < sum(stays) / len(stays)


def test_room_is_told_for_the_hour_that_has_it(taken):
    records = taken([(hours, day(6 - hours)) for hours in range(5 * 24)])  # the busiest hour of the day is now
    told = load(records, SPEC, Amount(cpu=2 * WHOLE), now=NOW)
    assert 4 * HOUR < told["room_at"] - NOW < 12 * HOUR
    assert load(records, SPEC, Amount(cpu=500), now=NOW)["room_at"] == NOW
    assert load(records, SPEC, Amount(cpu=9 * WHOLE), now=NOW)["room_at"] is None


def test_a_few_hours_give_a_level(taken):
    records = taken([(hours, 0.4 + 0.01 * (hours % 2)) for hours in range(10)])
    told = load(records, SPEC, now=NOW)
    assert told["method"] == "level"
    assert all(hour["cpu"] == pytest.approx(0.405, abs=0.03) for hour in told["hours"])
    assert all(hour["gpu"] == 0.0 for hour in told["hours"])


def test_what_was_taken_until_now_counts_by_its_time(taken):
    records = taken([(3.5, 1.0), (0.25, 0.0)])
    told = load(records, SPEC, now=NOW)
    assert told["method"] == "level"
    assert told["now"]["cpu"] == 0.0
    assert 0.5 < told["hours"][0]["cpu"] <= 1.0


def test_a_run_that_begins_later_says_when(bench, taken, monkeypatch):
    now = time.time()
    quota = bench.environments.show("train")["quota"]["cpu"]
    taken([(hours, day(6 - hours)) for hours in range(5 * 24)], now, quota)
    bench.datasets.add("churn", SAMPLES / "churn.csv")
    pipeline = "name: p\nnodes:\n  read: {operator: read_dataset, with: {dataset: churn}, resources: {cpu: %s}}\n"
    told = bench.load("train", pipeline % (quota / WHOLE / 2))
    assert told["room_at"] > now + HOUR
    bench.run(pipeline % 0.1, options={"not_before": told["room_at"]})
    bench.run(pipeline % 0.2)
    monkeypatch.setattr(
        "engine.workbench.engine.EngineDesk.status",
        lambda desk: {"running": True, "ready": True, "pid": 1, "started": 0.0, "starting": False},
    )
    reasons = [one["reason"] for one in bench.resources()["waiting"]]
    assert [one["code"] for one in reasons] == ["wait_taken", "wait_until"]
    assert time.strftime("%H:%M", time.localtime(told["room_at"])) in reasons[1]["values"]["at"]


def test_an_unknown_environment_is_said(bench):
    with pytest.raises(NotFoundError, match="trian"):
        bench.load("trian")
