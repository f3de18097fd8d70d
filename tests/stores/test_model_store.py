"""The registry of models: versions, aliases, and files that are verified."""

import os
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from engine.config import Workspace
from engine.errors import InvalidNameError, NotFoundError, StoreError, TamperedError
from engine.stores.models import REFERENCE, SLICE, ModelFacts, ModelStore, name_for

FACTS = ModelFacts(
    run="r1",
    node="fit",
    pipeline="churn",
    task="classification",
    target="churned",
    algorithm="linear",
    signature={"inputs": [{"name": "age", "type": "int64"}], "outputs": [{"name": "prediction", "type": "string"}]},
    metrics={"score": {"roc_auc": 0.9, "note": None}},
    replay={"rows": 200, "max_abs_difference": 0.0},
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """One registry for the module: its first tables take a second or two."""
    return Workspace.at(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def store(workspace):
    return ModelStore(workspace)


@pytest.fixture
def staged(tmp_path):
    """What registration hands over."""
    (tmp_path / "staged" / SLICE).mkdir(parents=True)
    (tmp_path / "staged" / SLICE / "slice.json").write_text('{"format": 1}')
    (tmp_path / "staged" / REFERENCE).write_bytes(b"PAR1")
    return tmp_path / "staged"


def test_an_empty_registry_is_an_empty_list(tmp_path):
    store = ModelStore(Workspace.at(tmp_path))
    assert store.list() == []
    assert not (tmp_path / "mlflow" / "mlflow.db").exists()
    with pytest.raises(NotFoundError, match="'churn'"):
        store.get("churn")


def test_the_first_version_is_champion_and_later_ones_challenge(store, staged):
    made = [store.register("ranks", staged, FACTS) for _ in range(3)]
    assert [(one.version, one.aliases) for one in made] == [
        ("1", ("champion",)),
        ("2", ("challenger",)),
        ("3", ("challenger",)),
    ]
    assert store.get("ranks").version == "1"
    assert store.get("ranks", "challenger").version == "3"


def test_a_promoted_challenger_is_champion_alone(store, staged):
    for _ in range(2):
        store.register("duel", staged, FACTS)
    assert store.promote("duel", "2").aliases == ("champion",)
    assert store.get("duel", 1).aliases == ()
    assert store.get("duel", "champion").version == "2"
    with pytest.raises(NotFoundError):
        store.get("duel", "challenger")


def test_of_twenty_that_promote_at_once_there_is_one_champion_at_every_moment(store, staged):
    """C2: who reads meanwhile finds one champion, and one is champion alone in the end."""
    versions = [store.register("crowd", staged, FACTS).version for _ in range(4)]
    over, seen = threading.Event(), []

    def look():
        while not over.is_set():
            seen.append([one.version for one in store.show("crowd") if "champion" in one.aliases])

    with ThreadPoolExecutor(21) as threads:
        reader = threads.submit(look)
        promoted = [threads.submit(store.promote, "crowd", versions[number % 4]) for number in range(20)]
        done = [one.exception() for one in promoted]
        over.set()
        reader.result()
    assert done == [None] * 20
    assert len(seen) > 5
    assert {len(champions) for champions in seen} == {1}
    assert [one.version for one in store.show("crowd") if "champion" in one.aliases] == [
        store.get("crowd", "champion").version
    ]


def test_facts_come_back_as_they_were_given(store, staged):
    version = store.register("facts", staged, FACTS)
    again = store.get("facts", version.version)
    assert ModelFacts(**again.model_dump(include=set(ModelFacts.model_fields))) == FACTS
    assert {"name", "version", "aliases", "created", "metrics", "run", "node"} <= set(again.document())


def test_versions_are_listed_newest_first(store, staged):
    for name in ("list-a", "list-b", "list-a"):
        store.register(name, staged, FACTS)
    listed = [(one.name, one.version) for one in store.list() if one.name.startswith("list-")]
    assert listed == [("list-a", "2"), ("list-b", "1"), ("list-a", "1")]


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a:b", "a b", "x" * 65, "-a", "a\x00"])
def test_names_that_would_leave_the_registry_are_refused(store, staged, name):
    with pytest.raises(InvalidNameError):
        store.register(name, staged, FACTS)


@pytest.mark.parametrize("wish", ["titanic 5", "客户 流失", "../a/b", "_", "a..b", "x" * 90, "", "é<b>"])
def test_every_wish_has_a_name_that_a_model_may_have(store, staged, wish):
    assert store.register(name_for(wish), staged, FACTS).name == name_for(wish)


def test_what_does_not_exist_is_named_with_what_does(store, staged):
    store.register("churn", staged, FACTS)
    with pytest.raises(NotFoundError) as caught:
        store.get("chrun")
    assert "churn" in caught.value.hint
    with pytest.raises(NotFoundError, match="'9'"):
        store.promote("churn", "9")
    with pytest.raises(StoreError, match="alias"):
        store.promote("churn", "1", alias="winner")


def test_every_flipped_byte_of_a_version_is_seen_before_it_is_loaded(store, staged):
    folder = store.load("flip", store.register("flip", staged, FACTS).version).parent
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert {"slice.json", REFERENCE, "version.json", "MLmodel"} < {path.name for path in files}
    choice = random.Random(3)
    for _ in range(60):
        file = choice.choice(files)
        before = file.read_bytes()
        place = choice.randrange(len(before))
        file.write_bytes(before[:place] + bytes([before[place] ^ 1]) + before[place + 1 :])
        with pytest.raises(TamperedError):
            store.reference("flip")
        file.write_bytes(before)
    assert store.reference("flip").read_bytes() == b"PAR1"


def test_lost_files_are_a_sentence(store, staged):
    folder = store.load("lost", store.register("lost", staged, FACTS).version)
    (folder.parent / "version.json").rename(folder.parent / "elsewhere.json")
    assert "version.json" in store.get("lost").damage
    with pytest.raises(StoreError, match=r"version\.json"):
        store.load("lost")
    (folder.parent / "elsewhere.json").rename(folder.parent / "version.json")


def test_a_registry_that_cannot_be_written_makes_no_version(store, staged, monkeypatch, workspace):
    store.register("full", staged, FACTS)
    before = len(list((workspace.mlflow / "artifacts").iterdir()))
    monkeypatch.setattr("shutil.copy2", _full)
    with pytest.raises(StoreError, match=r"The disk is full: keeping the model needs about \d+ bytes"):
        store.register("full", staged, FACTS)
    monkeypatch.undo()
    assert [one.version for one in store.show("full")] == ["1"]
    assert len(list((workspace.mlflow / "artifacts").iterdir())) == before


@pytest.mark.parametrize("step", ["set_registered_model_alias", "delete_model_version_tag"])
@pytest.mark.parametrize("dies", [False, True])
def test_a_version_that_was_only_begun_is_seen_by_nobody(store, staged, monkeypatch, step, dies):
    """Where its maker dies, too, the next one to register takes it back, and its alias goes back where it was."""
    name = f"begun-{step}-{dies}"
    before = [store.register(name, staged, FACTS), store.register(name, staged, FACTS)]
    with monkeypatch.context() as patch:
        patch.setattr(type(store._client()), step, _full)
        if dies:
            patch.setattr(ModelStore, "_take_back", _full)
        with pytest.raises(StoreError, match="disk is full"):
            store.register(name, staged, FACTS, key="asked")
    assert [one.version for one in store.show(name)] == ["2", "1"]
    assert store.made_for(name, "asked") is None
    if not dies:
        assert store.get(name, "challenger") == before[1]
    assert store.register(name, staged, FACTS, key="asked").version == "4"
    assert [(one.version, one.aliases) for one in store.show(name)] == [
        ("4", ("challenger",)),
        ("2", ()),
        ("1", ("champion",)),
    ]


def _full(*arguments, **options):
    raise OSError(28, "No space left on device")


def test_a_moved_workspace_still_has_its_models(staged, tmp_path):
    store = ModelStore(Workspace.at(tmp_path / "before"))
    store.register("churn", staged, FACTS)
    (tmp_path / "before").rename(tmp_path / "after")
    moved = ModelStore(Workspace.at(tmp_path / "after"))
    assert (moved.load("churn") / "slice.json").read_text() == '{"format": 1}'
    assert moved.register("churn", staged, FACTS).version == "2"
    assert (moved.load("churn", 2)).is_relative_to(tmp_path / "after")


def test_mlflow_reads_the_signature(store, staged):
    from mlflow.models import Model

    version = store.register("signed", staged, FACTS)
    read = Model.load(str(store.load("signed", version.version).parent))
    assert read.signature.inputs.input_names() == ["age"]
    assert str(read.signature.inputs.input_types()[0]) == "DataType.long"


def test_versions_of_before_say_by_their_profile_what_may_be_left_out(store, staged):
    inputs = [{"name": "age", "type": "int64"}, {"name": "plan", "type": "string"}]
    profile = {"columns": [{"name": "age", "missing": 3}, {"name": "plan", "missing": 0}]}
    facts = FACTS.model_copy(update={"signature": {**FACTS.signature, "inputs": inputs}, "profile": profile})
    store.register("before", staged, facts)
    assert [field["optional"] for field in store.get("before").signature["inputs"]] == [True, False]


def test_mlflow_reads_which_columns_may_be_left_out(store, staged):
    from mlflow.models import Model

    inputs = [{"name": "age", "type": "int64", "optional": True}, {"name": "plan", "type": "string", "optional": False}]
    facts = FACTS.model_copy(update={"signature": {**FACTS.signature, "inputs": inputs}})
    version = store.register("partly", staged, facts)
    read = Model.load(str(store.load("partly", version.version).parent))
    assert [column.required for column in read.signature.inputs] == [False, True]


def test_telemetry_is_off_and_nothing_listens(store, staged):
    before = listening()
    store.register("quiet", staged, FACTS)
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    from mlflow.telemetry.utils import is_telemetry_disabled

    assert is_telemetry_disabled()
    assert listening() <= before


def listening():
    """The addresses on which this process, and what it has started, wait to be called."""
    mine = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return {one.laddr for process in mine for one in process.net_connections() if one.status == psutil.CONN_LISTEN}


def test_mlflow_is_not_imported_before_it_is_needed():
    code = "import sys, engine.stores.models; sys.exit('mlflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
