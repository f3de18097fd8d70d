"""Customers of a made-up provider: who left within three months of the day they were counted.

Churn follows a logistic rule over plan, tenure, charge, calls to support and age; identifiers are left out.
A few fields are empty in every column but the plan and the answer, as in a real customer file.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from data_samples.files import write_csv

COLUMNS = (
    "age", "plan", "tenure_months", "monthly_charge", "support_calls", "country", "signed_up", "churned",
)  # fmt: skip
COUNTED_ON = date(2026, 6, 30)
PLANS = ("basic", "plus", "pro")
COUNTRIES = ("AT", "CH", "DE", "FR", "IT")
PRICES = {"basic": 19.0, "plus": 34.0, "pro": 52.0}
PULL_OF_PLAN = {"basic": 0.9, "plus": 0.0, "pro": -1.1}
PULL_OF_COUNTRY = {"AT": 0.0, "CH": -0.4, "DE": 0.1, "FR": 0.5, "IT": 0.2}
MISSING = 0.03


def write(folder: Path) -> None:
    """Write churn.csv (3000 rows), churn_fresh.csv and churn_drifted.csv (1000 rows each)."""
    write_csv(folder / "churn.csv", COLUMNS, customers(3000, seed=11))
    write_csv(folder / "churn_fresh.csv", COLUMNS, customers(1000, seed=33))
    write_csv(folder / "churn_drifted.csv", COLUMNS, customers(1000, seed=13, drifted=True))


def customers(count: int, *, seed: int, drifted: bool = False) -> Iterator[list[Any]]:
    """Yield `count` customers, independent of each other.

    Drifted customers are 14 years older, mostly on `pro`, and pay a quarter more; the rule by which
    they leave is the same.
    """
    random = np.random.default_rng(seed)
    shares = (0.12, 0.23, 0.65) if drifted else (0.5, 0.32, 0.18)
    for _ in range(count):
        age = float(np.clip(random.normal(57 if drifted else 43, 13), 18, 90))
        plan = PLANS[_pick(random, shares)]
        tenure = min(int(random.exponential(26)), 120)
        charge = PRICES[plan] * float(random.uniform(0.85, 1.25)) * (1.25 if drifted else 1.0)
        calls = int(random.poisson(1.3))
        country = COUNTRIES[_pick(random, (0.1, 0.1, 0.45, 0.2, 0.15))]
        leaves = random.random() < _chance(age, plan, tenure, charge, calls, country)
        signed_up = COUNTED_ON - timedelta(days=tenure * 30 + int(random.integers(0, 30)))
        fields = [int(age), tenure, round(charge, 2), calls, country, signed_up.isoformat()]
        known = [None if random.random() < MISSING else value for value in fields]
        yield [known[0], plan, *known[1:], "yes" if leaves else "no"]


def _chance(age: float, plan: str, tenure: int, charge: float, calls: int, country: str) -> float:
    """Return the probability of leaving, in (0, 1)."""
    dear = charge / PRICES[plan] - 1.05
    pull = (
        -1.9
        + PULL_OF_PLAN[plan]
        + PULL_OF_COUNTRY[country]
        + 1.1 * (calls - 1.3)
        - 0.055 * (tenure - 26)
        + 6.0 * dear
        - 0.03 * (age - 43)
    )
    return float(1 / (1 + np.exp(-1.3 * pull)))


def _pick(random: np.random.Generator, shares: tuple[float, ...]) -> int:
    return int(np.searchsorted(np.cumsum(shares), random.random() * sum(shares), side="right"))
