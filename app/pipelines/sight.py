"""A pipeline as this tab sees it, and the one door through which the tab changes it.

A tab draws the revision it has seen, not the newest: where somebody else has changed the pipeline, the tab says who did
what and offers the newest. A change that was made on the older one waits until the user decides. Every change says
which pipeline it was made on, by name, revision and the moment it was created: never is it made on another.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from app.errors import KNOWN, draw_error
from app.pickers import follow_link, settle
from app.session import about, choose, notes, once, read_only, workbench
from app.text import plain, t
from app.titles import title_of
from engine import Pipeline
from engine.errors import StaleDraftError

Document = Mapping[str, Any]
_DESIGNER, _TOLD_NEXT, _ROUNDS = "pipelines", "pipelines.told", "pipelines.rounds"


@dataclass(frozen=True)
class Sight:
    """What there is to draw of a pipeline.

    Args:
        name: Of the pipeline.
        draft: As this tab sees it, see `bench.pipelines.open`.
        newest: As it stands now.
        findings: Problems and schemas of what this tab sees, see `bench.check`.
        operators: The catalogue by name.
        selected: The node that is shown; None where there is none.
        held: What this tab remembers of the pipeline.
    """

    name: str
    draft: Document
    newest: Document
    findings: Document
    operators: Mapping[str, Document]
    selected: str | None
    held: dict[str, Any] = field(repr=False)

    @property
    def made(self) -> float:
        """When the pipeline was created: tells it from any other, also where that has taken its name."""
        return float(self.draft["created"])

    @property
    def round(self) -> int:
        """How often this tab took the newest for its own: forms begin anew, without what was filled in before."""
        return int(notes(_ROUNDS).get(str(self.made), 0))

    @property
    def document(self) -> Document:
        """The pipeline's document."""
        return self.draft["document"]  # type: ignore[no-any-return]

    @property
    def nodes(self) -> Mapping[str, Document]:
        """Node documents by name."""
        return self.document["nodes"]  # type: ignore[no-any-return]

    def operator_of(self, node: str) -> Document | None:
        """What the catalogue says of a node's operator; None where it is not known."""
        return self.operators.get(str(self.nodes[node]["operator"]).partition("@")[0])

    def title_of(self, node: str) -> str:
        """What the operator of a node is called, in the language of the session."""
        found = self.operator_of(node)
        return title_of(found) if found else str(self.nodes[node]["operator"])

    def problems_of(self, node: str) -> list[Document]:
        """What is wrong with a node."""
        return [problem for problem in self.findings["problems"] if problem["node"] == node]


def look(name: str) -> Sight:
    """Return the pipeline `name` as this tab sees it; what was asked for by a click on the canvas is then chosen."""
    held = notes(_DESIGNER)
    bench = workbench()
    newest = bench.pipelines.open(name)
    if held.get("created") != newest["created"]:
        held.clear()
    held.update(name=name, created=newest["created"])  # under another name it is still the one that was seen
    draft = held.setdefault("draft", newest)
    if draft["revision"] == newest["revision"]:
        draft = held["draft"] = newest
    nodes = list(draft["document"]["nodes"])
    _turn(held, nodes)
    findings = bench.check(Pipeline.from_valid(draft["document"]))
    wrong = [problem["node"] for problem in findings["problems"] if problem["node"] in nodes]
    selected = _selected(nodes, [*wrong, *nodes[-1:]])
    operators = {entry["name"]: entry for entry in bench.operators.list()}
    return Sight(name, draft, newest, findings, operators, selected, held)


def look_again(sight: Sight) -> Sight:
    """Return a pipeline as this tab sees it, where only a part of the page is drawn anew.

    Where it is not there under its name any more, the whole page is drawn anew, which says what became of it.
    """
    try:
        made = workbench().pipelines.open(sight.name)["created"]
    except KNOWN:
        made = None
    if made != sight.made:
        st.rerun()
    return look(sight.name)


def adopt(draft: Document) -> None:
    """See a pipeline as this tab itself has just changed it, where that was not done through `change`."""
    notes(_DESIGNER).update(name=draft["name"], draft=draft)


def _selected(nodes: Sequence[str], likely: Sequence[str]) -> str | None:
    """Return the node that is shown: of the link, as it was, or the likeliest."""
    if not nodes:
        return None
    follow_link("node", nodes)
    return settle("node", nodes, likely[0])


def turned(sight: Sight) -> Sight:
    """Return what this tab sees after `select` or `ask_about`, before anything of that is drawn."""
    _turn(sight.held, list(sight.nodes))
    return replace(sight, selected=settle("node", list(sight.nodes), str(sight.selected)))


def _turn(held: dict[str, Any], nodes: Sequence[str]) -> None:
    if (wanted := held.pop("wanted", None)) in nodes:
        choose("node", wanted)
    if view := held.pop("wanted_view", None):
        choose("pipeline_view", view)


