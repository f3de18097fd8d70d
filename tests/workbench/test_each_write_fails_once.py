"""R5: in a session of each store every write, flush, rename and commit fails once; nothing is seen in between."""

from datetime import UTC, datetime

import polars as pl
import pytest

from engine import Workbench
from engine.errors import EngineError
from engine.runs.exports import export_to, exports_in
from engine.serving.captured import captured
from engine.serving.captures import CaptureLog, dropped_rows
from engine.serving.columns import AT
from engine.serving.compaction import compact, stamp
from engine.stores.models import ModelStore
from engine.stores.outputs import OutputStore
from operators.contract.tables import lazy
from resources.errors import ResourceError
from tests.failing_disk import FailingDisk
from tests.stores.test_model_store import FACTS

MOST = 200
FEW = 4
"""Files of captures that are joined here."""
PEOPLE = pl.DataFrame({"age": [30, 40, 50]})
RUN = {"name": "people", "nodes": {"read": {"operator": "read_dataset", "with": {"dataset": "people"}}}}
UNSEEN = ("records.", "mlflow.db", "engine.", "create.lock", "registry.lock", ".joining", "dropped-")


class Session:
    """What is done again and again to one store, each time a little more.

    Args:
        bench: The workbench.
        folder: Beside the workspace.
    """

    told = (EngineError, ResourceError)
    """What may be raised."""

    def __init__(self, bench, folder):
        self.bench, self.folder = bench, folder
        self.store = OutputStore(bench.workspace.outputs, bench.workspace.key)

    def ready(self, number):
        """Prepare what the disk does not fail in."""

    def files(self):
        """Return the files that there are, but for those of the databases."""
        root = self.bench.workspace.root
        paths = [path for path in root.rglob("*") if path.is_file() and not path.name.startswith(UNSEEN)]
        return sorted(str(path.relative_to(root)) for path in paths)

    def came(self, before, after):
        """Whether `after` is what has to be once it is done."""
        return len(after) == len(before) + 1 and [one for one in after if one in before] == before


class Datasets(Session):
    def do(self, number):
        self.bench.datasets.put("numbers", pl.DataFrame({"n": [number]}))

    def seen(self):
        known = [one["name"] for one in self.bench.datasets.list()]
        versions = reversed(self.bench.datasets.versions("numbers")) if "numbers" in known else ()
        assert self.bench._store.examined()[1] == []
        return [[one["version"], self.bench.datasets.preview(f"numbers@{one['version']}")["rows"]] for one in versions]


class Outputs(Session):
    def do(self, number):
        self.store.put_table(lazy(pl.DataFrame({"n": [number, 1, 2]})))

    def seen(self):
        assert self.store.damaged() == []
        return sorted(path.name for path in self.store.root.glob("??/*"))


class Reports(Outputs):
    def do(self, number):
        self.store.put("Report", {"text": f"{number}" * 100})


class FirstModels(Session):
    """Where there is no registry yet: MLflow makes its tables in many steps."""

    def ready(self, number):
        self.staged = self.folder / f"staged{number}"
        (self.staged / "slice").mkdir(parents=True)
        (self.staged / "slice" / "slice.json").write_text(f'{{"format": 1, "number": {number}}}')
        (self.staged / "reference.parquet").write_bytes(b"PAR1")

    def do(self, number):
        ModelStore(self.bench.workspace).register("churn", self.staged, FACTS)

    def seen(self):
        found = sorted(ModelStore(self.bench.workspace).list(), key=lambda one: one.created)
        assert [one.damage for one in found] == [""] * len(found)
        assert [alias for one in found for alias in one.aliases] == ["champion", "challenger"][: len(found)]
        return [one.version for one in found]


class Models(FirstModels):
    def ready(self, number):
        self.bench._models._client()
        super().ready(number)


class Promotions(Models):
    def ready(self, number):
        if number == 1:
            for one in (101, 102):
                super().ready(one)
                super().do(one)
        self.wanted = str(3 - int(self.seen()[0]))

    def do(self, number):
        self.bench.models.promote("churn", self.wanted)

    def seen(self):
        return [self.bench.models.show("churn") and self.bench._models.get("churn").version]

    def came(self, before, after):
        return after == [self.wanted]


class Drafts(Session):
    def do(self, number):
        self.bench.pipelines.create(f"p{number:03}", RUN)

    def seen(self):
        return sorted(one["name"] for one in self.bench.pipelines.list())


class Edits(Session):
    def ready(self, number):
        if number == 1:
            self.bench.pipelines.create("edited", {"name": "edited", "nodes": {}})

    def do(self, number):
        at = self.bench.pipelines.open("edited")["revision"]
        self.bench.pipelines.edit("edited", at, {"op": "add", "node": f"n{number}", "operator": "split_rows"})

    def seen(self):
        return sorted(self.bench.pipelines.open("edited")["document"]["nodes"])


class Runs(Session):
    def do(self, number):
        self.bench.run(RUN, seed=number)

    def seen(self):
        return sorted(one["id"] for one in self.bench.runs.list())


class Jobs(Session):
    def do(self, number):
        self.bench.jobs.begin("profile", {"dataset": "people"})

    def seen(self):
        return sorted(one["id"] for one in self.bench.jobs.list())


class Preferences(Session):
    def do(self, number):
        self.wanted = number
        self.bench.preferences.keep("seed", number)

    def seen(self):
        return [self.bench.preferences.values()["seed"]]

    def came(self, before, after):
        return after == [self.wanted]


