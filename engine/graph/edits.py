"""Edits of a pipeline as JSON: what a canvas, a form or a script asks for, applied by a pure function.

| `op` | besides it |
|---|---|
| `add` | `operator`; if wanted `node` (else a free name), `with`, `from` (`{port: "node.port"}`), `at`, `after` |
| `remove` | `node` |
| `connect` | `from` (`"node.port"`), `to`, `port`; if wanted `instead` (the port of `to` that the link leaves) |
| `disconnect` | `to`, `port` |
| `set` | `node`; `with` (parameters to change), `without` (parameters to take away), `resources`, `pin` |
| `rename` | `node`, `to` |
| `move` | `positions` (`{node: [x, y]}`) |
| `replace` | `document` (a pipeline, or the text of its file) |

`at` is `[x, y]`. `after` is a node that the new one follows: links and target that are not given are then chosen.
What people write is kept, right or wrong: an unknown operator, a parameter that is none, a circle. Refused is only what
could not be written down.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from engine.errors import PipelineError
from engine.graph import document
from engine.graph.node import Link, Node
from engine.graph.pipeline import Pipeline
from engine.graph.wiring import in_order, suggested

Operation = Mapping[str, Any]
FARTHEST: Final = 1e6
"""A position on the canvas is no farther from its origin, in pixels."""


def edited(pipeline: Pipeline, operation: Operation) -> Pipeline:
    """Return `pipeline` with one edit made; its name stays.

    Raises:
        PipelineError: There is no such edit, something of it is missing, or the outcome could not be written down.
        NotFoundError: A node that is named is not there.
    """
    _require_json(operation)
    kind = str(operation.get("op"))
    if kind not in _EDITS:
        raise PipelineError(f"There is no edit {kind!r:.60}.", hint=f"It may be one of {', '.join(_EDITS)}.")
    try:
        return _EDITS[kind](pipeline, operation)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PipelineError(
            f"The edit {kind!r} is not complete or of the wrong form: {error!r:.100}.",
            hint="See the table of edits in engine/graph/edits.py.",
        ) from error


def free_node(wish: str, pipeline: Pipeline) -> str:
    """Return `wish` if no node has that name, else the first of `wish_2`, `wish_3`, ... that is free."""
    names = (wish if number == 1 else f"{wish[:58]}_{number}" for number in range(1, len(pipeline.nodes) + 2))
    return next(name for name in names if name not in pipeline.nodes)


def _add(pipeline: Pipeline, edit: Operation) -> Pipeline:
    name = str(edit.get("node") or free_node(str(edit["operator"]).partition("@")[0][:60], pipeline))
    likely = suggested(pipeline, edit["operator"], edit["after"]) if edit.get("after") in pipeline.nodes else {}
    written = {key: {**likely.get(key, {}), **(edit.get(key) or {})} for key in ("with", "from")}
    node = _node(name, {"operator": edit["operator"], **written})
    pipeline = pipeline.add(name, node.operator)
    pipeline = replace(pipeline, nodes={**pipeline.nodes, name: node})
    return _move(pipeline, {"positions": {name: edit["at"]}}) if edit.get("at") else pipeline


def _remove(pipeline: Pipeline, edit: Operation) -> Pipeline:
    return pipeline.remove(edit["node"])


def _connect(pipeline: Pipeline, edit: Operation) -> Pipeline:
    target, port, source = edit["to"], edit["port"], str(edit["from"])
    pipeline.node(Link.parse(source).node)
    if edit.get("instead"):
        pipeline = pipeline.disconnect(target, edit["instead"])
    return _written(pipeline.connect(target, port, source), target)


def _disconnect(pipeline: Pipeline, edit: Operation) -> Pipeline:
    return pipeline.disconnect(edit["to"], edit["port"])


def _set(pipeline: Pipeline, edit: Operation) -> Pipeline:
    name = edit["node"]
    node = pipeline.node(name)
    without = set(edit.get("without") or ())
    merged = {**node.parameters, **(edit.get("with") or {})}
    kept = {key: value for key, value in merged.items() if key not in without}
    node = replace(node, parameters=in_order(node.operator, kept))
    if "resources" in edit:
        node = replace(node, resources=dict(edit["resources"] or {}))
    if "pin" in edit:
        node = replace(node, pin=bool(edit["pin"]))
    return _written(replace(pipeline, nodes={**pipeline.nodes, name: node}), name)


def _rename(pipeline: Pipeline, edit: Operation) -> Pipeline:
    old, new = edit["node"], edit["to"]
    node = pipeline.node(old)
    if old == new:
        return pipeline
    Pipeline("", dict.fromkeys(pipeline.nodes, node)).add(new, "check")  # refuses a name that is taken or cannot be

    def follow(link: Link) -> Link:
        return replace(link, node=new) if link.node == old else link

    nodes = {
        (new if key == old else key): replace(one, inputs={port: follow(link) for port, link in one.inputs.items()})
        for key, one in pipeline.nodes.items()
    }
    layout = {(new if key == old else key): at for key, at in pipeline.layout.items()}
    return replace(pipeline, nodes=nodes, layout=layout)


def _move(pipeline: Pipeline, edit: Operation) -> Pipeline:
    layout = dict(pipeline.layout)
    for name, at in edit["positions"].items():
        pipeline.node(name)
        x, y = (float(number) for number in at)
        if not (abs(x) <= FARTHEST and abs(y) <= FARTHEST):
            raise PipelineError(f"{name!r} cannot lie at {x}, {y}.", hint="Keep it on the canvas.")
        layout[name] = (round(x, 1), round(y, 1))
    return replace(pipeline, layout=layout)


def _replace(pipeline: Pipeline, edit: Operation) -> Pipeline:
    given = edit["document"]
    found = Pipeline.from_text(given) if isinstance(given, str) else Pipeline.from_document(given)
    _require_json(found.document())
    return replace(found, name=pipeline.name)


def _written(pipeline: Pipeline, name: str) -> Pipeline:
    """Return `pipeline` if its node `name` can be written into a file."""
    _node(name, pipeline.nodes[name].document())
    return pipeline


def _node(name: str, written: Mapping[str, Any]) -> Node:
    parts = {key: value for key, value in written.items() if value}
    document.require_valid({"name": "check", "nodes": {name: parts}})
    return Node.from_document(parts)


def _require_json(value: Any) -> None:
    """Refuse what JSON, or a database of UTF-8 text, could not hold."""
    try:
        size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except (TypeError, ValueError, RecursionError) as error:
        sentence = "The edit holds something that is not JSON, such as NaN or half a character."
        raise PipelineError(sentence, hint="Use numbers, text, true, false, null, lists and objects.") from error
    if size > document.LIMIT:
        raise PipelineError(f"The edit has {size:,} bytes; at most {document.LIMIT:,} are kept.", hint="Make it less.")


_EDITS: Final[Mapping[str, Callable[[Pipeline, Operation], Pipeline]]] = {
    "add": _add,
    "remove": _remove,
    "connect": _connect,
    "disconnect": _disconnect,
    "set": _set,
    "rename": _rename,
    "move": _move,
    "replace": _replace,
}
