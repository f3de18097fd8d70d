"""Drafts as rows: a change needs the revision it was made on, and steps are kept within reach."""

import pytest

from engine.errors import NotFoundError
from engine.records import drafts
from engine.records.drafts import DraftRow, VersionRow


@pytest.fixture
def draft(records):
    with records.write() as connection:
        return drafts.add(connection, DraftRow("churn", {"nodes": {}}, change={"actor": "anna", "operation": {}}))


def step(connection, row, number):
    """Make one more step and return the draft after it."""
    document = {"nodes": {}, "number": number}
    assert drafts.change(connection, row, document=document, position=row.position + 1)
    drafts.step_forward(connection, row, document, {"actor": "anna", "operation": {"op": "move"}})
    return drafts.get(connection, row.name)


def test_a_change_counts_the_revision_up_and_an_older_one_is_refused(records, draft):
    with records.write() as connection:
        assert drafts.change(connection, draft, problems=1)
        assert not drafts.change(connection, draft, problems=2)
        assert (drafts.get(connection, "churn").revision, drafts.get(connection, "churn").problems) == (2, 1)


def test_only_so_many_steps_are_kept(records, draft):
    with records.write() as connection:
        for number in range(1, drafts.HISTORY + 11):
            draft = step(connection, draft, number)
        assert drafts.reach(connection, "churn") == (10, drafts.HISTORY + 10)
        assert drafts.document_at(connection, "churn", 9) is None


def test_a_step_takes_the_place_of_what_could_be_redone(records, draft):
    with records.write() as connection:
        first = step(connection, draft, 1)
        step(connection, first, 2)
        drafts.change(connection, drafts.get(connection, "churn"), position=1)
        step(connection, drafts.get(connection, "churn"), 3)
        assert drafts.reach(connection, "churn") == (0, 2)
        assert drafts.document_at(connection, "churn", 2)["number"] == 3


def test_what_is_put_away_is_not_listed_and_comes_back_whole(records, draft):
    with records.write() as connection:
        step(connection, draft, 1)
        drafts.put_away(connection, "churn")
        assert drafts.listed(connection) == []
        assert [row.name for row in drafts.listed(connection, deleted=True)] == ["churn"]
        with pytest.raises(NotFoundError):
            drafts.get(connection, "churn")
        drafts.put_away(connection, "churn", back=True)
        assert drafts.reach(connection, "churn") == (0, 1)


def test_a_new_draft_may_take_the_name_of_one_put_away(records, draft):
    with records.write() as connection:
        step(connection, draft, 1)
        drafts.put_away(connection, "churn")
        drafts.add(connection, DraftRow("churn", {"nodes": {}}))
        assert drafts.reach(connection, "churn") == (0, 0)


def test_a_renamed_draft_keeps_its_steps_and_versions(records, draft):
    with records.write() as connection:
        row = step(connection, draft, 1)
        drafts.add_version(connection, VersionRow("churn", 0, "first", row.document))
        assert drafts.rename(connection, row, "leavers")
        assert drafts.find(connection, "churn") is None
        assert drafts.reach(connection, "leavers") == (0, 1)
        assert [row.label for row in drafts.versions(connection, "leavers")] == ["first"]


def test_versions_are_numbered_one_after_the_other(records, draft):
    with records.write() as connection:
        for label in ("a", "b"):
            drafts.add_version(connection, VersionRow("churn", 0, label, {"nodes": {}}))
        assert [(row.number, row.label) for row in drafts.versions(connection, "churn")] == [(2, "b"), (1, "a")]
        with pytest.raises(NotFoundError):
            drafts.version(connection, "churn", 3)
