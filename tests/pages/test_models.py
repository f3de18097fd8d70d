"""The screen of models: the champion changes hands and comes back, versions side by side, a card to take away."""

import pytest

from app.models.card import summary
from app.models.deploying import short_of
from app.models.markdown import as_markdown
from app.session import workbench
from app.text import TABLES

ENGLISH, CHINESE = TABLES["en"], TABLES["zh"]
pytestmark = pytest.mark.usefixtures("unasked")


@pytest.fixture
def two(full):
    """A model with two versions, the first the champion."""
    if len(workbench().models.show("churn")) == 1:
        run = workbench().runs.list()[-1]["id"]
        workbench().models.register(run, "fit", name="churn")
    workbench().models.promote("churn", "1")
    return "churn"


def champion(name):
    return [version["version"] for version in workbench().models.show(name) if "champion" in version["aliases"]]


def test_another_version_becomes_the_champion_and_one_click_brings_the_former_back(two, screens):
    app = screens("models", model=two, version="2")
    app.button(key="models.promote.champion").click().run()
    assert champion(two) == ["2"]
    app.button(key="models.roll_back").click().run()
    assert champion(two) == ["1"]
    assert not app.exception


def test_the_way_back_that_was_pressed_on_an_older_picture_is_refused_with_a_sentence(two, screens):
    workbench().models.promote(two, "2")
    app = screens("models", model=two, version="1")
    workbench().models.promote(two, "1")  # in another tab: the former champion is version 2 now
    app.button(key="models.roll_back").click().run()
    assert "is not the former champion any more" in app.error[0].value
    assert champion(two) == ["1"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", ["card", "deploy", "beside"])
def test_every_view_opens(two, screens, view, language):
    app = screens("models", model=two, model_view=view, language=language)
    assert not app.exception
    assert not app.error


def test_a_deployment_is_asked_for_with_what_the_form_says(two, screens):
    app = screens("models", model=two, version="2", model_view="deploy")
    app.text_input[0].set_value("other").run()
    app.button(key="models.deploy").click().run()
    job = workbench().jobs.list("deploy", "other")[0]
    assert workbench().jobs.show(job["id"])["arguments"] == {
        "model": "churn", "name": "other", "version": "2", "environment": "inference",
    }  # fmt: skip
    workbench().jobs.cancel(job["id"])


def test_a_share_that_does_not_fit_is_a_sentence_and_cannot_be_asked_for(two, screens):
    app = screens("models", model=two, model_view="deploy")
    free = next(one for one in workbench().resources()["environments"] if one["name"] == "inference")["free"]["cpu"]
    app.text_input[0].set_value("new").run()
    app.number_input(key="models.cpu").set_value(free / 10_000 + 0.1).run()
    assert any("does not fit" in warning.value for warning in app.warning)
    assert app.button(key="models.deploy").disabled


def test_what_the_old_version_holds_counts_as_free_for_the_new_one():
    environment = {"free": {"cpu": 1000, "gpu": 0}}
    assert short_of({"cpu": 0.2, "gpu": None}, environment, {}) == {"cpu": {"needed": "0.2", "free": "0.1"}}
    assert short_of({"cpu": 0.2, "gpu": None}, environment, {"cpu": 0.15}) == {}


def test_a_card_as_markdown_has_the_figures_and_nothing_that_names_can_break(two):
    card = workbench().models.card(two, "1")
    text = as_markdown({**card, "target": "a|b<i>"}, summary(card))
    assert "| score | ROC AUC |" in text
    assert ENGLISH["models.limits"] in text
    assert "<i>" not in text


def test_read_only_nothing_can_be_pressed_that_writes(two, screens, monkeypatch):
    monkeypatch.setenv("TANDEM_READ_ONLY", "1")
    app = screens("models", model=two, version="2", model_view="deploy")
    writing = [button for button in app.button if button.key.startswith("models.")]
    assert len(writing) >= 2
    assert all(button.disabled for button in writing)
