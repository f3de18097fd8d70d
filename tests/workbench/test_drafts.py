"""Pipelines kept by name: nothing acknowledged is lost, and every edit can be undone."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine import Pipeline, Workbench
from engine.errors import EngineError, InvalidNameError, NotFoundError, PipelineError, StaleDraftError
from engine.graph.document import PipelineDocumentError, check

TEXT = "name: other\nnodes: {a: {operator: read_dataset, with: {dataset: customers}}}"


@pytest.fixture
def bench(tmp_path):
    return Workbench.open(tmp_path / "workspace")


@pytest.fixture
def draft(bench):
    return bench.pipelines.create("churn", TEXT)


def test_a_pipeline_is_called_as_it_is_kept(bench, draft):
    assert (draft["revision"], draft["document"]["name"]) == (1, "churn")
    assert (draft["can_undo"], draft["can_redo"]) == (False, False)
    assert bench.pipelines.rename("churn", 1, "leavers")["document"]["name"] == "leavers"


def test_what_is_written_wrong_is_kept_and_checked(bench, draft):
    after = bench.pipelines.edit("churn", 1, {"op": "add", "node": "b", "operator": "no_such", "with": {"x": 1}})
    assert after["document"]["nodes"]["b"] == {"operator": "no_such", "with": {"x": 1}}
    problems = bench.pipelines.check("churn")["problems"]
    assert {problem["node"] for problem in problems} == {"a", "b"}
    assert bench.pipelines.list()[0]["problems"] == len(problems)


def test_undo_and_redo_walk_the_same_steps(bench, draft):
    name = bench.pipelines
    edited = name.edit("churn", 1, {"op": "add", "operator": "split_rows"})
    undone = name.undo("churn", edited["revision"])
    assert (undone["document"], undone["can_redo"]) == (draft["document"], True)
    redone = name.redo("churn", undone["revision"])
    assert (redone["document"], redone["can_redo"], redone["revision"]) == (edited["document"], False, 4)


def test_a_new_edit_after_undo_drops_what_could_be_redone(bench, draft):
    name = bench.pipelines
    name.edit("churn", 1, {"op": "add", "operator": "split_rows"})
    name.undo("churn", 2)
    assert not name.edit("churn", 3, {"op": "remove", "node": "a"})["can_redo"]


def test_at_either_end_undo_and_redo_change_nothing(bench, draft):
    assert bench.pipelines.undo("churn", 1) == draft
    assert bench.pipelines.redo("churn", 1) == draft


def test_a_stale_edit_is_refused_and_says_who_did_what(bench, draft, monkeypatch):
    bench.pipelines.edit("churn", 1, {"op": "add", "node": "b", "operator": "split_rows"})
    with pytest.raises(StaleDraftError, match=r"local changed the pipeline 'churn' meanwhile.*add b, revision 2"):
        bench.pipelines.edit("churn", 1, {"op": "remove", "node": "a"})
    assert set(bench.pipelines.open("churn")["document"]["nodes"]) == {"a", "b"}


CHANGES = {
    "edit": lambda desk, **seen: desk.edit("churn", 1, {"op": "remove", "node": "a"}, **seen),
    "undo": lambda desk, **seen: desk.undo("churn", 1, **seen),
    "rename": lambda desk, **seen: desk.rename("churn", 1, "x", **seen),
    "run": lambda desk, **seen: desk.run("churn", 1, **seen),
    "restore": lambda desk, **seen: desk.restore("churn", 1, 1, **seen),
    "delete": lambda desk, **seen: desk.delete("churn", 1, **seen),
    "name_version": lambda desk, **seen: desk.name_version("churn", "v", 1, **seen),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_is_done_to_another_pipeline_that_has_taken_the_name(bench, draft, change):
    desk = bench.pipelines
    desk.delete("churn")
    other = desk.create("churn", TEXT)
    with pytest.raises(StaleDraftError, match="another pipeline than the one that was shown"):
        change(desk, created=draft["created"])
    assert desk.open("churn") == other


def test_a_change_of_a_renamed_pipeline_is_refused_by_the_one_that_it_is_now(bench, draft):
    bench.pipelines.rename("churn", 1, "leavers")
    with pytest.raises(StaleDraftError, match=r"'leavers'.*revision 2"):
        bench.pipelines.edit("churn", 1, {"op": "remove", "node": "a"}, created=draft["created"])
    assert "a" in bench.pipelines.open("leavers")["document"]["nodes"]


def test_what_somebody_has_changed_meanwhile_is_not_deleted(bench, draft):
    bench.pipelines.edit("churn", 1, {"op": "add", "operator": "split_rows"})
    with pytest.raises(StaleDraftError):
        bench.pipelines.delete("churn", 1)
    assert [row["name"] for row in bench.pipelines.list()] == ["churn"]


@pytest.mark.parametrize("change", ["undo", "redo", "rename", "run", "restore"])
def test_everything_that_changes_a_pipeline_asks_for_the_revision(bench, draft, change):
    bench.pipelines.name_version("churn", "v")
    bench.pipelines.edit("churn", 1, {"op": "add", "operator": "split_rows"})
    arguments = {"rename": ("churn", 1, "x"), "restore": ("churn", 1, 1)}.get(change, ("churn", 1))
    with pytest.raises(StaleDraftError):
        getattr(bench.pipelines, change)(*arguments)


def test_a_refused_edit_changes_nothing(bench, draft):
    with pytest.raises(EngineError):
        bench.pipelines.edit("churn", 1, {"op": "remove", "node": "nobody"})
    assert bench.pipelines.open("churn") == draft


@pytest.mark.parametrize("name", ["", "../x", "a/b", "CON", "a" * 65, "x\x00", "<b>"])
def test_a_pipeline_is_named_as_a_dataset_is(bench, draft, name):
    for call in (bench.pipelines.create, lambda new: bench.pipelines.rename("churn", 1, new)):
        with pytest.raises(InvalidNameError, match="A pipeline cannot"):
            call(name)


def test_no_two_pipelines_have_one_name(bench, draft):
    bench.pipelines.duplicate("churn", bench.pipelines.free_name("churn"))
    assert [row["name"] for row in bench.pipelines.list()] == ["churn 2", "churn"]
    for call in (lambda: bench.pipelines.create("churn"), lambda: bench.pipelines.rename("churn 2", 1, "churn")):
        with pytest.raises(PipelineError, match="already"):
            call()


def test_a_copy_is_of_the_revision_that_was_looked_at(bench, draft):
    made = draft["created"]
    bench.pipelines.edit("churn", 1, {"op": "remove", "node": next(iter(draft["document"]["nodes"]))})
    with pytest.raises(StaleDraftError, match="changed the pipeline 'churn' meanwhile"):
        bench.pipelines.duplicate("churn", "copy", 1, created=made)
    with pytest.raises(StaleDraftError, match="another pipeline"):
        bench.pipelines.duplicate("churn", "copy", 2, created=made - 1)
    bench.pipelines.duplicate("churn", "copy", 2, created=made)
    assert bench.pipelines.open("copy")["document"]["nodes"] == bench.pipelines.open("churn")["document"]["nodes"]


def test_text_that_is_no_pipeline_makes_none(bench):
    with pytest.raises(PipelineDocumentError):
        bench.pipelines.create("x", "name: [")
    assert bench.pipelines.list() == []


def test_a_deleted_pipeline_comes_back_with_its_history(bench, draft):
    edited = bench.pipelines.edit("churn", 1, {"op": "add", "operator": "split_rows"})
    bench.pipelines.delete("churn")
    with pytest.raises(NotFoundError):
        bench.pipelines.open("churn")
    assert [row["name"] for row in bench.pipelines.list(deleted=True)] == ["churn"]
    back = bench.pipelines.take_back("churn")
    assert (back["document"], back["can_undo"]) == (edited["document"], True)


def test_a_version_is_restored_as_a_step_that_can_be_undone(bench, draft):
    assert bench.pipelines.name_version("churn", " as sent to Bo ") == 1
    edited = bench.pipelines.edit("churn", 1, {"op": "remove", "node": "a"})
    version = bench.pipelines.versions("churn")[0]
    assert (version["label"], version["nodes"]) == ("as sent to Bo", 1)
    restored = bench.pipelines.restore("churn", 1)
    assert restored["document"] == draft["document"]
    assert bench.pipelines.undo("churn", restored["revision"])["document"] == edited["document"]


@pytest.mark.parametrize("label", ["", "  ", "a\nb", "a" * 201])
def test_a_label_is_one_line(bench, draft, label):
    with pytest.raises(PipelineError, match="version"):
        bench.pipelines.name_version("churn", label)


def test_a_pipeline_that_never_ran_is_idle(bench, draft):
    states = bench.pipelines.states("churn")
    assert (states["run"], states["nodes"]["a"]["state"]) == (None, "idle")


def test_a_pipeline_with_problems_does_not_run(bench, draft):
    with pytest.raises(PipelineError, match="customers"):
        bench.pipelines.run("churn", 1)


NODES = st.sampled_from(["a", "b", "c", "d"])
EDITS = st.one_of(
    st.builds(lambda n, o: {"op": "add", "node": n, "operator": o}, NODES, st.sampled_from(["split_rows", "what"])),
    st.builds(lambda n: {"op": "remove", "node": n}, NODES),
    st.builds(lambda n, m: {"op": "connect", "from": n, "to": m, "port": "table"}, NODES, NODES),
    st.builds(lambda n, v: {"op": "set", "node": n, "with": {"x": v}}, NODES, st.integers() | st.text()),
    st.builds(lambda n, m: {"op": "rename", "node": n, "to": m}, NODES, NODES),
    st.builds(lambda n, x: {"op": "move", "positions": {n: [x, 0]}}, NODES, st.floats()),
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One workbench for properties that make a pipeline of their own each time."""
    return Workbench.open(tmp_path_factory.mktemp("drafts") / "workspace")


