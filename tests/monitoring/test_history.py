"""Reports are kept and come back newest first."""

import pytest

from engine.config import Workspace
from engine.monitoring import drift_report
from engine.monitoring.history import history, keep
from engine.records import Records


@pytest.fixture
def records(tmp_path):
    return Records.open(Workspace.at(tmp_path / "workspace"))


def test_reports_come_back_newest_first_as_their_documents(records, pair):
    kept = [drift_report(*pair, service="churn", window=window) for window in ("monday", "tuesday")]
    moments = [keep(records, report) for report in kept]
    found = history(records, "churn")
    assert [report["window"] for report in found] == ["tuesday", "monday"]
    assert [report["at"] for report in found] == moments[::-1]
    assert found[1] == {"at": moments[0], "number": 1, **kept[0].document()}


def test_only_as_many_as_asked_for_and_only_of_that_service(records, pair):
    for service in ("churn", "churn", "other"):
        keep(records, drift_report(*pair, service=service, window="w"))
    assert len(history(records, "churn", limit=1)) == 1
    assert len(history(records, "churn")) == 2


def test_a_service_that_was_never_looked_at_has_no_reports(records):
    assert history(records, "nobody") == []
