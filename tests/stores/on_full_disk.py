"""What the stores do while their disk fills: run in a folder with a small `disk/`; prints JSON."""

import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import polars as pl

from engine.config import Workspace
from engine.errors import EngineError
from engine.records import Records, settings
from engine.stores.models import ModelStore
from engine.stores.outputs import OutputStore
from operators.contract.tables import lazy
from tests.stores.test_model_store import FACTS

ROOMS = [0, 16, 48, 128, *range(144, 184, 8), 256, 2048]
"""KiB that are left on the disk."""
FILL = Path("disk/fill")


def fill(room):
    """Fill the disk but for so many KiB."""
    block = b"x" * 4096
    with FILL.open("wb", buffering=0) as file:
        try:
            while file.write(block) == len(block):
                pass
        except OSError:
            pass
        os.truncate(FILL, max(0, FILL.stat().st_size - 1024 * room))


def tried(act):
    """Return what was told, empty where nothing was."""
    try:
        act()
    except EngineError as error:
        return f"{error} {error.hint}"
    return ""


def staged(folder):
    (folder / "slice").mkdir(parents=True)
    (folder / "slice" / "slice.json").write_text(json.dumps({"format": 1, "filling": "x" * 60_000}))
    (folder / "reference.parquet").write_bytes(os.urandom(60_000))
    return folder


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


class Models:
    """Registers versions of one model."""

    def __init__(self, workspace):
        self.store, self.workspace, self.count = ModelStore(workspace), workspace, 0

    def act(self):
        self.count += 1
        self.store.register("churn", staged(Path("elsewhere") / f"staged{self.count}"), FACTS)

    def seen(self):
        return [[one.version, one.damage, *one.aliases] for one in self.store.list()]

    def kept(self):
        """Return how many folders of files there are for versions, and what the database says of itself."""
        with closing(sqlite3.connect(self.workspace.mlflow / "mlflow.db")) as database:
            whole = database.execute("PRAGMA integrity_check").fetchone()[0]
        return [len(list((self.workspace.mlflow / "artifacts").iterdir())), whole]


class First(Models):
    """Registers a first version where there is no registry yet."""

    def __init__(self, workspace):
        shutil.rmtree(workspace.mlflow)
        super().__init__(workspace)


class Outputs:
    """Keeps tables and figures in turn."""

    def __init__(self, workspace):
        self.store, self.count = OutputStore(workspace.outputs, workspace.key), 0

    def act(self):
        self.count += 1
        if self.count % 2:
            self.store.put("Table", lazy(pl.DataFrame({"n": pl.int_range(18_000, eager=True).hash(self.count)})))
        else:
            self.store.put("Report", {"text": str(self.count) * 150_000})

    def seen(self):
        return files(self.store.root)

    def kept(self):
        return [len(list((self.store.root / "partial").iterdir())), [str(path) for path in self.store.damaged()]]


class Rows:
    """Writes two rows that belong together into the records."""

    def __init__(self, workspace):
        self.records, self.count = Records.open(workspace), 0

    def act(self):
        self.count += 1
        with self.records.write() as connection:
            for name in ("first", "second"):
                settings.put_setting(connection, f"{name}.{self.count}", os.urandom(30_000).hex())

    def seen(self):
        with self.records.read() as connection:
            return sorted(
                f"{name}.{number}"
                for number in range(self.count + 1)
                for name in ("first", "second")
                if settings.setting(connection, f"{name}.{number}")
            )

    def kept(self):
        with self.records.read() as connection:
            return [connection.exec_driver_sql("PRAGMA integrity_check").scalar()]


KINDS = {"models": Models, "a first model": First, "outputs": Outputs, "rows": Rows}


def main(kind):
    """Try once at each room; then, with room again, once more."""
    one = KINDS[kind](Workspace.at("disk/workspace"))
    told = []
    for room in ROOMS:
        before = one.seen()
        fill(room)
        said = tried(one.act)
        looked = tried(one.seen)
        FILL.unlink()
        told.append({"room": room, "said": said, "looked": looked, "before": before, "after": one.seen()})
    last = tried(one.act)
    print(json.dumps({"told": told, "last": last, "seen": one.seen(), "kept": one.kept()}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