class Editing(RuleBasedStateMachine):
    """C5: whatever is done, the pipeline is a valid document, and undo and redo walk the same documents."""

    desk = None

    def __init__(self):
        super().__init__()
        self.draft = self.desk.create(self.desk.free_name("p"))
        self.past, self.future = [self.draft["document"]], []

    @rule(edit=EDITS)
    def edit(self, edit):
        try:
            self.draft = self.desk.edit(self.draft["name"], self.draft["revision"], edit)
        except EngineError:
            return
        self.past.append(self.draft["document"])
        self.future.clear()

    @precondition(lambda self: len(self.past) > 1)
    @rule()
    def undo(self):
        self.draft = self.desk.undo(self.draft["name"], self.draft["revision"])
        self.future.append(self.past.pop())

    @precondition(lambda self: self.future)
    @rule()
    def redo(self):
        self.draft = self.desk.redo(self.draft["name"], self.draft["revision"])
        self.past.append(self.future.pop())

    @invariant()
    def what_is_kept_is_what_was_acknowledged(self):
        kept = self.desk.open(self.draft["name"])
        assert kept["document"] == self.past[-1]
        assert (kept["can_undo"], kept["can_redo"]) == (len(self.past) > 1, bool(self.future))
        assert check(json.loads(json.dumps(kept["document"]))) == ()


