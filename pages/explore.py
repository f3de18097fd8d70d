"""What a dataset holds: its columns, charts of it, how it differs from another, and questions in SQL."""

from app.choices import choice, empty, view
from app.datasets import version_of
from app.errors import shown
from app.explore import VIEWS, draw_view
from app.session import workbench
from app.text import t

with shown():
    datasets = workbench().datasets.list()

if not datasets:
    empty(t("explore.empty"), t("explore.open_data"), "data")

name = choice(t("data.dataset"), [entry["name"] for entry in datasets], "dataset")
with shown():
    ref = version_of(name)
draw_view(ref, view(t("data.view"), list(VIEWS), "explore_view"))
