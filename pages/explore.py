"""What a dataset holds: its columns, charts of it, how it differs from another, and questions in SQL."""

from app.choices import empty, view
from app.datasets import choose_dataset
from app.errors import shown
from app.explore import VIEWS, draw_view
from app.session import workbench
from app.text import t

with shown():
    datasets = workbench().datasets.list()

if not datasets:
    empty(t("explore.empty"), t("explore.open_data"), "data")

with shown():
    ref = choose_dataset(datasets)
draw_view(ref, view(t("data.view"), list(VIEWS), "explore_view"))
