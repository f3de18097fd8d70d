"""Every run, newest first, and one of them closely."""

from app.choices import choice, empty, view
from app.errors import shown
from app.listings import draw_runs
from app.previews import moment
from app.runs import VIEWS, draw_run
from app.session import workbench
from app.text import t

with shown():
    runs = workbench().runs.list()

if not runs:
    empty(t("runs.empty"), t("runs.open_pipelines"), "pipelines")

draw_runs(runs[:200])
labels = {run["id"]: f"{run['id']} · {run['pipeline']} · {moment(run['created'])}" for run in runs}
identity = choice(t("runs.run"), list(labels), "run", labels.__getitem__)
draw_run(identity, view(t("runs.view"), list(VIEWS), "run_view"))
