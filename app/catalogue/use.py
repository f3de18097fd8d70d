"""Puts an operator, with the parameters of its form, into a pipeline that the workbench keeps."""

from typing import Any

import streamlit as st

from app.choices import open_page
from app.errors import shown
from app.pickers import pick
from app.session import about, once, read_only, workbench
from app.text import t

_NEW = ""


def draw_use(name: str, values: dict[str, Any]) -> None:
    """Offer to add the node to a pipeline, or to a new one, and go there."""
    with shown(stop=False):
        pipelines = [entry["name"] for entry in workbench().pipelines.list()]
    labels = {_NEW: t("operators.new_pipeline"), **{one: one for one in pipelines}}
    chosen = pick(t("operators.pipeline"), labels, "operators.pipeline")
    key = about("operators.use", name, chosen)
    if st.button(t("operators.use"), key=key, type="primary", icon=":material/add:", disabled=read_only()):
        with shown(stop=False):
            made = once(f"operators.use.{chosen}.{name}", lambda: "\n".join(_added(str(chosen), name, values)))
            pipeline, node = made.split("\n")
            open_page("pipelines", pipeline=pipeline, node=node)


def _added(pipeline: str, name: str, values: dict[str, Any]) -> tuple[str, str]:
    """Return the pipeline that now has the node, and what the node is called."""
    desk = workbench().pipelines
    draft = desk.open(pipeline) if pipeline else desk.create(desk.free_name(name))
    before = set(draft["document"].get("nodes", {}))
    edit = {"op": "add", "operator": name, "with": values}
    after = desk.edit(draft["name"], draft["revision"], edit)["document"]["nodes"]
    return str(draft["name"]), next(node for node in after if node not in before)
