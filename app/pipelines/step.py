"""The node that is shown: its parameters, where its inputs come from, what it gave, and what can be done to it."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from app.choices import page_link
from app.errors import shown
from app.forms import operator_form
from app.losses import draw_losses
from app.pickers import pick
from app.pipelines.running import run
from app.pipelines.sight import Sight, edit
from app.pipelines.trying import draw_trying
from app.previews import draw_rows, short
from app.sentences import in_words
from app.session import about, notes, read_only, workbench
from app.text import plain, t, word

_ROWS = 50
_NONE = ""


def draw_step(sight: Sight) -> None:
    """Draw the form of the node that is shown, and beside it its ports and its output."""
    node = sight.selected
    if node is None:
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        _draw_head(sight, node)
        _draw_form(sight, node)
    with right:
        _draw_ports(sight, node)
        draw_trying(sight, node)
        _draw_output(sight, node)


def _draw_head(sight: Sight, node: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(sight.title_of(node))}** · {plain(node)}", width="stretch")
        with st.popover(t("pipelines.more"), icon=":material/more_horiz:"):
            _draw_menu(sight, node)
        remove = about("pipelines.remove", sight.made, node)
        if st.button(t("pipelines.remove"), key=remove, icon=":material/delete:", disabled=read_only()):
            edit(sight, {"op": "remove", "node": node})


def _draw_menu(sight: Sight, node: str) -> None:
    off, of = read_only(), (sight.made, node)
    key = about("pipelines.node_name", *of, sight.round)
    name = st.text_input(t("pipelines.node_name"), node, key=key, max_chars=64)
    key = about("pipelines.rename_node", *of)
    if st.button(t("pipelines.rename"), key=key, icon=":material/edit:", disabled=off) and name != node:
        edit(sight, {"op": "rename", "node": node, "to": name})
    key = about("pipelines.copy_node", *of)
    if st.button(t("pipelines.duplicate"), key=key, icon=":material/content_copy:", disabled=off):
        written = sight.nodes[node]
        copy = {key: written[key] for key in ("operator", "with", "from") if key in written}
        edit(sight, {"op": "add", **copy}, f"copy_node.{written['operator']}")
    key = about("pipelines.run_here", *of)
    if st.button(t("pipelines.run_here"), key=key, icon=":material/play_arrow:", disabled=off):
        run(sight, node)


def _draw_form(sight: Sight, node: str) -> None:
    operator, written = sight.operator_of(node), sight.nodes[node].get("with") or {}
    problems = sight.problems_of(node)
    if operator is None:
        for problem in problems:
            st.error(
                f"{plain(in_words(problem['sentence']))}  \n{plain(in_words(problem['hint']))}", icon=":material/error:"
            )
        st.json(written)
        return
    fields = _fields(operator, written)
    for problem in problems:
        if str(problem["field"]).partition(".")[0] not in fields:
            _draw_problem(problem)
    named = _by_parameters(sight, node, written)
    here = {name: value for name, value in written.items() if name not in named}
    form = operator_form(
        operator["name"],
        here,
        key=f"pipelines.form.{sight.made}.{node}.{sight.round}",
        columns={port["name"]: _schema(sight, node, port["name"]) for port in operator["inputs"]},
        problems=[one for one in problems if str(one["field"]).partition(".")[0] in fields],
        without=named,
    )
    _draw_named(sight, node, named)
    if form.changed and not read_only() and not sight.held.get("pending"):
        _save(sight, node, here, form.values)


def _by_parameters(sight: Sight, node: str, written: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a node that parameters of the pipeline set, as they are written."""
    uses = [use for one in sight.findings.get("parameters") or () for use in one["uses"] if use["node"] == node]
    names = {str(use["field"]).partition(".")[0] for use in uses}
    return {name: value for name, value in written.items() if name in names}


def _draw_named(sight: Sight, node: str, named: Mapping[str, Any]) -> None:
    """Draw what parameters set, each with the button that gives the field back to the form."""
    for name, value in named.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            st.caption(t("pipelines.by_parameter", field=plain(name), value=plain(told)), width="stretch")
            key = about("pipelines.set_here", sight.made, node, name)
            if st.button(t("pipelines.set_here"), key=key, icon=":material/edit:", disabled=read_only()):
                edit(sight, {"op": "set", "node": node, "without": [name]})


