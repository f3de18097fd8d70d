"""The SQLite file in which MLflow keeps the registry of models: made whole, and opened."""

import fcntl
import functools
import logging
import os
import secrets
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import Any

_QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "MLFLOW_LOGGING_LEVEL": "WARNING"}


@functools.cache
def client(database: str, read_only: bool) -> Any:
    """Return MLflow's client for a SQLite file; the tables are made at the first call, which takes a second or two.

    Read-only, the tables are there: nobody asks for a client before the file exists, and nothing else is written.
    """
    os.environ.update(_QUIET)
    with warnings.catch_warnings(), ExitStack() as held:
        warnings.simplefilter("ignore")  # MLflow's own use of SQLAlchemy
        if not read_only:
            fcntl.flock(held.enter_context(Path(database).with_name("create.lock").open("w")), fcntl.LOCK_EX)
        from mlflow import MlflowClient

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.WARNING)
        if not Path(database).exists():
            _make(Path(database))
        address = f"sqlite:///{database}"
        opened = MlflowClient(tracking_uri=address, registry_uri=address)
        opened.search_registered_models(max_results=1)
        return opened


def _make(database: Path) -> None:
    """Make the tables of a registry beside its place: one that was made by half would never open again."""
    from mlflow import MlflowClient

    for left in database.parent.glob(f"{database.name}-*.new*"):
        left.unlink(missing_ok=True)
    half = database.with_name(f"{database.name}-{secrets.token_hex(4)}.new")
    address = f"sqlite:///{half}"
    MlflowClient(tracking_uri=address, registry_uri=address).search_registered_models(max_results=1)
    half.replace(database)
