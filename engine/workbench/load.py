"""How much of an environment will be taken in the hours to come, by what was taken before: for admission."""

import math
import time
import warnings
from collections.abc import Sequence
from typing import Any

from engine.records import Records, usage
from engine.records.usage import UsageRow
from engine.runs.queue_notes import KEPT_S
from resources.environments import EnvironmentSpec
from resources.shares import Amount

HOUR_S = 3600.0
AHEAD = 24
"""Hours that are forecast."""
DAY, DAYS = 24, 2
"""Hours of a season, and how many seasons must have been seen for a daily pattern to be believed."""
SHORT = 3
"""Hours below which what is taken now is expected to stay."""
UNITS = ("cpu", "gpu", "memory")


def load(
    records: Records, spec: EnvironmentSpec, wanted: Amount | None = None, now: float | None = None
) -> dict[str, Any]:
    """Return what of an environment is expected to be taken in the next 24 hours.

    With two days of history the forecast is Holt and Winters' exponential smoothing with a daily season, with three
    hours simple exponential smoothing, both of statsmodels; with less, what is taken now stays.

    Args:
        records: Of the workspace; hold the history of seven days.
        spec: The environment.
        wanted: What is to find room there; nothing when None.
        now: Seconds since 1970; the present when None.

    Returns:
        `{"environment", "method", "now": {"cpu", "gpu", "memory"}, "hours": [{"at", "cpu", "gpu", "memory"}],
        "room_at"}`: parts of the quota from 0 to 1, by hour from now on. `method` is `daily`, `level` or `last`;
        `room_at` is when what is wanted is first expected to find room: now, the beginning of an hour, or None.
    """
    moment = time.time() if now is None else now
    with records.read() as connection:
        rows = [row for row in usage.since(connection, moment - KEPT_S) if row.environment == spec.name]
    quota = {unit: getattr(spec.quota, unit) for unit in UNITS}
    latest = {unit: _part(getattr(rows[-1], unit), quota[unit]) if rows else 0.0 for unit in UNITS}
    past = {unit: _hourly(rows, unit, quota[unit], moment) for unit in UNITS}
    length = len(past["cpu"])
    method = "daily" if length >= DAY * DAYS else "level" if length >= SHORT else "last"
    ahead = {
        unit: _ahead(past[unit], method) if quota[unit] and method != "last" else [latest[unit]] * AHEAD
        for unit in UNITS
    }
    hours = [{"at": moment + at * HOUR_S, **{unit: round(ahead[unit][at], 4) for unit in UNITS}} for at in range(AHEAD)]
    return {
        "environment": spec.name,
        "method": method,
        "now": latest,
        "hours": hours,
        "room_at": _room(wanted or Amount(), quota, latest, hours, moment),
    }


def _part(taken: float, quota: int) -> float:
    return min(1.0, taken / quota) if quota else 0.0


def _hourly(rows: Sequence[UsageRow], unit: str, quota: int, now: float) -> list[float]:
    """Return the mean part of a quota that was taken in each whole hour until now, the oldest first.

    A row holds until the next one.
    """
    if not rows:
        return []
    begin = rows[0].at
    count = int((now - begin) // HOUR_S)
    first = now - count * HOUR_S
    sums = [0.0] * count
    ends = [*(row.at for row in rows[1:]), now]
    for row, end in zip(rows, ends, strict=True):
        at = max(row.at, first)
        while at < end:
            hour = min(count - 1, int((at - first) // HOUR_S))
            if hour < 0:
                break
            until = min(end, first + (hour + 1) * HOUR_S)
            if until <= at:  # rounding at the end of the last hour
                break
            sums[hour] += (until - at) * _part(getattr(row, unit), quota)
            at = until
    return [total / HOUR_S for total in sums]


def _ahead(past: Sequence[float], method: str) -> list[float]:
    """Return the parts of the hours to come, each from 0 to 1."""
    if max(past) == min(past):
        return [past[-1]] * AHEAD
    from statsmodels.tsa.holtwinters import ExponentialSmoothing, SimpleExpSmoothing

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that is not the very best is good enough
        if method == "daily":
            model = ExponentialSmoothing(
                past, seasonal="add", seasonal_periods=DAY, initialization_method="estimated"
            ).fit()
        else:
            model = SimpleExpSmoothing(past, initialization_method="estimated").fit()
    return [min(1.0, max(0.0, float(value))) if math.isfinite(value) else past[-1] for value in model.forecast(AHEAD)]


def _room(
    wanted: Amount, quota: dict[str, int], latest: dict[str, float], hours: Sequence[dict[str, float]], now: float
) -> float | None:
    """Return when there is room for what is wanted: now if there is, else the first hour in which it is expected."""

    def fits(taken: dict[str, float]) -> bool:
        return all(taken[unit] * quota[unit] + getattr(wanted, unit) <= quota[unit] for unit in UNITS)

    if fits(latest):
        return now
    return next((hour["at"] for hour in hours[1:] if fits(hour)), None)
