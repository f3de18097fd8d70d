"""One run on a screen, drawn again and again while it lives."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app import work
from app.charts import draw_graph, draw_seconds
from app.choices import choice, page_link
from app.errors import shown
from app.listings import draw_metrics, draw_nodes
from app.previews import draw_rows, draw_table, moment, short, table_of
from app.session import workbench
from app.text import plain, t, word

LIVE = ("queued", "running")
_REGISTER = "register"
_COLOURS = {"succeeded": "green", "failed": "red", "cancelled": "gray", "running": "orange", "queued": "blue"}
Run = Mapping[str, Any]


def draw_run(identity: str, view: str) -> None:
    """Draw the head and one view of a run; while it lives, every second."""
    with shown():
        live = workbench().runs.summary(identity)["status"] in LIVE
    watched = st.fragment(_draw, run_every=1.0 if live else None)
    watched(identity, view, live=live)


def _draw(identity: str, view: str, *, live: bool) -> None:
    with shown():
        run = workbench().runs.show(identity)
        if live and run["status"] not in LIVE:
            st.rerun()
        _draw_head(run)
        VIEWS[view](run)


def _draw_head(run: Run) -> None:
    status = f":{_COLOURS.get(run['status'], 'gray')}-badge[{word('status', run['status'])}]"
    seconds = "" if run["seconds"] is None else f" · {run['seconds']:.1f} s"
    line, button = st.columns([5, 1], vertical_alignment="center")
    line.markdown(f"{status} **{plain(run['pipeline'])}** · {run['engine']} · {plain(run['environment'])}{seconds}")
    if run["error"]:
        st.error(plain(run["error"]), icon=":material/error:")
    if run["status"] in LIVE and button.button(t("runs.cancel"), key="runs.cancel", width="stretch"):
        workbench().runs.cancel(run["id"])
        st.toast(t("runs.cancelling"))
    if run["status"] in ("failed", "cancelled") and button.button(t("runs.resume"), key="runs.resume", width="stretch"):
        workbench().runs.resume(run["id"])
        st.rerun()


def _nodes(run: Run) -> None:
    pipeline = workbench().runs.pipeline(run["id"]).document()
    draw_graph(pipeline["nodes"])
    draw_nodes(run["nodes"])
    draw_seconds(run["nodes"])


def _metrics(run: Run) -> None:
    draw_metrics(run["metrics"])


def _output(run: Run) -> None:
    node = choice(t("runs.node"), list(run["nodes"]), "node")
    ports = list(run["nodes"][node].get("outputs") or {})
    port = choice(t("pipelines.port"), ports, "port") if len(ports) > 1 else None
    if ((run["nodes"][node].get("outputs") or {}).get(port or "model") or {}).get("kind") == "Model":
        st.caption(t("runs.is_model"))
        return
    page = workbench().runs.preview(run["id"], node, port, rows=100)
    if "value" in page:
        st.json(page["value"]) if isinstance(page["value"], dict) else st.text(str(page["value"]))
    else:
        draw_rows(page, f"{run['id']}_{node}")


def _why(run: Run) -> None:
    node = choice(t("runs.node"), list(run["nodes"]), "node")
    why = workbench().runs.why(run["id"], node)
    st.text(why["reason"] or "")
    rows = [(part["part"], str(part["before"]), str(part["after"])) for part in why["changed"]]
    if rows:
        draw_table(table_of([t(f"runs.{key}") for key in ("part", "before", "after")], rows), "why")
    else:
        st.caption(t("runs.not_changed"))


def _logs(run: Run) -> None:
    lines = workbench().runs.logs(run["id"])
    rows = [(moment(line["at"]), line["node"], line["level"], line["text"]) for line in lines]
    if rows:
        draw_table(table_of([t(f"runs.{key}") for key in ("at", "node", "level", "text")], rows), "log")
    else:
        st.caption(t("runs.no_logs"))


def _register(run: Run) -> None:
    node = choice(t("runs.trainer"), _trainers(run) or list(run["nodes"]), "trainer")
    name = st.text_input(t("runs.model_name"), run["pipeline"], key="runs.model_name")
    if st.button(t("runs.register"), type="primary", key="runs.register", disabled=work.busy(_REGISTER, run["id"])):
        work.begin(_REGISTER, {"run": run["id"], "node": node, "name": name}, run["id"])
        st.rerun()
    work.followed(_REGISTER, t("runs.registering"), _draw_registered, subject=run["id"])


def _draw_registered(version: Any) -> None:
    difference = short(float(version["replay"]["max_abs_difference"]))
    told = t("runs.registered", name=plain(version["name"]), version=version["version"], difference=difference)
    st.success(told, icon=":material/check:")
    page_link("models", t("page.models"), model=version["name"])


def _trainers(run: Run) -> list[str]:
    return [
        name
        for name, node in run["nodes"].items()
        if any(output["kind"] == "Model" for output in (node.get("outputs") or {}).values())
    ]


VIEWS: dict[str, Callable[[Run], None]] = {
    "nodes": _nodes, "metrics": _metrics, "output": _output, "why": _why, "logs": _logs, "register": _register,
}  # fmt: skip
