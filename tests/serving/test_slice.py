"""A slice answers rows as the training path would have."""

from typing import ClassVar

import polars as pl
import pytest

from engine.errors import ServingError
from engine.serving.slice import Slice
from operators.contract.card import Card
from operators.contract.step import Step
from operators.contract.table_operator import TableOperator
from operators.contract.tables import Column, LazyTable, lazy
from operators.contract.values.model import Model
from operators.learners.fitting import fit_model
from operators.transform.formula_column import FormulaColumn
from operators.transform.select_columns import SelectColumns


class Sum:
    """Predicts the sum of its columns."""

    def predict(self, frame):
        return frame.sum_horizontal().to_numpy()


class LookUp(TableOperator):
    """Adds what another table says of a key, in whatever order the join gives."""

    card: ClassVar[Card] = Card(title={"en": "Look up"}, category="transform", online="row")

    def transform(self, table: LazyTable, other: LazyTable) -> LazyTable:
        return table.join(other, on="key", how="left").sort("worth", descending=True)


class WholeTable(TableOperator):
    """An operator that no service can use."""

    card: ClassVar[Card] = Card(title={"en": "Whole"}, category="transform", online="refuse")

    def transform(self, table: LazyTable) -> LazyTable:
        return table


class Sample(WholeTable):
    """An operator that a service leaves out."""

    card: ClassVar[Card] = Card(title={"en": "Sample"}, category="sample", online="skip")

    def transform(self, table: LazyTable) -> LazyTable:
        return table.head(1)


def adds(*features):
    return Model("regression", "y", tuple(Column(name, "float64") for name in features), "sum", Sum())


def test_only_what_influences_a_prediction_is_required(churn):
    assert dict(churn.required) == {"age": pl.Int64, "plan": pl.String, "monthly": pl.Float64}


def test_a_renamed_column_is_followed_to_its_source():
    source = pl.Schema({"id": pl.Int64, "a": pl.Float64, "b": pl.Float64, "y": pl.Float64})
    steps = [
        Step("double", FormulaColumn(name="c", expression="a * 2")),
        Step("unused", FormulaColumn(name="d", expression="b * 2")),
        Step("keep", SelectColumns(columns=("c", "d"))),
    ]
    assert list(Slice.build(source, steps, adds("c")).required) == ["a"]


def test_a_row_is_answered_like_the_training_path(churn, customers, path):
    rows = lazy(customers)
    for step in path:
        rows = step.apply(rows)
    batch = churn.model.answer(rows.collect("polars").to_native())
    asked = [{name: row[name] for name in churn.required} for row in customers.iter_rows(named=True)]
    one_by_one = [churn.answer([row])[0] for row in asked]
    assert [one["prediction"] for one in one_by_one] == batch["prediction"].to_list()
    assert [one["probabilities"]["yes"] for one in one_by_one] == pytest.approx(batch["probability_yes"].to_list())


def test_null_takes_what_was_learnt_for_gaps(churn, row, customers):
    filled = {**row, "age": customers["age"].median()}
    assert churn.answer([{**row, "age": None}]) == churn.answer([filled])


def test_steps_for_training_rows_alone_are_left_out():
    source = pl.Schema({"a": pl.Float64})
    piece = Slice.build(source, [Step("sample", Sample())], adds("a"))
    assert piece.skipped == ("sample",)
    assert piece.answer([{"a": 1.0}, {"a": 2.0}]) == [{"prediction": 1.0}, {"prediction": 2.0}]


def test_a_step_that_needs_the_whole_table_is_refused():
    with pytest.raises(ServingError, match=r"'all' \(whole_table\) needs the whole table"):
        Slice.build(pl.Schema({"a": pl.Float64}), [Step("all", WholeTable())], adds("a"))


def test_a_required_column_without_a_form_in_json_is_refused():
    with pytest.raises(ServingError, match="'a', whose type List"):
        Slice.build(pl.Schema({"a": pl.List(pl.Int64)}), [], adds("a"))


def test_a_model_that_needs_what_is_left_out_is_refused():
    with pytest.raises(ServingError, match="'sample'"):
        Slice.build(pl.Schema({"a": pl.Float64}), [Step("sample", Sample())], adds("made by sample"))


def test_a_model_of_no_columns_answers_every_row():
    rows = pl.DataFrame({"left": ["yes", "no", "yes"]})
    model = fit_model(rows, "left", "classification", "baseline")
    piece = Slice.build(rows.schema, [], model)
    assert dict(piece.required) == {}
    assert [one["prediction"] for one in piece.answer([{}, {"left": "no"}])] == ["yes", "yes"]


def test_rows_keep_their_order_through_a_join():
    other = lazy(pl.DataFrame({"key": ["x", "y"], "worth": [1.0, 2.0]}))
    piece = Slice.build(pl.Schema({"key": pl.String}), [Step("look", LookUp(), beside={"other": other})], adds("worth"))
    assert [one["prediction"] for one in piece.answer([{"key": key} for key in "xyx"])] == [1.0, 2.0, 1.0]


def test_a_join_that_multiplies_rows_is_named():
    other = lazy(pl.DataFrame({"key": ["x", "x"], "worth": [1.0, 2.0]}))
    piece = Slice.build(pl.Schema({"key": pl.String}), [Step("look", LookUp(), beside={"other": other})], adds("worth"))
    with pytest.raises(ServingError, match=r"'look' .* one row for each"):
        piece.answer([{"key": "x"}])
