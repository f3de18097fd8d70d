"""The views of a dataset that is explored."""

from collections.abc import Callable

from app.errors import shown
from app.explore_charts import draw_charts
from app.explore_compare import draw_compare
from app.explore_profile import draw_profile
from app.explore_sql import draw_sql


def draw_view(ref: str, view: str) -> None:
    """Draw one view of a dataset."""
    with shown():
        VIEWS[view](ref)


VIEWS: dict[str, Callable[[str], None]] = {
    "profile": draw_profile, "charts": draw_charts, "compare": draw_compare, "query": draw_sql,
}  # fmt: skip
