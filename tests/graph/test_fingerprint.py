"""A fingerprint is named parts: it changes with everything a result depends on, and with nothing else."""

import contextlib
import itertools
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from engine import doors
from engine.graph.binding import BoundPipeline
from engine.graph.fingerprint import changed, digest, own_parts, stage_parts
from engine.graph.pipeline import Pipeline
from engine.graph.plan import plan
from operators import identity
from operators.learners.algorithm import learners_in
from operators.learners.random_forest import RandomForest
from operators.registry import BUILTIN

KEPT = {"read": {"table": "c0ffee"}}


def parts(pipeline, node="b", contents=KEPT, **options):
    bound = BoundPipeline.of(pipeline)
    given = {"sources": {"dataset:people": "abc"}, "engine": "polars", "seed": 0} | options
    return stage_parts(bound, plan(bound).stage_of(node), contents, **given)[node]


@pytest.fixture
def pipeline():
    return (
        Pipeline("p")
        .add("read", "read_dataset")
        .set("read", dataset="people")
        .add("a", "formula_column", table="read")
        .set("a", name="x", expression="age + 1")
        .add("b", "formula_column", table="a")
        .set("b", name="y", expression="x + 1")
    )


def test_the_parts_say_what_they_are(pipeline):
    libraries = {f"library.{name}" for name in ("duckdb", "narwhals", "numpy", "polars")}
    own = {"operator", "code", "engine", "door.tables", "parameter.name", "parameter.expression", "input.table"}
    assert set(parts(pipeline)) == own | libraries


def test_equal_work_has_equal_parts(pipeline):
    assert parts(pipeline) == parts(Pipeline.from_text(pipeline.to_yaml()))


def test_a_changed_parameter_is_the_only_difference_at_its_node(pipeline):
    after = pipeline.set("b", expression="x + 2")
    assert changed(parts(pipeline), parts(after)) == [
        {"part": "parameter.expression", "before": '"x + 1"', "after": '"x + 2"'}
    ]


def test_a_change_upstream_changes_the_input(pipeline):
    after = pipeline.set("a", expression="age + 2")
    assert [change["part"] for change in changed(parts(pipeline), parts(after))] == ["input.table"]


def test_other_content_changes_the_input(pipeline):
    other = {"read": {"table": "decaf"}}
    assert parts(pipeline, "a")["input.table"] == "c0ffee"
    assert digest(parts(pipeline)) != digest(parts(pipeline, contents=other))


def test_a_source_is_known_by_its_content(pipeline):
    assert parts(pipeline, "read")["source.dataset:people"] == "abc"


def test_the_engine_is_a_part(pipeline):
    assert digest(parts(pipeline)) != digest(parts(pipeline, engine="duckdb"))


def test_the_seed_counts_only_where_an_operator_asks_for_one(pipeline):
    assert parts(pipeline) == parts(pipeline, seed=1)
    assert parts(pipeline, "read") != parts(pipeline, "read", seed=1)


def test_places_and_names_of_nodes_do_not_count(pipeline):
    moved = Pipeline.from_document(pipeline.document() | {"layout": {"a": [1, 2]}})
    renamed = Pipeline.from_text(pipeline.to_yaml().replace("  b:", "  other:"))
    assert parts(moved) == parts(pipeline) == parts(renamed, "other")


TRAINED = """
name: trained
nodes:
  read: {operator: read_dataset, with: {dataset: people}}
  split: {operator: split_rows, from: {table: read}}
  fill: {operator: fill_missing, from: {train: split.train}}
  fit: {operator: train_classifier, with: {target: left, algorithm: random_forest}, from: {train: fill}}
  say: {operator: predict, from: {model: fit, table: split.test}}
  again: {operator: apply_state, from: {table: split.test, state: fill.state}}
"""
MADE = {
    name: {port: f"{name}.{port}" for port in ("table", "train", "test", "state", "model")}
    for name in ("read", "split", "fill", "fit", "say", "again")
}


def trained(node, text=TRAINED):
    return parts(Pipeline.from_text(text), node, MADE)


