"""The card of a model version: what it predicts, of what it was made, how good it is, and where it ends."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import EngineError
from engine.graph.pipeline import Pipeline
from engine.graph.topology import ancestors, ordered
from engine.records import events, runs
from engine.records.database import Records
from engine.records.runs import RunRow
from engine.runs.comparison import facts, parameters, source_name
from engine.runs.merit import side_by_side
from engine.stores.models import ModelVersion

Document = dict[str, Any]
FEW_ROWS = 1_000
"""A model that learnt from fewer rows than this says so."""
NAMED = 5
"""Columns that a limit names at most."""


def card(records: Records, version: ModelVersion) -> Document:
    """Return the card of a version.

    Returns:
        The version's document with, beside it: `resolved` (`[{"node", "operator", "version", "with", "learners"}]` with
        every parameter as it was, empty where that is unknown), `data` (`[{"ref", "version"}]`), `rows` it learnt from,
        `steps` (`[{"node", "operator", "with"}]`, in order, the learner last), `settings` of the learner, `classes`,
        `example` (one row), `seed`, `engine`, and `limits`: sentences as `{"code", "values"}`. What the run said is
        empty where the run is not known any more.
    """
    row = _run(records, version.run)
    steps = [] if row is None else _steps(row, version.node)
    inputs: Sequence[Mapping[str, Any]] = version.signature.get("inputs", [])
    outputs = [field["name"] for field in version.signature.get("outputs", [])]
    rows = None if row is None else _rows(records, row, version.node)
    return {
        **version.document(),
        "resolved": [dict(node) for node in version.resolved],
        "data": [] if row is None else [_source(ref, pin) for ref, pin in row.sources.items()],
        "rows": rows,
        "steps": steps,
        "settings": dict(steps[-1]["with"]) if steps else {},
        "classes": [name.removeprefix("probability_") for name in outputs if name.startswith("probability_")],
        "example": {field["name"]: next(iter(field["top"] or field["examples"]), None) for field in inputs},
        "seed": None if row is None else row.seed,
        "engine": "" if row is None else row.engine,
        "limits": _limits(version, inputs, rows),
    }


def side_by_side_of(records: Records, versions: Sequence[ModelVersion]) -> Document:
    """Return versions side by side.

    Returns:
        `{"versions": [document], "metrics": [...], "parameters": [...], "signature": [{"column", "side", "values"}]}`,
        values by `name/version`. Metrics are as `engine.runs.merit.side_by_side` gives them; parameters and columns
        are those that differ.
    """
    named = {f"{one.name}/{one.version}": one for one in versions}
    rows = {key: _run(records, one.run) for key, one in named.items()}
    return {
        "versions": [one.document() for one in named.values()],
        "metrics": side_by_side({key: one.metrics for key, one in named.items()}),
        "parameters": parameters({key: {} if row is None else facts(row) for key, row in rows.items()}),
        "signature": [row for side in ("inputs", "outputs") for row in _columns(named, side)],
    }


def _columns(named: Mapping[str, ModelVersion], side: str) -> list[Document]:
    """Return the columns of one side of the signatures that are not alike in all versions: their types by version."""
    types = {key: {field["name"]: field["type"] for field in one.signature.get(side, [])} for key, one in named.items()}
    names = list(dict.fromkeys(name for known in types.values() for name in known))
    rows = [(name, {key: known.get(name) for key, known in types.items()}) for name in names]
    return [{"column": name, "side": side, "values": values} for name, values in rows if len(set(values.values())) > 1]


def _run(records: Records, run: str) -> RunRow | None:
    try:
        with records.read() as connection:
            return runs.get(connection, run)
    except EngineError:  # of another workspace, or of records that were lost
        return None


def _steps(row: RunRow, trainer: str) -> list[Document]:
    pipeline = Pipeline.from_valid(row.document).resolved()
    if trainer not in pipeline.nodes:
        return []
    above = {trainer, *ancestors(pipeline, [trainer])}
    return [
        {"node": name, "operator": node.operator, "with": dict(node.parameters)}
        for name in ordered(pipeline)
        if name in above and (node := pipeline.nodes[name])
    ]


def _source(ref: str, pin: Mapping[str, Any]) -> Document:
    kind, _, name = ref.partition(":")
    return {"kind": kind, "name": name, "version": source_name(pin)}


def _rows(records: Records, row: RunRow, trainer: str) -> int | None:
    """Return how many rows the trainer was given, where the run kept them."""
    source = str((row.document["nodes"].get(trainer, {}).get("from") or {}).get("train", ""))
    node, _, port = source.partition(".")
    with records.read() as connection:
        happened = events.of(connection, row.id, kinds=("succeeded", "reused"))
    for event in reversed(happened):
        outputs = event.payload.get("outputs", {})
        if event.node == node and outputs:
            tables = [ref for name, ref in outputs.items() if ref["kind"] == "Table" and port in ("", name)]
            return int(tables[0]["rows"]) if tables else None
    return None


def _limits(version: ModelVersion, inputs: Sequence[Mapping[str, Any]], rows: int | None) -> list[Document]:
    """Return what the version cannot know, as sentences that screens say in any language."""
    numbers = [field for field in inputs if field["minimum"] is not None]
    texts = [field["name"] for field in inputs if field["type"] == "string"]
    columns: Sequence[Mapping[str, Any]] = version.profile.get("columns", [])
    whole = [column["name"] for column in columns if not column["missing"]]
    asked = [field["name"] for field in inputs if field["name"] in whole]
    ranges = ", ".join(f"{field['name']} {field['minimum']} … {field['maximum']}" for field in numbers[:NAMED])
    found = [
        ("limit_defaults", {}) if version.defaults == "unknown" and not version.damage else None,
        ("limit_unscored", {}) if not version.metrics else None,
        ("limit_few_rows", {"rows": rows}) if rows is not None and rows < FEW_ROWS else None,
        ("limit_ranges", {"ranges": ranges + ("…" if len(numbers) > NAMED else "")}) if numbers else None,
        ("limit_unseen", {"columns": _named(texts)}) if texts else None,
        ("limit_gaps", {"columns": _named(asked)}) if asked else None,
        ("limit_causes", {"target": version.target}) if version.target else None,
    ]
    return [{"code": pair[0], "values": pair[1]} for pair in found if pair is not None]


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
