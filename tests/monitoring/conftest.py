"""Tables of mixed columns with nothing wrong, and what is then done to them."""

import numpy as np
import polars as pl
import pytest


def _mixed(random, rows, columns=20):
    makers = [
        lambda: random.normal(size=rows),
        lambda: random.lognormal(sigma=1.0, size=rows),
        lambda: random.poisson(30, size=rows),
        lambda: random.choice(["a", "b", "c", "d"], size=rows, p=[0.5, 0.3, 0.15, 0.05]),
        lambda: np.char.add("k", random.zipf(1.8, size=rows).clip(max=40).astype(str)),
        lambda: random.integers(0, 2, size=rows).astype(bool),
        lambda: np.where(random.random(rows) < 0.05, np.nan, random.normal(size=rows)),
    ]
    return pl.DataFrame({f"c{i:02}": makers[i % len(makers)]() for i in range(columns)})


@pytest.fixture
def mixed():
    """Draw a table of mixed columns from a generator: numbers, counts, categories, booleans, gaps."""
    return _mixed


@pytest.fixture
def pair():
    """A reference of 3,000 rows and 1,000 current rows that are alike, as `(reference, current)`."""
    random = np.random.default_rng(11)
    return _table(random, 3000), _table(random, 1000)


def _table(random, rows):
    return pl.DataFrame(
        {
            "age": random.normal(40, 12, size=rows),
            "spend": np.where(random.random(rows) < 0.02, np.nan, random.lognormal(3, 0.5, size=rows)),
            "plan": random.choice(["basic", "plus", "pro"], size=rows, p=[0.5, 0.3, 0.2]),
            "active": random.random(rows) < 0.7,
            "prediction": random.choice(["no", "yes"], size=rows, p=[0.8, 0.2]),
        }
    )
