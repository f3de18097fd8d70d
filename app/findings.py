"""What was noticed about a table, in the language of the screen, with the step that mends it."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.features.mending import mend
from app.previews import clipped
from app.sayings import say
from app.session import about, read_only
from app.text import plain, t
from app.titles import operator_title, parameter_texts

Finding = Mapping[str, Any]

ICONS = {"info": ":material/info:", "warning": ":material/warning:", "error": ":material/error:"}
COLOURS = {"info": "gray", "warning": "orange", "error": "red"}
_SHOWN, _MOST = 8, 200


def finding_text(finding: Finding, *, markdown: bool = False) -> str:
    """Return what a finding says: by its kind and values, else the engine's own sentence."""
    values = {name: clipped(str(value)) for name, value in (finding.get("values") or {}).items()}
    told = {"code": f"finding_{finding['kind']}", "values": {**values, "column": clipped(str(finding["column"]))}}
    try:
        return say(told, finding["sentence"], markdown=markdown)
    except KeyError:  # it was noted by an older engine, without its values
        return say(None, finding["sentence"], markdown=markdown)


def draw_findings(findings: Sequence[Finding], key: str, dataset: str = "") -> None:
    """Draw findings, what matters most first, and all but the first eight folded away.

    Args:
        findings: As the engine noticed them.
        key: Of its widgets.
        dataset: Where the steps that mend them can be made; empty where it is not imported yet.
    """
    ordered = sorted(findings, key=lambda finding: list(ICONS)[::-1].index(finding["severity"]))
    if ordered:
        st.markdown("  \n".join(map(_line, ordered[:_SHOWN])))
    if len(ordered) > _SHOWN:
        with st.expander(t("finding.more", count=len(ordered) - _SHOWN), key=f"findings.{key}"):
            st.markdown("  \n".join(map(_line, ordered[_SHOWN:_MOST])))
    fixes = [finding["fix"] for finding in ordered if finding.get("fix")]
    if (
        dataset
        and fixes
        and st.button(
            t("finding.mend"), key=about(f"findings.mend.{key}", dataset), icon=":material/build:", disabled=read_only()
        )
    ):
        mend(dataset, fixes)


def _line(finding: Finding) -> str:
    """Return a finding, and the step that mends it, as one line of Markdown."""
    colour, icon = COLOURS[finding["severity"]], ICONS[finding["severity"]]
    fix = finding.get("fix")
    mended = f" :gray[:material/build: {t('finding.fix', step=step_text(fix, markdown=True))}]" if fix else ""
    return f":{colour}[{icon}] {finding_text(finding, markdown=True)}{mended}"


def step_text(step: Mapping[str, Any], *, markdown: bool = False) -> str:
    """Return a step as one line: the operator and what it is told."""
    told = ", ".join(parameter_texts(step["operator"], step["with"]))
    line = f"{operator_title(step['operator'])} ({told})" if told else operator_title(step["operator"])
    return plain(clipped(line)) if markdown else line
