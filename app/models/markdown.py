"""The card of a version as Markdown, in the language of the session."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.previews import moment, short, shown
from app.sayings import say
from app.text import plain, t, word
from app.titles import operator_title, settings_text

Card = Mapping[str, Any]


def as_markdown(card: Card, summary: str) -> str:
    """Return a card as a Markdown document; whatever users named is escaped.

    Args:
        card: As `engine.workbench.cards.card` gives it.
        summary: What the version is, in a sentence or two of Markdown.
    """
    parts = [f"# {plain(card['name'])} {plain(card['version'])}", summary]
    parts.append(_table((), _facts(card)))
    metrics = [
        (node, word("metric", name), short(shown(value)))
        for node, figures in card["metrics"].items()
        for name, value in figures.items()
        if value is not None
    ]
    if metrics:
        head = [t("runs.node"), t("runs.metric"), t("runs.value")]
        parts += [f"## {t('models.metrics')}", _table(head, metrics)]
    if card["steps"]:
        steps = [(step["node"], operator_title(step["operator"]), settings_text(step)) for step in card["steps"]]
        head = [t("models.node"), t("models.step"), t("models.settings")]
        parts += [f"## {t('models.steps')}", _table(head, steps)]
    for side in ("inputs", "outputs"):
        fields = card["signature"].get(side, [])
        if fields:
            rows = [
                (field["name"], word("type", field["type"]), "✓" if field.get("optional") else "") for field in fields
            ]
            head = [t(f"models.{key}") for key in ("name", "type", "optional")]
            width = 3 if side == "inputs" else 2
            parts += [f"## {t(f'models.{side}')}", _table(head[:width], [row[:width] for row in rows])]
    if card["example"]:
        parts += [f"## {t('models.example')}", f"```json\n{json.dumps(card['example'], ensure_ascii=False)}\n```"]
    if card["limits"]:
        limits = "\n".join(f"- {say(limit, markdown=True)}" for limit in card["limits"])
        parts += [f"## {t('models.limits')}", limits]
    return "\n\n".join(parts) + "\n"


def _facts(card: Card) -> Iterable[Sequence[Any]]:
    replay = card["replay"]
    yield t("models.created"), moment(card["created"])
    yield t("models.actor"), card["actor"]
    yield t("models.aliases"), ", ".join(word("alias", alias) for alias in card["aliases"]) or "–"
    yield t("models.run"), f"{card['run']} · {card['node']}"
    if card["seed"] is not None:
        yield t("models.seed"), f"{card['seed']} · {card['engine']}"
    if replay:
        difference = short(float(replay["max_abs_difference"] or 0))
        yield t("models.replay"), t("models.replay_is", rows=f"{replay['rows']:,}", difference=difference)


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    listed = [[plain(cell) for cell in row] for row in rows]
    width = len(head) or max((len(row) for row in listed), default=1)
    lines = [list(head) or [""] * width, ["---"] * width, *listed]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
