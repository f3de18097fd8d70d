"""A slice opens with the versions of its operators, or carried forward where it answers as before; else it says why."""

import json
from dataclasses import replace

import pytest

from engine.errors import StoreError
from engine.serving import folder
from engine.serving.replay import Answered
from engine.stores.manifest import seal_folder
from operators.prepare.fill_missing import FillMissing
from operators.registry import UnknownOperatorError

KEY = b"k" * 32


@pytest.fixture
def kept(churn, customers, tmp_path):
    """The churn slice with what it answers, stored with `fill_missing@1`."""
    folder.save(churn, tmp_path / "slice", KEY)
    folder.keep_answers(tmp_path / "slice", Answered.by(churn, customers), KEY)
    return tmp_path / "slice"


@pytest.fixture
def raised(monkeypatch):
    """`fill_missing` as version 2; its answers may be made to differ, or its parameters to be refused."""

    def raise_it(apply=None, upgrade=None):
        monkeypatch.setattr(FillMissing, "card", replace(FillMissing.card, version=2))
        if apply:
            monkeypatch.setattr(FillMissing, "apply", apply)
        if upgrade:
            monkeypatch.setattr(FillMissing, "upgrade", classmethod(upgrade))

    return raise_it


def without_answers(kept):
    (kept / folder.ANSWERED).unlink()
    seal_folder(kept, KEY)


def test_a_slice_is_carried_forward_where_it_answers_as_before(kept, raised, churn, row):
    raised()
    piece = folder.load(kept, KEY)
    assert piece.answer([row]) == churn.answer([row])
    assert piece.steps[1].operator.card.version == 2


def test_what_answers_otherwise_now_is_refused_in_a_sentence(kept, raised):
    raised(apply=lambda self, values, table: table.with_columns(age=0))
    with pytest.raises(
        StoreError, match="version 1 of 'fill_missing', which is not here any more, and version 2"
    ) as no:
        folder.load(kept, KEY)
    assert "register it again" in no.value.hint


def test_what_fails_now_is_refused_in_the_same_sentence(kept, raised):
    raised(apply=lambda self, values, table: table.select("no such column"))
    with pytest.raises(StoreError, match="version 2 gives other answers"):
        folder.load(kept, KEY)


def test_parameters_that_are_not_taken_any_more_are_said(kept, raised):
    raised(upgrade=lambda cls, version, parameters: {**parameters, "statistic": "magic"})
    with pytest.raises(
        StoreError, match="version 1 of 'fill_missing', whose parameters are not taken any more: statis"
    ):
        folder.load(kept, KEY)


def test_parameters_are_carried_forward(kept, raised):
    raised(upgrade=lambda cls, version, parameters: {**parameters, "statistic": "mean"})
    assert folder.load(kept, KEY).steps[1].operator.statistic == "mean"  # what it learnt is what counts


def test_a_slice_of_before_answers_were_kept_opens_too(kept, raised, churn, row):
    without_answers(kept)
    raised()
    assert folder.load(kept, KEY).answer([row]) == churn.answer([row])


def test_a_version_that_no_workbench_here_knows_is_said(kept):
    document = json.loads((kept / folder.DOCUMENT).read_text("utf-8"))
    document["steps"][1]["operator"]["version"] = 9
    (kept / folder.DOCUMENT).write_text(json.dumps(document), "utf-8")
    seal_folder(kept, KEY)
    with pytest.raises(UnknownOperatorError, match="'fill_missing' has no version 9"):
        folder.load(kept, KEY)


def test_a_newer_format_is_said(kept):
    document = json.loads((kept / folder.DOCUMENT).read_text("utf-8"))
    (kept / folder.DOCUMENT).write_text(json.dumps({**document, "format": 2}), "utf-8")
    seal_folder(kept, KEY)
    with pytest.raises(StoreError, match="The slice has format 2, and this workbench reads 1"):
        folder.load(kept, KEY)


def test_every_parameter_is_stored_also_one_that_nobody_set(kept):
    said = json.loads((kept / folder.DOCUMENT).read_text("utf-8"))
    assert said["resolved"]
    assert set(said["steps"][1]["operator"]["with"]) == set(FillMissing.model_fields)
