"""The card of a version on the screen, and as a file to take away."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.choices import page_link
from app.listings import draw_metrics
from app.models.listing import figures_of
from app.models.markdown import as_markdown
from app.previews import draw_table, short, table_of
from app.sayings import say
from app.text import plain, t, word
from app.titles import algorithm_title, operator_title, settings_text
from engine.runs.merit import HEADLINES

Card = Mapping[str, Any]
_TILES = 5


def draw_card(card: Card) -> None:
    """Draw what a version predicts, of what it was made, how good it is, what it asks and answers, where it ends."""
    if card["damage"]:
        st.error(plain(card["damage"]), icon=":material/error:")
    st.header(t("models.card"))
    st.markdown(summary(card))
    _draw_replay(card)
    with st.container(horizontal=True):
        page_link("runs", t("models.from_run", node=plain(card["node"]), run=card["run"]), run=card["run"])
        for source in card["data"]:
            if source["kind"] == "dataset":
                page_link("data", t("models.from_data", version=plain(source["version"])), dataset=source["name"])
    _draw_metrics(card)
    _draw_steps(card)
    _draw_signature(card)
    if card["limits"]:
        st.markdown(f"**{t('models.limits')}**")
        st.markdown("\n".join(f"- {say(limit, markdown=True)}" for limit in card["limits"]))
    _draw_downloads(card)


def summary(card: Card) -> str:
    """Return in one or two sentences what a version is, as Markdown."""
    task = word("task", card["task"])
    told = [
        t(
            "models.is_a",
            task=task,
            target=plain(card["target"]) or "–",
            algorithm=plain(algorithm_title(card["algorithm"])),
        )
    ]
    data = ", ".join(plain(source["version"]) for source in card["data"])
    if data and card["rows"]:
        told.append(t("models.learnt", rows=f"{card['rows']:,}", data=data))
    if card["classes"]:
        told.append(t("models.answers", classes=plain(", ".join(card["classes"]))))
    return t("say.join").join(told)


def _draw_metrics(card: Card) -> None:
    known = figures_of(card)
    headlines = [name for name in HEADLINES if name in known][:_TILES]
    if headlines:
        for column, name in zip(st.columns(_TILES), headlines, strict=False):
            column.metric(word("metric", name), f"{known[name]:.4g}", border=True)
    with st.expander(t("models.metrics"), icon=":material/scoreboard:"):
        draw_metrics(card["metrics"], "card_metrics")


def _draw_replay(card: Card) -> None:
    replay = card["replay"]
    if replay:
        difference = short(float(replay["max_abs_difference"] or 0))
        told = t("models.replay_is", rows=f"{replay['rows']:,}", difference=difference)
        st.markdown(f":material/verified: **{t('models.replay')}**: {told}")


def _draw_steps(card: Card) -> None:
    if not card["steps"]:
        return
    st.markdown(f"**{t('models.steps')}**")
    rows = [
        (position, step["node"], operator_title(step["operator"]), settings_text(step))
        for position, step in enumerate(card["steps"], start=1)
    ]
    draw_table(table_of([t(f"models.{key}") for key in ("position", "node", "step", "settings")], rows), "steps")


def _draw_signature(card: Card) -> None:
    signature = card["signature"]
    if not signature:
        return
    left, right = st.columns([2, 1])
    with left:
        st.markdown(f"**{t('models.inputs')}**")
        keys = ("name", "type", "examples", "range", "optional")
        rows = [
            (
                field["name"], word("type", field["type"]), ", ".join(map(str, field["top"] or field["examples"])),
                None if field["minimum"] is None else f"{short(field['minimum'])} … {short(field['maximum'])}",
                "✓" if field.get("optional") else "",
            )
            for field in signature["inputs"]
        ]  # fmt: skip
        draw_table(table_of([t(f"models.{key}") for key in keys], rows), "inputs")
    with right:
        st.markdown(f"**{t('models.outputs')}**")
        answers = [(field["name"], word("type", field["type"])) for field in signature["outputs"]]
        draw_table(table_of([t("models.name"), t("models.type")], answers), "outputs")
    with st.expander(t("models.example"), icon=":material/data_object:"):
        st.code(json.dumps(card["example"], ensure_ascii=False, indent=1), language="json")


def _draw_downloads(card: Card) -> None:
    name = f"{card['name']}_{card['version']}"
    with st.container(horizontal=True):
        st.download_button(
            t("models.as_markdown"), as_markdown(card, summary(card)).encode(), f"{name}.md", "text/markdown",
            key="models.as_markdown", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        st.download_button(
            t("models.as_json"), json.dumps(card, ensure_ascii=False, indent=1).encode(), f"{name}.json",
            "application/json", key="models.as_json", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
