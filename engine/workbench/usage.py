"""Who uses a dataset: the runs that read it, the pipelines they were of, and the models they trained."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from engine.records import runs
from engine.records.database import Records

_RUNS = 1000


def usage(records: Records, name: str, models: Callable[[], Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return the runs among the newest thousand that read a dataset, newest first.

    Args:
        records: Where runs are kept.
        name: Of the dataset.
        models: Gives the registered model versions.

    Returns:
        Each `{"version", "run", "pipeline", "status", "created", "models": ["name@version"]}`.
    """
    with records.read() as connection:
        rows = runs.newest(connection, limit=_RUNS)
    reading = [(row, version) for row in rows if (version := _version(row.sources.values(), name))]
    if not reading:
        return []
    trained: dict[str, list[str]] = {}
    for model in models():
        trained.setdefault(str(model.get("run")), []).append(f"{model['name']}@{model['version']}")
    return [
        {
            "version": version,
            "run": row.id,
            "pipeline": row.pipeline,
            "status": row.status,
            "created": row.created,
            "models": trained.get(row.id, []),
        }
        for row, version in reading
    ]


def _version(sources: Iterable[Any], name: str) -> int | None:
    """Return the version of a dataset that one of a run's sources is."""
    for source in sources:
        label, at, version = str(source.get("label", "")).rpartition("@") if isinstance(source, Mapping) else ("",) * 3
        if at and label == name and version.isdigit():
            return int(version)
    return None
