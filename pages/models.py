"""Model versions: what they ask and answer, which one is the champion, and how to deploy one."""

from app.choices import choice, empty
from app.errors import shown
from app.listings import draw_metrics, draw_models
from app.models import draw_card, draw_deploy, draw_promote
from app.session import workbench
from app.text import t

with shown():
    versions = workbench().models.list()

if not versions:
    empty(t("models.empty"), t("models.open_runs"), "runs")

draw_models(versions)
name = choice(t("models.model"), sorted({version["name"] for version in versions}), "model")
own = {version["version"]: version for version in versions if version["name"] == name}
version = own[choice(t("models.version"), list(own), "version")]
draw_promote(version)
draw_deploy(version)
draw_card(version)
draw_metrics(version["metrics"])
