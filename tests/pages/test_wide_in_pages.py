"""Every page that shows a dataset opens with ten thousand columns, and draws a bounded part of them."""

import time

import polars as pl
import pytest

from app.session import workbench

pytestmark = pytest.mark.slow
COLUMNS = [f"c{number}" for number in range(10_000)]
MOST = 200  # elements of a page
SECONDS = 15.0  # on busy cores; drawn once more it takes a third
PIPELINE = {
    "name": "wide",
    "nodes": {
        "read": {"operator": "read_dataset", "with": {"dataset": "wide"}},
        "pick": {"operator": "select_columns", "with": {"columns": COLUMNS[:5000]}, "from": {"table": "read"}},
        "fill": {"operator": "fill_missing", "from": {"train": "pick"}},
    },
}
PLACES = [
    *(("data", {"data_view": view}) for view in ("preview", "columns", "versions")),
    *(("explore", {"explore_view": view}) for view in ("profile", "charts", "query")),
    ("features", {}),
    *(("pipelines", {"pipeline": "wide", "node": node}) for node in ("pick", "fill")),
]


def elements(block):
    """Return how many elements stand in a part of a page."""
    return sum(1 + elements(child) for child in getattr(block, "children", {}).values())


def test_pages_open_with_ten_thousand_columns(empty, screens):
    table = {name: [1, 2, 3] if place % 2 else ["a", "b", None] for place, name in enumerate(COLUMNS)}
    workbench().datasets.put("wide", pl.DataFrame(table))
    workbench().datasets.profile("wide")
    workbench().pipelines.create("wide", PIPELINE)
    for page, query in PLACES:
        begun = time.perf_counter()
        app = screens(page, dataset="wide", **query)
        taken = time.perf_counter() - begun
        assert not app.exception, (page, query)
        assert not app.error, (page, query)
        assert elements(app.main) < MOST, (page, query)
        assert taken < SECONDS, (page, query)
