"""What was deleted goes though the engine is killed: the next one removes the files."""

import time

import pytest

from engine.config import Settings
from engine.records import datasets, deletions
from engine.stores.models import ModelStore
from engine.workbench.deleting.desk import DeletionDesk
from engine.workbench.deleting.member import Place
from tests.host.conftest import wait_for

pytestmark = pytest.mark.slow  # the keeper looks every five seconds


def test_files_of_what_was_deleted_go_with_the_next_engine(bench):
    folder = bench.workspace.datasets / "f"
    folder.mkdir()
    (folder / "table.parquet").write_text("x")
    with bench.records.write() as connection:
        datasets.add(connection, datasets.DatasetRow("people", 0, "h", {"folder": "f"}))
    bench.engine.ensure()
    wait_for(lambda: bench.engine.status().ready)
    told = DeletionDesk(Place(bench.workspace, bench.records, ModelStore(bench.workspace)), Settings()).delete(
        "dataset", "people"
    )
    bench.kill()
    assert folder.exists()
    with bench.records.write() as connection:
        [row] = deletions.of(connection, told["id"])
        deletions.forget(connection, row)
        deletions.add(
            connection, [deletions.DeletionRow(row.id, row.kind, row.subject, row.part, created=time.time() - 31)]
        )
    wait_for(lambda: bench.engine.ensure() or not folder.exists())
    with bench.records.read() as connection:
        assert datasets.every(connection) == []
