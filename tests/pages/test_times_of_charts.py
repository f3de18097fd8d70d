"""Every time on every chart is by the clock of 24 hours, in the zone that is preferred."""

import datetime as dt
import json

import pytest

from app.machine import history
from app.previews import clock
from app.session import workbench
from engine.config import Workspace
from engine.records import Records, usage, waits
from engine.records.usage import UsageRow
from engine.records.waits import DecisionRow

AFTERNOON = dt.datetime(2026, 11, 28, 18, 45, tzinfo=dt.UTC).timestamp()
SCREENS = (
    ("resources", {}), ("monitoring", {}), ("services", {"service_view": "traffic"}), ("runs", {"run_view": "nodes"}),
    ("explore", {"dataset": "churn"}), ("models", {"model": "churn"}), ("home", {}),
)  # fmt: skip


def charts_of(app):
    """Return the specifications of the charts on a screen."""
    return [json.loads(one.proto.spec) for one in app.get("arrow_vega_lite_chart") + app.get("vega_lite_chart")]


def times_in(part):
    """Return every place of a specification where a time is drawn or told: its channel and its definition."""
    if isinstance(part, list):
        return [found for one in part for found in times_in(one)]
    if not isinstance(part, dict):
        return []
    own = [(name, one) for name, one in part.items() if isinstance(one, dict) and one.get("type") == "temporal"]
    told = [
        ("tooltip", one) for one in part.get("tooltip", ()) if isinstance(one, dict) and one.get("type") == "temporal"
    ]
    return own + told + [found for one in part.values() for found in times_in(one)]


def format_of(channel, definition):
    return str((definition.get("axis") or {}).get("format") if channel in ("x", "y") else definition.get("format"))


@pytest.fixture
def busy(full):
    """A workspace in which stages ran and a service was asked a minute ago."""
    records = Records.open(Workspace.at(full))
    now = dt.datetime.now(dt.UTC).timestamp()
    with records.write() as connection:
        usage.note(connection, [UsageRow(now - 60, "train", 5000, 0, 0, 1, 0)])
        what = DecisionRow(now - 60, "r1", "fit", "train", "start", (), "best_fit", "peak", "", 0.0)
        waits.decided(connection, [what])
    folder = workbench().workspace.captures / "churn"
    folder.mkdir(parents=True, exist_ok=True)
    seconds = [[int(now) - 30, 5, 0, 0, {"40": 5}]]
    document = {"version": "1", "pid": 1, "began": now, "seconds": seconds}
    (folder / "live-1-1.json").write_text(json.dumps(document))
    yield full
    (folder / "live-1-1.json").unlink()
    with records.write() as connection:
        usage.forget(connection, now)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_chart_shows_half_days(busy, screens, language):
    seen = []
    for page, query in SCREENS:
        for spec in charts_of(screens(page, language=language, **query)):
            seen += [(page, channel, format_of(channel, one)) for channel, one in times_in(spec)]
    assert {page for page, *_ in seen} >= {"resources", "monitoring", "services"}
    assert [one for one in seen if "%H" not in one[2]] == []


def test_an_evening_is_no_morning_in_the_zone_that_is_preferred(monkeypatch):
    row = {"environment": "train", "at": AFTERNOON, "cpu": 10_000}
    placement = {
        "device": "CPU",
        "environment": "train",
        "run": "r",
        "node": "n",
        "share": 0,
        "from": AFTERNOON,
        "to": None,
    }
    for zone, shown in ((dt.UTC, "18:45"), (dt.timezone(dt.timedelta(hours=9)), "03:45")):
        monkeypatch.setattr("app.previews.zone", lambda zone=zone: zone)
        [point, _] = history._steps([row], "cpu", {"train": {"cpu": 10_000}}, AFTERNOON)
        [bar] = history.bars([placement], AFTERNOON + 60)
        assert [value[11:16] for value in (clock(AFTERNOON), point["at"], bar["from"])] == [shown] * 3
