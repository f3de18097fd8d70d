"""Files that a run wrote are found, taken away and deleted on the screens."""

import pytest

from app.session import workbench
from tests.pages.conftest import drive

PIPELINE = {
    "name": "out",
    "nodes": {
        "read": {"operator": "read_dataset", "with": {"dataset": "people"}},
        "write": {
            "operator": "write_table",
            "with": {"name": "people 2026", "format": "csv"},
            "from": {"table": "read"},
        },
    },
}


@pytest.fixture
def written(empty):
    """The run that wrote a file."""
    import polars as pl

    workbench().datasets.put("people", pl.DataFrame({"name": ["Ann", "=1+1"]}))
    run = workbench().run(PIPELINE)
    drive(empty)
    assert run.status == "succeeded"
    return run.id


def test_a_written_file_is_among_the_data(written, screens):
    app = screens("data")
    assert [button.label for button in app.get("download_button") if button.proto.id.endswith("exports.take.0")]
    app.button(key="exports.remove.0").click().run()
    assert workbench().exports.list() == []
    assert not app.exception


def test_a_written_file_is_at_the_node_that_wrote_it(written, screens):
    app = screens("runs", run=written, run_view="output", node="write")
    assert not app.exception
    assert app.button(key="exports.remove.0")
