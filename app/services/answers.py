"""What a service answered: the prediction in large, the probabilities as bars, several rows as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from app.previews import draw_table, short, table_of
from app.text import plain, t

Answer = Mapping[str, Any]
BAR = "#1971c2"
MOST_LABELS = 12


def draw_answer(answer: Answer, asked: Sequence[Mapping[str, Any]]) -> None:
    """Draw the answer to one row, or to several.

    Args:
        answer: As a service gives it: `predictions`, `model`, `version`.
        asked: The rows.
    """
    predictions = answer["predictions"]
    if not predictions:
        return
    st.caption(t("services.answered", model=plain(answer["model"]), version=plain(answer["version"])))
    if len(predictions) == 1:
        _draw_one(predictions[0])
    else:
        _draw_several(predictions, asked)


def _draw_one(prediction: Answer) -> None:
    left, right = st.columns([1, 2], vertical_alignment="center")
    left.metric(t("services.answer"), plain(short(prediction["prediction"])), border=True)
    probabilities = prediction.get("probabilities")
    if not probabilities:
        return
    likely = sorted(probabilities.items(), key=lambda pair: -pair[1])[:MOST_LABELS]
    table = pl.DataFrame({"label": [str(name) for name, _ in likely], "share": [float(value) for _, value in likely]})
    bars = alt.Chart(table).mark_bar(color=BAR, height=18).encode(
        x=alt.X("share:Q", title=t("services.probability"), scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%")),
        y=alt.Y("label:N", sort=None, title=None),
        tooltip=["label:N", alt.Tooltip("share:Q", format=".2%")],
    )  # fmt: skip
    right.altair_chart(
        bars.properties(height=32 * len(likely) + 100), width="stretch", alt=t("services.probability_alt")
    )


def _draw_several(predictions: Sequence[Answer], asked: Sequence[Mapping[str, Any]]) -> None:
    names = list(asked[0])
    labels = list(predictions[0].get("probabilities") or {})
    head = [t("services.answer"), *(t("services.probability_of", label=label) for label in labels), *names]
    rows = [
        [one["prediction"], *((one.get("probabilities") or {}).get(label) for label in labels), *map(row.get, names)]
        for one, row in zip(predictions, asked, strict=True)
    ]
    draw_table(table_of(_apart(head), rows), "answers")


def _apart(names: Sequence[str]) -> list[str]:
    """Return names of columns, those that came before with a number behind."""
    seen: dict[str, int] = {}
    apart = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        apart.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return apart
