"""Hourly KPIs of twenty cells of a made-up mobile network, with three kinds of faults.

Load follows the hour and the weekday; each cell has its own size. Faults come in episodes of a few hours:
`interference` raises the noise floor and the drops, `sleeping` empties the cell, `overheating` throttles it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from data_samples.files import write_csv

COLUMNS = (
    "time", "cell", "band_mhz", "active_users", "throughput_mbps", "utilisation_percent", "dropped_percent",
    "handover_failures_percent", "noise_dbm", "cabinet_celsius", "fault_kind", "fault",
)  # fmt: skip
CELLS = 20
BANDS = (800, 1800, 2600)
KINDS = ("interference", "sleeping", "overheating")
FIRST_HOUR = datetime(2026, 3, 2)  # noqa: DTZ001 - local time of the network, a Monday
EPISODES_PER_HOUR = 0.012


def write(folder: Path) -> None:
    """Write traffic.csv (two weeks), traffic_fresh.csv and traffic_drifted.csv (the week after, each)."""
    write_csv(folder / "traffic.csv", COLUMNS, hours(0, 14, seed=21))
    write_csv(folder / "traffic_fresh.csv", COLUMNS, hours(14, 7, seed=22))
    write_csv(folder / "traffic_drifted.csv", COLUMNS, hours(14, 7, seed=23, drifted=True))


def hours(first_day: int, days: int, *, seed: int, drifted: bool = False) -> Iterator[list[Any]]:
    """Yield one row for every cell and hour of `days` days, cell by cell.

    In the drifted week a heat wave adds 11 degrees to the cabinets, a festival 60 % to the users, and the
    noise floor is 5 dB higher everywhere.
    """
    random = np.random.default_rng(seed)
    for cell in range(CELLS):
        kind, left = "", 0
        for hour in range(days * 24):
            when = FIRST_HOUR + timedelta(days=first_day, hours=hour)
            if not left and random.random() < EPISODES_PER_HOUR:
                kind, left = KINDS[int(random.integers(len(KINDS)))], int(random.integers(3, 10))
            active = kind if left else ""
            left = max(left - 1, 0)
            yield [
                when.isoformat(sep=" "), f"cell-{cell + 1:02d}", BANDS[cell % 3],
                *_kpis(random, cell, when, active, drifted=drifted),
                active or "none", "yes" if active else "no",
            ]  # fmt: skip


def _kpis(
    random: np.random.Generator, cell: int, when: datetime, fault: str, *, drifted: bool
) -> tuple[int, float, float, float, float, float, float]:
    """Return users, throughput, utilisation, drops, failed handovers, noise and temperature of one hour."""
    size = 60 + 9 * (cell * 7 % CELLS)
    users = size * _load(when) * float(random.lognormal(0, 0.18)) * (1.6 if drifted else 1.0)
    noise = -107 + float(random.normal(0, 1.5)) + (5 if drifted else 0)
    heat = 24 + 7 * _load(when) + float(random.normal(0, 2.5)) + (11 if drifted else 0)
    if fault == "sleeping":
        users *= float(random.uniform(0.02, 0.25))
    if fault == "interference":
        noise += float(random.uniform(2.5, 9))
    if fault == "overheating":
        heat += float(random.uniform(6, 18))
    capacity = (70, 140, 190)[cell % 3] * (0.55 if fault == "overheating" else 1.0)
    wanted = users * 0.62
    throughput = min(wanted, capacity) * float(random.uniform(0.9, 1.0))
    strain = max(noise + 104, 0) * 0.22 + max(wanted / capacity - 0.8, 0) * 2
    drops = float(random.gamma(2, 0.25)) + strain * float(random.uniform(0.5, 1.2))
    failures = float(random.gamma(2, 0.4)) + strain * float(random.uniform(0.3, 1.0))
    utilisation = min(100 * wanted / capacity, 100.0)
    return (
        int(users), round(throughput, 2), round(utilisation, 1), round(drops, 3), round(failures, 3),
        round(noise, 1), round(heat, 1),
    )  # fmt: skip


def _load(when: datetime) -> float:
    """Return the share of its size that a cell carries at that hour, in (0, 1]."""
    evening = np.exp(-(((when.hour - 19) / 4.5) ** 2))
    noon = np.exp(-(((when.hour - 11) / 4.0) ** 2))
    weekend = 0.8 if when.weekday() >= 5 else 1.0  # noqa: PLR2004 - Saturday and Sunday
    return float(weekend * (0.08 + 0.62 * evening + 0.5 * noon) / 1.2)
