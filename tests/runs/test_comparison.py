"""Runs side by side: which parameters differ, which figure is better, what is not comparable."""

import pytest

from engine.runs.comparison import parameters, source_name
from engine.runs.merit import best, side_by_side


@pytest.mark.parametrize(("name", "expected"), [("roc_auc", "b"), ("log_loss", "a"), ("rows", None)])
def test_the_better_figure_is_named_where_the_metric_has_a_direction(name, expected):
    assert best(name, {"a": 0.1, "b": 0.9}) == expected


@pytest.mark.parametrize("values", [{"a": 0.5, "b": 0.5}, {"a": 0.5}, {"a": 0.5, "b": None}])
def test_equal_or_lonely_figures_have_no_best(values):
    assert best("accuracy", values) is None


def test_figures_that_are_no_numbers_are_left_out():
    rows = side_by_side({"a": {"score": {"f1": 0.5, "confusion": {}}}, "b": {"score": {"f1": 0.6}}, "c": {}})
    expected = {"node": "score", "name": "f1", "values": {"a": 0.5, "b": 0.6, "c": None}, "best": "b"}
    assert rows == [{**expected, "better": "higher"}]


def test_only_parameters_that_differ_are_told():
    rows = parameters({"a": {("fit", "rate"): 0.1, ("fit", "depth"): 3}, "b": {("fit", "depth"): 3, ("", "seed"): 1}})
    assert rows == [
        {"node": "fit", "name": "rate", "values": {"a": 0.1, "b": None}},
        {"node": "", "name": "seed", "values": {"a": None, "b": 1}},
    ]


def test_a_dataset_is_named_by_its_version_and_a_file_by_its_hash_too():
    assert source_name({"label": "customers@3", "table": {}, "hash": "ab"}) == "customers@3"
    assert source_name({"label": "rows.csv", "table": None, "hash": "0123456789"}) == "rows.csv (01234567)"
