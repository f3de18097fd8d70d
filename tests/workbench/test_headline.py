"""A list tells runs apart by one figure each, and always by the same kind of figure."""

import pytest

from engine.runs.headline import headline


@pytest.mark.parametrize(("metrics", "shown"), [
    ({}, None),
    ({"score": {"confusion": [[1]], "note": None, "sure": True}}, None),
    ({"score": {"log_loss": 0.3, "roc_auc": 0.9}}, ("score", "roc_auc", 0.9)),
    ({"score": {"mae": 1, "rmse": 2}}, ("score", "rmse", 2.0)),
    ({"first": {"f1": 0.1}, "last": {"f1": 0.2}}, ("last", "f1", 0.2)),
    ({"rows": {"odd": 3, "other": 4}}, ("rows", "odd", 3.0)),
])  # fmt: skip
def test_the_figure_that_says_most_is_shown(metrics, shown):
    found = headline(metrics)
    assert (found and (found["node"], found["name"], found["value"])) == shown


def test_every_run_of_a_list_has_its_figure_and_one_that_goes_on_is_looked_at_again(models_bench):
    runs = models_bench.runs
    for one in runs.list(statuses=("succeeded",)):
        document = runs.show(one["id"])
        named = one["metric"] and document["metrics"][one["metric"]["node"]][one["metric"]["name"]]
        assert (one["metric"] is None) == (not document["metrics"])
        assert named == (one["metric"] and one["metric"]["value"])
    assert any(one["metric"] for one in runs.list())