def test_an_algorithm_given_as_a_word_counts_as_the_settings_it_stands_for(monkeypatch):
    before = trained("fit")
    field = RandomForest.model_fields["n_estimators"]
    monkeypatch.setattr(field, "default", 1)
    RandomForest.model_rebuild(force=True)
    try:
        found = changed(before, trained("fit"))
    finally:
        monkeypatch.undo()
        RandomForest.model_rebuild(force=True)
    assert [one["part"] for one in found] == ["parameter.algorithm"]
    assert '"n_estimators": 100}' in found[0]["before"]
    assert '"n_estimators": 1}' in found[0]["after"]


def test_an_algorithm_as_a_word_and_as_its_settings_are_the_same_work():
    given = TRAINED.replace("algorithm: random_forest", "algorithm: {kind: random_forest}")
    assert trained("fit") == trained("fit", given)


@pytest.mark.parametrize(("node", "part"), [("fit", "code.algorithm"), ("say", "code.model"), ("again", "code.state")])
def test_the_code_behind_a_value_is_a_part(monkeypatch, node, part):
    before = trained(node)
    real = identity._code

    def edited(name):
        behind = name in ("operators.learners.random_forest", "operators.prepare.fill_missing")
        return replace(real(name), hash="edited") if behind else real(name)

    monkeypatch.setattr(identity, "_code", edited)
    assert part in {one["part"] for one in changed(before, trained(node))}


@pytest.mark.parametrize("door", ["tables", "dataset"])
def test_a_mended_door_makes_what_came_through_it_run_again(monkeypatch, door):
    before = trained("read")
    monkeypatch.setitem(doors.DOORS, door, 99)
    assert changed(before, trained("read")) == [{"part": f"door.{door}", "before": "1", "after": "99"}]


def test_another_version_of_a_library_is_named(monkeypatch):
    before = trained("fit")
    real = identity._version
    monkeypatch.setattr(identity, "_version", lambda name: "99" if name == "sklearn" else real(name))
    identity._libraries.cache_clear()
    found = changed(before, trained("fit"))
    monkeypatch.undo()
    identity._libraries.cache_clear()
    assert [one["part"] for one in found] == ["library.sklearn"]


@pytest.mark.parametrize("name", BUILTIN.operators)
def test_no_part_of_what_an_operator_is_can_be_dropped(name):
    """Each field is a part, with its default; the code and the version are, too."""
    for example in BUILTIN.find(name).examples():
        found = own_parts(example.operator)
        fields = {f"parameter.{field}" for field in type(example.operator).model_fields}
        assert fields | {"operator", "code"} <= set(found)


def _varied():
    """Every example, and every one with a field as another example or its default has it."""
    found = []
    for kind in BUILTIN.operators.values():
        examples = [example.operator for example in kind.examples()]
        found += examples
        for one, other in itertools.product(examples, repeat=2):
            for field in kind.model_fields:
                for parameters in (dict(one) | {field: dict(other)[field]}, {**dict(one)} | _default(kind, field)):
                    with contextlib.suppress(ValidationError):
                        found.append(kind(**parameters))
    return found


def _default(kind, field):
    info = kind.model_fields[field]
    return {} if info.is_required() else {field: info.get_default(call_default_factory=True)}


VARIED = _varied()


@given(some.sampled_from(VARIED), some.sampled_from(VARIED))
def test_operators_that_differ_in_any_parameter_never_share_a_fingerprint(one, other):
    same = type(one) is type(other) and resolved(one) == resolved(other)
    assert (digest(own_parts(one)) == digest(own_parts(other))) is same


@pytest.mark.parametrize("name", BUILTIN.operators)
def test_each_parameter_that_differs_is_another_fingerprint(name):
    """The same for all pairs of one operator, of which chance finds few."""
    alike = [operator for operator in VARIED if operator.card.name == name]
    by_parts, by_parameters = ({json.dumps(what(one)) for one in alike} for what in (own_parts, resolved))
    assert len(by_parts) == len(by_parameters)


def resolved(operator):
    """Return the parameters, with algorithms as the settings that they stand for."""
    document = operator.as_document(resolved=True)["with"]
    for field, learners in learners_in(operator).items():
        document[field] = [learner.model_dump(mode="json") for learner in learners]
    return document
