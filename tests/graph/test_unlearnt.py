"""A check says where it does not know the columns that users' code gives, once per script and only where it matters."""

import pytest

from engine.graph.pipeline import Pipeline
from engine.graph.problems import check
from operators.contract.tables import Column

AGES = (Column("age", "int64"),)
HEAD = "name: p\nnodes:\n  read: {operator: read_dataset, with: {dataset: people}}\n"
SCRIPT = "  clean: {operator: python_script, with: {code: 'def run(table): return table'%s}, from: {table: read}}\n"
SORT = "  %s: {operator: sort_rows, with: {by: [%s]}, from: {table: %s}}\n"


def found(*nodes, columns="", schema=AGES, learnt=lambda _: None):
    text = HEAD + SCRIPT % columns + "".join(nodes)
    return check(Pipeline.from_text(text), {"dataset:people": schema}, learnt)


def told(findings):
    return [(one.node, one.field, one.severity) for one in findings.problems]


def test_the_columns_behind_a_script_are_said_to_be_unknown_once_and_nothing_is_blocked():
    findings = found(SORT % ("one", "age", "clean"), SORT % ("two", "nothing", "clean"))
    assert told(findings) == [("clean", "columns", "warning")]
    assert findings.problems[0].sentence == "The columns that 'clean' gives are not known yet."
    assert "run it once" in findings.problems[0].hint
    assert findings.bound is not None


def test_nothing_is_said_of_a_script_that_feeds_nothing():
    findings = found()
    assert told(findings) == []
    assert [one.node for one in findings.unlearnt] == ["clean"]


def test_nothing_is_said_of_declared_columns():
    findings = found(SORT % ("one", "age", "clean"), columns=", columns: {age: int64}")
    assert (told(findings), findings.unlearnt) == ([], ())


def test_nothing_is_said_of_learnt_columns_and_a_wrong_one_behind_them_is():
    findings = found(SORT % ("one", "agee", "clean"), learnt=lambda _: {"table": AGES})
    assert told(findings) == [("one", "by", "error")]


def test_two_scripts_in_a_row_are_told_each_once():
    again = "  again: {operator: python_script, with: {code: 'def run(t): return t'}, from: {table: clean}}\n"
    findings = found(again, SORT % ("one", "age", "again"))
    assert told(findings) == [("clean", "columns", "warning"), ("again", "columns", "warning")]
    assert all("run it once" in one.hint for one in findings.problems)


def test_where_a_run_alone_knows_what_comes_in_only_a_declaration_helps():
    findings = found(SORT % ("one", "age", "clean"), schema=None)
    assert told(findings) == [("clean", "columns", "warning")]
    assert findings.problems[0].hint == "Declare them: the columns that reach it are known in a run alone."


@pytest.mark.parametrize("above", ["agee", "age"])
def test_below_a_node_at_fault_nothing_is_said_until_it_is_mended(above):
    text = HEAD + SORT % ("first", above, "read") + SCRIPT.replace("table: read", "table: first") % ""
    findings = check(Pipeline.from_text(text + SORT % ("one", "age", "clean")), {"dataset:people": AGES})
    assert told(findings) == [("first", "by", "error") if above == "agee" else ("clean", "columns", "warning")]
