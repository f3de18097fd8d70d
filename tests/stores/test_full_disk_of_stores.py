"""R6: while the disk fills, what is written is there or it is not, a sentence says so, and with room it works again."""

import json

import pytest

from engine.config import Workspace
from engine.records import Records
from engine.stores.models import ModelStore
from tests import small_disk

STEPS = 'cp -a made/workspace disk/ && "$1" -m tests.stores.on_full_disk "$2"'


@pytest.fixture
def made(tmp_path):
    """A workspace with records and a registry, from where it is copied to the small disk."""
    workspace = Workspace.at(tmp_path / "made" / "workspace")
    Records.open(workspace)
    ModelStore(workspace)._client()
    return tmp_path


@pytest.mark.skipif(not small_disk.can_mount(), reason="A small disk needs a namespace, which this machine refuses")
@pytest.mark.parametrize("kind", ["models", "outputs", "rows", pytest.param("a first model", marks=pytest.mark.slow)])
def test_whatever_room_is_left_a_store_keeps_all_or_nothing(made, kind):
    found = json.loads(small_disk.run(STEPS, made, kind, size="12m"))
    refused = [one for one in found["told"] if one["said"]]
    assert 3 <= len(refused) < len(found["told"])
    for one in refused:
        assert one["said"].startswith("The disk is full")
        assert "space" in one["said"]
        assert (one["after"], one["looked"]) == (one["before"], "")
    last = [one["after"] for one in found["told"]][-1]
    assert found["last"] == ""
    assert len(found["seen"]) > len(last)
    assert found["kept"] == {"rows": ["ok"], "outputs": [0, []]}.get(kind, [len(found["seen"]), "ok"])