class Environments(Session):
    def ready(self, number):
        self.wanted = "fgd" if self.seen()[0] == "best_fit" else "best_fit"

    def do(self, number):
        self.bench.environments.change("train", scheduling=self.wanted)

    def seen(self):
        return [self.bench.environments.show("train")["scheduling"], len(self.bench.environments.history("train"))]

    def came(self, before, after):
        return after == [self.wanted, before[1] + 1]


class Services(Models):
    def ready(self, number):
        if number == 1:
            super().ready(1)
            super().do(1)

    def do(self, number):
        self.bench.services.deploy("churn", name=f"s{number:03}")

    def seen(self):
        return sorted(one["name"] for one in self.bench.services.list())


class Captures(Session):
    counted = 0

    def do(self, number):
        log = CaptureLog(self.bench.workspace.captures / "churn", "1")
        log.add(pl.DataFrame({"n": [number]}), pl.DataFrame({"prediction": ["no"]}))
        log.close()

    def seen(self):
        rows = captured(self.bench.workspace.captures, "churn").collect()
        return rows["n"].to_list() if "n" in rows.columns else []

    def came(self, before, after):
        """Nobody waits for captures: rows that could not be written are counted, and the count is told."""
        counted, self.counted = self.counted, dropped_rows(self.bench.workspace.captures / "churn")["rows"]
        return super().came(before, after) or (after == before and self.counted == counted + 1)


class Joined(Session):
    """Small files of captures become one: no row is lost, and none is there twice."""

    told = (OSError,)  # who writes captures logs it, and joins them the next time

    def ready(self, number):
        folder = self.bench.workspace.captures / "churn"
        folder.mkdir(exist_ok=True)
        now = datetime.now(UTC)
        for one in range(FEW):
            pl.DataFrame({"n": [one], AT: [now]}).write_parquet(folder / f"{stamp(now)}-{number}-{one}.parquet")

    def do(self, number):
        compact(self.bench.workspace.captures / "churn")

    def seen(self):
        return captured(self.bench.workspace.captures, "churn").collect()["n"].sort().to_list()

    def files(self):
        """Notes without a file are removed the next time."""
        return [name for name in super().files() if "joined" not in name]

    def came(self, before, after):
        return after == before


class Exports(Session):
    told = (OSError,)  # the worker makes a sentence of it, see engine.runs.failures

    def do(self, number):
        scratch = self.bench.workspace.scratch / "export"
        scratch.mkdir(exist_ok=True)
        export_to(self.bench.workspace.exports, lazy(PEOPLE), f"e{number:03}", "csv", scratch)

    def seen(self):
        return sorted(one["name"] for one in exports_in(self.bench.workspace.exports))


class Backups(Session):
    def do(self, number):
        self.bench.backup(self.folder / f"b{number:03}")

    def seen(self):
        return sorted(path.name for path in self.folder.iterdir())


class Restores(Session):
    def ready(self, number):
        if number == 1:
            self.bench.backup(self.folder / "backup")

    def do(self, number):
        Workbench.restore(self.folder / "backup", self.folder / f"w{number:03}")

    def seen(self):
        found = sorted(path.name for path in self.folder.iterdir() if path.is_dir())
        for name in found:
            assert [one["name"] for one in Workbench.open(self.folder / name).datasets.list()] == ["people"]
        return found


class Deletions(Session):
    def ready(self, number):
        self.bench.datasets.put(f"d{number:03}", PEOPLE)

    def do(self, number):
        self.bench.deletions.delete("dataset", f"d{number:03}")

    def seen(self):
        return sorted(one["name"] for one in self.bench.datasets.list())

    def came(self, before, after):
        return len(after) == len(before) - 1


class Finished(Deletions):
    def ready(self, number):
        if not self.bench.deletions.list():
            super().ready(number)
            super().do(number)

    def do(self, number):
        self.bench.deletions.finish(now=2e10)

    def seen(self):
        return sorted(path.name for path in self.bench.workspace.datasets.iterdir())

    def came(self, before, after):
        return len(after) == 1


SESSIONS = [
    Datasets, Outputs, Reports, Models, Promotions, Drafts, Edits, Runs, Jobs, Preferences, Environments, Services,
    Captures, Joined, Exports, Backups, Restores, Deletions, Finished,
    pytest.param(FirstModels, marks=pytest.mark.slow),
]  # fmt: skip


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.delenv("TANDEM_RECORDS_URL", raising=False)
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: None)
    monkeypatch.setattr("engine.serving.compaction.MANY", FEW)
    bench = Workbench.open(tmp_path / "workspace")
    bench.datasets.put("people", PEOPLE)
    return bench


def outcome(session, number):
    """Do what a session does; return what was told of a failure."""
    try:
        session.do(number)
    except session.told as error:
        return error
    return None


@pytest.mark.parametrize("session", SESSIONS)
def test_the_state_is_the_one_before_or_after_whichever_write_fails(session, bench, tmp_path, monkeypatch):
    (tmp_path / "beside").mkdir()
    one = session(bench, tmp_path / "beside")
    for fails_at in range(1, MOST):
        one.ready(fails_at)
        before, files = one.seen(), one.files()
        with monkeypatch.context() as patch, FailingDisk(fails_at).under(patch) as disk:
            told = outcome(one, fails_at)
        after = one.seen()
        came, step = one.came(before, after), f"step {fails_at}, {disk.steps[-1]}"
        assert came or (told is not None and after == before), f"{step}: {told}"
        assert not told or after != before or one.files() == files, step
        if not disk.failed:
            break
    assert fails_at > 1
    assert told is None
    assert not disk.failed
