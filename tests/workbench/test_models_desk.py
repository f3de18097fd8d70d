"""Aliases that change hands leave a trace, versions are compared, and a version has a card; without an engine."""

import pytest

from engine.errors import NotFoundError, StoreError
from engine.serving.sketches import SOURCE, sketches
from engine.stores.models import ModelStore


@pytest.fixture
def bench(models_bench):
    return models_bench


@pytest.fixture
def first_is_champion(bench):
    bench.models.promote("churn", 1)


def test_who_changed_an_alias_is_written_down(bench, first_is_champion):
    bench.models.promote("churn", 2)
    newest = bench.models.history("churn")[0]
    assert (newest["alias"], newest["version"], newest["before"], newest["actor"]) == ("champion", "2", "1", "local")


def test_promoting_the_champion_again_is_no_change(bench, first_is_champion):
    before = bench.models.history("churn")
    bench.models.promote("churn", 1)
    assert bench.models.history("churn") == before


def test_the_former_champion_comes_back_in_one_step(bench, first_is_champion):
    bench.models.promote("churn", 2)
    assert bench.models.former("churn") == "1"
    assert "champion" in bench.models.roll_back("churn")["aliases"]
    assert [v["version"] for v in bench.models.show("churn") if "champion" in v["aliases"]] == ["1"]


def test_a_way_back_that_was_told_of_an_older_champion_is_refused(bench, first_is_champion):
    bench.models.promote("churn", 2)
    with pytest.raises(StoreError, match="Version 2 of 'churn' is not the former champion any more"):
        bench.models.roll_back("churn", "2")
    assert bench.models.former("churn") == "1"


def test_a_model_with_one_champion_has_none_to_go_back_to(bench):
    run = bench.models.card("churn", 1)["run"]
    bench.models.register(run, "fit", name="lonely")
    with pytest.raises(StoreError, match="no other champion"):
        bench.models.roll_back("lonely")


def test_versions_side_by_side_say_what_differs_and_which_is_better(bench):
    found = bench.models.compare([("churn", "1"), ("churn", "2")])
    assert [(row["node"], row["name"], row["values"]) for row in found["parameters"]] == [
        ("split", "seed", {"churn/1": 7, "churn/2": 8})
    ]
    auc = next(row for row in found["metrics"] if row["name"] == "roc_auc")
    assert auc["best"] == max(auc["values"], key=auc["values"].get)
    assert found["signature"] == []


def test_more_than_five_versions_are_too_many(bench):
    with pytest.raises(StoreError, match="too many"):
        bench.models.compare([("churn", "1")] * 6)


def test_a_card_says_of_what_a_version_was_made(bench):
    card = bench.models.card("churn", 2)
    assert card["data"] == [{"kind": "dataset", "name": "churn", "version": "churn@1"}]
    assert card["rows"] == 2400
    assert [step["node"] for step in card["steps"]] == ["read", "split", "fill", "fit"]
    assert card["settings"]["algorithm"] == "hist_gradient_boosting"
    assert card["classes"] == ["no", "yes"]
    assert {limit["code"] for limit in card["limits"]} >= {"limit_ranges", "limit_unseen", "limit_causes"}


def test_a_card_has_every_parameter_as_it_was_also_of_a_learner_by_its_name(bench):
    card = bench.models.card("churn", 2)
    fit = card["resolved"][-1]
    assert (card["defaults"], fit["node"], fit["with"]["balance"]) == ("stored", "fit", False)
    assert fit["learners"]["algorithm"][0]["max_iter"] == 100
    assert "limit_defaults" not in {limit["code"] for limit in card["limits"]}


def test_a_card_of_no_version_is_an_error(bench):
    with pytest.raises(NotFoundError):
        bench.models.card("churn", 99)


def test_registration_keeps_them_with_the_version(bench):
    folder = ModelStore(bench.workspace).load("churn", "1").parent
    found = sketches(folder)
    assert list(found) == [SOURCE, "fill"]
    assert {side: found["fill"][side]["age"].count for side in ("train", "held_out")} == {
        "train": 2400,
        "held_out": 600,
    }
