"""What axe-core finds wrong with a page for people who see little, or use no mouse."""

from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

STREAMLITS_OWN = {
    "target-size": ["[role=spinbutton]"],  # day, month and year of a date field are 18 pixels wide
}
"""By rule, selectors of what Streamlit draws and neither an option nor our style sheet can change."""

FAULTS = """async ([rules, own]) => {
    const found = await axe.run(document, {runOnly: rules});
    const nodes = found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node]));
    const theirs = (id, node) => (own[id] ?? []).some(selector => node.element?.matches(selector)
        ?? document.querySelector(node.target.at(-1))?.matches(selector));
    return nodes.filter(([id, node]) => !theirs(id, node)).map(([id, node]) =>
        `${id}: ${node.html.slice(0, 160)} (${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''})`);
}"""


def faults_of(tab):
    """Return what is wrong on the page that a tab shows, but for what is Streamlit's own.

    What is wrong only while a part of the page is being drawn anew, and a moment later no more, is no fault.
    """
    tab.evaluate(AXE)
    found = tab.evaluate(FAULTS, [RULES, STREAMLITS_OWN])
    if found:
        tab.wait_for_timeout(1000)
        found = [one for one in tab.evaluate(FAULTS, [RULES, STREAMLITS_OWN]) if one in found]
    return found
