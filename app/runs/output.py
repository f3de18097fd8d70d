"""What came out of a node: rows, a model, figures of merit, a chart, a report, each drawn for what it is."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app import work
from app.choices import choice
from app.exports import draw_export
from app.figures import draw_figure
from app.preferences import preferred
from app.previews import draw_download, draw_rows, draw_table, short, table_of
from app.session import about, workbench
from app.text import plain, t, word
from app.titles import algorithm_title

Run = Mapping[str, Any]
_PREVIEW = "preview"
_TILES = 4
_MOST_COLUMNS = 30


def draw_output(run: Run) -> None:
    """Draw the choice of a node and a port, and what it gave."""
    node = choice(t("runs.node"), list(run["nodes"]), "node")
    kept = run["nodes"][node].get("outputs") or {}
    if not kept:
        _draw_missing(run, node)
        return
    port = choice(t("pipelines.port"), list(kept), "port") if len(kept) > 1 else next(iter(kept))
    page = workbench().runs.preview(run["id"], node, port, rows=preferred("preview_rows"))
    name = f"{run['id']}_{node}_{port}"
    _draw_written(run, node)
    if "value" not in page:
        draw_rows(page, name)
        return
    DRAWN.get(page["kind"], _draw_json)(page["value"], name)


def _draw_written(run: Run, node: str) -> None:
    """Draw the file that a node wrote, if it is one that writes files."""
    document = workbench().runs.pipeline(run["id"]).document()["nodes"][node]
    if document["operator"].partition("@")[0] == "write_table":
        values = document.get("with", {})
        draw_export(f"{values.get('name')}.{values.get('format', 'csv')}")


def _draw_missing(run: Run, node: str) -> None:
    """Say why a node has kept nothing; the rows of one that was joined with the next are computed again if asked."""
    if run["nodes"][node]["status"] not in ("done", "reused"):
        st.caption(t("runs.no_output"))
        return
    st.caption(t("runs.joined"))
    subject = f"{run['id']}.{node}"
    if st.button(t("runs.compute"), key=about("runs.compute", subject), disabled=work.busy(_PREVIEW, subject)):
        work.begin(_PREVIEW, {"run": run["id"], "node": node, "rows": 100}, subject)
        st.rerun()
    work.followed(_PREVIEW, t("runs.computing"), lambda page: draw_rows(page, subject), subject=subject)


def _draw_model(model: Run, name: str) -> None:
    facts = [
        (t("models.task"), word("task", model["task"])),
        (t("models.algorithm"), algorithm_title(model["algorithm"])),
    ]
    facts += [(t("models.target"), model["target"])] if model["target"] else []
    facts += [(t("models.classes"), ", ".join(model["classes"]))] if model["classes"] else []
    st.markdown("  \n".join(f"**{label}** {plain(value)}" for label, value in facts))
    st.caption(t("runs.is_model"))
    rows = [(column["name"], column["type"]) for column in model["features"]]
    draw_table(table_of([t("models.name"), t("models.type")], rows), name)


def draw_figures(metrics: Run, name: str) -> None:
    """Draw figures of merit as tiles, and rows by label and prediction where they are counted."""
    numbers = {key: value for key, value in metrics.items() if isinstance(value, int | float) and key != "rows"}
    columns = st.columns(_TILES)
    for position, (key, value) in enumerate(numbers.items()):
        columns[position % _TILES].metric(plain(word("metric", key)), short(float(value)), border=True)
    confusion = metrics.get("confusion")
    if isinstance(confusion, Mapping):
        st.markdown(f"**{t('runs.confusion')}**")
        labels = [str(label) for label in confusion["labels"][:_MOST_COLUMNS]]
        head = [t("runs.truth"), *(t("runs.predicted", label=label) for label in labels)]
        rows = [[label, *counts[:_MOST_COLUMNS]] for label, counts in zip(labels, confusion["counts"], strict=False)]
        draw_table(table_of(head, rows), f"{name}_confusion")
    figures = table_of([t("runs.metric"), t("runs.value")], [(key, float(value)) for key, value in numbers.items()])
    draw_download(figures, name)


def _draw_report(report: Run, name: str) -> None:
    """Draw a report: its lists of things as tables, its single values in one, the rest as it is."""
    single = [(key, str(short(value))) for key, value in report.items() if isinstance(value, str | int | float)]
    if single:
        draw_table(table_of([t("runs.part"), t("runs.value")], single), name)
    for key, value in report.items():
        if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
            st.markdown(f"**{plain(key)}**")
            names = list(dict.fromkeys(field for item in value for field in item))[:_MOST_COLUMNS]
            draw_table(table_of(names, [[item.get(field) for field in names] for item in value]), f"{name}_{key}")
        elif isinstance(value, Mapping | list) and value:
            st.markdown(f"**{plain(key)}**")
            st.json(value, expanded=False)


def _draw_json(value: Any, _name: str) -> None:
    st.json(value, expanded=2) if isinstance(value, Mapping | list) else st.text(str(value))


DRAWN: dict[str, Callable[[Any, str], None]] = {
    "Model": _draw_model, "Metrics": draw_figures, "Figure": draw_figure, "Report": _draw_report,
}  # fmt: skip