def _save(sight: Sight, node: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Keep what the form says, field by field, so that it can be made on a newer revision too."""
    changed = {name: value for name, value in after.items() if name not in before or before[name] != value}
    gone = [name for name in before if name not in after]
    edit(sight, {"op": "set", "node": node, "with": changed, "without": gone})


def _fields(operator: Mapping[str, Any], written: Mapping[str, Any]) -> set[str]:
    schema = workbench().operators.show(operator["name"])["schema"]
    return {*(schema.get("properties") or {}), *written}


def _draw_problem(problem: Mapping[str, Any]) -> None:
    draw = st.warning if problem["severity"] == "warning" else st.error
    icon = ":material/warning:" if problem["severity"] == "warning" else ":material/error:"
    draw(f"{plain(in_words(problem['sentence']))}  \n{plain(in_words(problem['hint']))}", icon=icon)


def _schema(sight: Sight, node: str, port: str) -> Sequence[Mapping[str, Any]] | None:
    """Return the columns that arrive at a port; None where they are not known."""
    source, _, output = str((sight.nodes[node].get("from") or {}).get(port, "")).partition(".")
    ports = sight.findings["schemas"].get(source) or {}
    return ports.get(output or next(iter(ports), ""))


def _draw_ports(sight: Sight, node: str) -> None:
    operator = sight.operator_of(node)
    if operator is None or not operator["inputs"]:
        return
    with shown():
        offers = workbench().pipelines.offers(sight.name, node) if node in sight.newest["document"]["nodes"] else {}
    st.markdown(f"**{t('pipelines.inputs')}**")
    for port in operator["inputs"]:
        _draw_port(sight, node, port, offers.get(port["name"], ()))


def _draw_port(sight: Sight, node: str, port: Mapping[str, Any], offered: Sequence[str]) -> None:
    written = str((sight.nodes[node].get("from") or {}).get(port["name"], _NONE))
    now = _whole(sight, written)
    options = list(dict.fromkeys([now, _NONE, *offered]))  # a browser that has heard of no choice says the first
    kind = t(f"pipelines.port_{port['type']}")
    same = port["name"] == str(port["type"]).lower()
    label = kind if same else f"{plain(port['name'])} · {kind}"
    place, turns = (sight.made, node, port["name"]), notes("pipelines.ports")
    turn = turns.get(str(place), 0)  # what was chosen once is done: the same picker never says it again
    chosen = pick(
        f"{label} ({t('pipelines.optional')})" if port["optional"] else label,
        {one: one or t("pipelines.not_connected") for one in options},
        f"pipelines.port.{sight.made}.{node}.{port['name']}.{now}.{turn}",
        first=now,
        disabled=read_only(),
    )
    if chosen != now:
        link = {"to": node, "port": port["name"]}
        operation = {"op": "connect", "from": chosen, **link} if chosen else {"op": "disconnect", **link}
        edit(sight, operation, taken=partial(turns.update, {str(place): turn + 1}))


def _whole(sight: Sight, written: str) -> str:
    """Return a link with its port, where it leaves out that it means the first."""
    source, dot, _ = written.partition(".")
    operator = sight.operator_of(source) if source in sight.nodes else None
    return f"{source}.{operator['outputs'][0]['name']}" if source and not dot and operator else written


def _draw_output(sight: Sight, node: str) -> None:
    """Draw what the node gave when it ran last: figures, then the first rows of a port."""
    with shown(stop=False):
        state = workbench().pipelines.states(sight.name)["nodes"].get(node)
        if state is None or state["run"] is None:
            _draw_columns(sight, node)
            return
        st.markdown(f"**{t('pipelines.output')}** · {word('status', state['state'])}")
        if state["error"]:
            st.error(plain(in_words(state["error"])), icon=":material/error:")
        draw_losses(state["losses"] or ())
        if told := _figures(state["metrics"] or {}):
            st.markdown(told)
        if state["state"] in ("done", "reused", "stale"):
            _draw_preview(sight, node, state)
        page_link("runs", t("pipelines.open_run"), run=state["run"], node=node, run_view="output")


def _figures(metrics: Mapping[str, Any]) -> str:
    """Return the single numbers of a node as one line of Markdown."""
    numbers = {name: value for name, value in metrics.items() if isinstance(value, int | float)}
    return " · ".join(f"{plain(word('metric', name))} **{short(float(value))}**" for name, value in numbers.items())


def _draw_preview(sight: Sight, node: str, state: Mapping[str, Any]) -> None:
    operator = sight.operator_of(node)
    tables = [port["name"] for port in (operator["outputs"] if operator else ()) if port["type"] == "Table"]
    if not tables:
        return
    port = str(tables[0])
    if len(tables) > 1:
        port = str(pick(t("pipelines.port"), {one: one for one in tables}, f"out.{node}", kind="segments"))
    if st.toggle(t("pipelines.show_rows"), key="pipelines.show_rows", persist_state="session"):
        draw_rows(workbench().runs.preview(state["run"], node, port, rows=_ROWS), f"{state['run']}_{node}_{port}")


def _draw_columns(sight: Sight, node: str) -> None:
    """Draw the columns that the node will give, as far as they are known before it runs; of a model, its answers'."""
    operator = sight.operator_of(node)
    models = {port["name"] for port in (operator["outputs"] if operator else ()) if port["type"] == "Model"}
    for port, schema in (sight.findings["schemas"].get(node) or {}).items():
        if schema:
            name, count = plain(port), len(schema)
            given, answered = (t(f"pipelines.will_{what}", port=name, count=count) for what in ("give", "answer"))
            with st.expander(answered if port in models else given):
                st.caption(", ".join(f"{plain(one['name'])} {plain(one['type'])}" for one in schema[:200]))
