"""Model versions: side by side, which one is the champion, what each is, and how to deploy one."""

import streamlit as st

from app.choices import choice, empty, view
from app.errors import shown
from app.models.aliases import draw_aliases
from app.models.card import draw_card
from app.models.compare import draw_compare
from app.models.deploying import draw_deploy
from app.models.listing import draw_versions
from app.session import workbench
from app.text import t

with shown():
    versions = workbench().models.list()

if not versions:
    empty(t("models.empty"), t("models.open_runs"), "runs")

draw_versions(versions)
left, right = st.columns([3, 1])
with left:
    name = choice(t("models.model"), sorted({version["name"] for version in versions}), "model", of="")
own = {version["version"]: version for version in versions if version["name"] == name}
with right:
    version = own[choice(t("models.version"), list(own), "version", of=name)]
with shown():
    draw_aliases(version, list(own))
    chosen = view(t("models.view"), ["card", "deploy", "beside"], "model_view")
    if chosen == "card":
        draw_card(workbench().models.card(name, version["version"]))
    elif chosen == "deploy":
        draw_deploy(version)
    else:
        draw_compare(versions, version)