def edit_at_random(desk, examples):
    Editing.desk = desk
    Editing.TestCase.settings = settings(max_examples=examples, stateful_step_count=25, deadline=None)
    Editing.TestCase().runTest()


def test_undo_and_redo_are_the_identity_whatever_is_done(shared):
    edit_at_random(shared.pipelines, 25)


@pytest.mark.slow
def test_undo_and_redo_are_the_identity_over_five_thousand_edits(shared):
    edit_at_random(shared.pipelines, 200)


MOVES = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=25)
ONE_DESK = [HealthCheck.function_scoped_fixture]


@settings(max_examples=25, deadline=None, suppress_health_check=ONE_DESK)
@given(moves=MOVES)
def test_two_editors_lose_no_acknowledged_edit(shared, moves):
    interleave(shared.pipelines, moves)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=ONE_DESK)
@given(moves=MOVES)
def test_two_editors_lose_no_acknowledged_edit_in_200_interleavings(shared, moves):
    interleave(shared.pipelines, moves)


def interleave(desk, moves):
    """C1: each adds nodes; one that is told it came second looks again, and what was acknowledged stays."""
    name = desk.create(desk.free_name("two"))["name"]
    seen = {True: 1, False: 1}
    kept = []
    for number, (editor, looks) in enumerate(moves):
        seen[editor] = desk.open(name)["revision"] if looks else seen[editor]
        try:
            seen[editor] = desk.edit(name, seen[editor], {"op": "add", "node": f"n{number}", "operator": "x"})[
                "revision"
            ]
            kept.append(f"n{number}")
        except StaleDraftError:
            assert desk.open(name)["revision"] > seen[editor]
    assert list(desk.open(name)["document"]["nodes"]) == kept


def test_a_whole_pipeline_goes_in_and_comes_out_the_same(bench):
    pipeline = Pipeline("p").add("a", "read_dataset").add("b", "split_rows", table="a", resources={"cpu": 1}, pin=True)
    assert bench.pipelines.create("p", pipeline)["document"] == pipeline.document()


def test_a_pipeline_is_python_yaml_and_what_may_feed_what(bench, draft):
    bench.pipelines.edit("churn", 1, {"op": "add", "node": "halves", "operator": "split_rows", "after": "a"})
    assert '.add("halves", SplitRows(), table="a.table")' in bench.pipelines.python("churn")
    assert bench.pipelines.yaml("churn").startswith("name: churn\n")
    assert bench.pipelines.offers("churn", "halves") == {"table": ["a.table"]}
    assert bench.pipelines.links("churn", "a", "halves") == [("a.table", "table")]


def test_a_pipeline_file_keeps_its_name(bench):
    desk = bench.pipelines
    text = "name: monthly churn\nnodes:\n  read: {operator: read_dataset, with: {dataset: x}}\n"
    assert desk.name_in(text) == "monthly churn"
    assert desk.create(source=text)["name"] == "monthly churn"
    assert desk.create(source=text)["name"] == "monthly churn 2"
    assert desk.name_in("nodes: [") == ""