def edit(sight: Sight, operation: Document, pressed: str = "", taken: Callable[[], None] = lambda: None) -> None:
    """Make one edit (see `engine.graph.edits`) on the pipeline as this tab sees it, and draw the page anew.

    Args:
        sight: The pipeline as the page was drawn.
        operation: The edit.
        pressed: The button, where its second click must not do the same again.
        taken: Called once the choice has had its effect, or has none: what is taken as done before that is lost where
            another draw of the page breaks in, as it may at any look at the session.
    """
    name, desk = sight.name, workbench().pipelines

    def make(revision: int) -> Document:
        if not pressed:
            return desk.edit(name, revision, operation, created=sight.made)
        kind = f"pipelines.{pressed}.{name}.{sight.made}"
        once(kind, lambda: str(desk.edit(name, revision, operation, created=sight.made)["revision"]))
        return desk.open(name)

    change(sight, make, operation, taken)


def change(
    sight: Sight,
    make: Callable[[int], Document],
    operation: Document | None = None,
    taken: Callable[[], None] = lambda: None,
) -> None:
    """Change the pipeline from the revision that this tab sees, and draw the page anew; a new node is then shown.

    Args:
        sight: The pipeline as the page was drawn; where the tab shows another by now, nothing is done.
        make: Takes that revision and returns the pipeline after the change.
        operation: Is offered to be made on the newest revision, where somebody was faster.
        taken: See `edit`.
    """
    held = notes(_DESIGNER)
    if (held.get("name"), held.get("created")) != (sight.name, sight.made):
        st.rerun()
    before = held["draft"]["document"]["nodes"]
    try:
        held["draft"] = _made(make, held["draft"]["revision"], taken)
        _forget(held)
        fresh = [node for node in held["draft"]["document"]["nodes"] if node not in before]
        if fresh and (operation or {}).get("op") in ("add", "rename"):
            select(fresh[0])
    except StaleDraftError:
        held["pending"] = operation
    except KNOWN as error:
        held["refused"] = error
    st.rerun()


def _made(make: Callable[[int], Document], revision: int, taken: Callable[[], None]) -> Document:
    """Return the pipeline after a change that is taken as done once it was made or refused, and not before."""
    try:
        made = make(revision)
    except Exception:  # not where a newer draw of the page breaks in, which is no Exception: then it is chosen still
        taken()
        raise
    taken()
    return made


def select(node: str) -> None:
    """Show this node when the page is drawn anew, and no link."""
    _forget(notes(_DESIGNER))
    notes(_DESIGNER).update(wanted=node, wanted_view="step")


def ask_about(**what: tuple[str, str]) -> None:
    """Show a link (`link`: target and port), or ask which ports to connect (`asking`: source and target)."""
    _forget(notes(_DESIGNER))
    notes(_DESIGNER).update(what, wanted_view="step")


def seen(name: str) -> tuple[int | None, float | None]:
    """Return the revision of a pipeline that this tab has drawn, and when it was created; None before it was drawn."""
    held = notes(_DESIGNER)
    return (held["draft"]["revision"], held["created"]) if held.get("name") == name else (None, None)


def shown_before() -> tuple[str, float] | None:
    """Return name and creation of the pipeline that this tab has drawn last; None where it has drawn none."""
    held = notes(_DESIGNER)
    return (held["name"], held["created"]) if "draft" in held else None


def tell(sentence: str) -> None:
    """Say something above the pipeline that is drawn next."""
    notes(_TOLD_NEXT)["told"] = sentence


def draw_conflict(sight: Sight) -> None:
    """Say what could not be done, and who has changed the pipeline meanwhile, with the ways on."""
    if error := sight.held.pop("refused", None):
        draw_error(error)
    for told in (notes(_TOLD_NEXT).pop("told", None), sight.held.pop("told", None)):
        if told:
            st.info(told, icon=":material/info:")
    if sight.draft["revision"] == sight.newest["revision"]:
        return
    pending = sight.held.get("pending")
    told = t("pipelines.stale", who=plain(_who(sight.newest)), what=_what(sight.newest["change"].get("operation")))
    waits = f"  \n{t('pipelines.pending', what=_what(pending))}" if pending else ""
    st.warning(told + waits, icon=":material/sync_problem:")
    with st.container(horizontal=True):
        at = (sight.made, sight.newest["revision"])
        newest = about("pipelines.newest", *at)
        if st.button(t("pipelines.show_newest"), key=newest, type="primary", icon=":material/refresh:"):
            sight.held["draft"] = sight.newest
            _forget(sight.held)
            rounds = notes(_ROUNDS)
            rounds[str(sight.made)] = sight.round + 1
            st.rerun()
        if pending and st.button(
            t("pipelines.make_mine"), key=about("pipelines.mine", *at), icon=":material/merge:", disabled=read_only()
        ):
            sight.held["draft"] = sight.newest
            edit(sight, pending)


def _forget(held: dict[str, Any]) -> None:
    for key in ("pending", "link", "asking"):
        held.pop(key, None)


def _who(draft: Document) -> str:
    who = str(draft["change"].get("actor") or "")
    return t("pipelines.another_tab") if who in ("", workbench().settings.actor) else who


def _what(operation: Document | None) -> str:
    """Return an edit in words."""
    found = operation or {}
    kind = str(found.get("op") or "")
    subject = str(found.get("node") or found.get("to") or found.get("operator") or "")
    told = t(f"pipelines.did_{kind}") if kind in _TOLD else t("pipelines.did_edit")
    return f"{told} {plain(subject)}".strip()


_TOLD = frozenset(
    ("add", "remove", "connect", "disconnect", "set", "rename", "move", "replace", "undo", "redo", "restore", "name")
)
