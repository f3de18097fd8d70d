"""A pipeline as the Python that makes it: the third face of the same graph.

Running the text gives a pipeline with the same document. A node is written with the class of its operator where its
parameters are right, else by the operator's name; what neither can say is written as the document itself.
"""

import json
import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.graph.node import Node
from engine.graph.pipeline import Pipeline
from operators.registry import BUILTIN

_WIDTH = 110
_OWN = frozenset({"resources", "pin"})  # words of `Pipeline.add` that no port can have


def to_python(pipeline: Pipeline) -> str:
    """Return Python that binds the pipeline to a variable of its name."""
    variable = variable_of(pipeline.name)
    if not all(_can_be_chained(node) for node in pipeline.nodes.values()):
        document = _indented(_literal(pipeline.document()))
        return f"from engine import Pipeline\n\n{variable} = Pipeline.from_document(\n{document}\n)\n"
    classes = sorted({name for name in map(_class_of, pipeline.nodes.values()) if name})
    imports = ["from engine import Pipeline"]
    if classes:
        line = f"from operators import {', '.join(classes)}"
        imports.append(line if len(line) <= _WIDTH else _call("from operators import ", classes))
    lines = [_call("Pipeline", [_literal(pipeline.name), *_keywords(_own_parts(pipeline))])]
    for name, node in pipeline.nodes.items():
        lines.extend(_lines(name, node))
    body = "\n".join(_indented(line) for line in lines)
    return "\n".join(imports) + f"\n\n{variable} = (\n{body}\n)\n"


def variable_of(name: str) -> str:
    """Return a name for a variable that looks like `name`."""
    word = re.sub(r"\W+", "_", name.lower()).strip("_")
    plain = word if word.isidentifier() and not keyword.iskeyword(word) else f"pipeline_{word}".strip("_")
    return "pipeline" if plain in {"Pipeline", ""} or not plain.isidentifier() else plain


def _lines(name: str, node: Node) -> Iterator[str]:
    kind = _class_of(node)
    written = node.document()
    operator = _call(kind, _keywords(node.parameters)) if kind else _literal(written["operator"])
    beside = _keywords({**{port: str(link) for port, link in node.inputs.items()}, **_shares(node)})
    yield _call(".add", [_literal(name), operator, *beside])
    if not kind and node.parameters:
        yield _call(".set", [_literal(name), *_keywords(node.parameters)])


def _class_of(node: Node) -> str | None:
    """Return the class that says this node exactly; None where there is none."""
    kind = BUILTIN.operators.get(node.operator)
    if kind is None or node.version is not None or not all(map(_is_word, node.parameters)):
        return None
    built, _ = BUILTIN.try_build(node.operator, node.parameters, node.version)
    if built is None or not _same(built.model_dump(mode="json", exclude_unset=True), node.parameters):
        return None
    return kind.__name__


def _can_be_chained(node: Node) -> bool:
    if not all(_is_word(port) and port not in _OWN for port in node.inputs):
        return False
    return _class_of(node) is not None or all(
        _is_word(name) and value is not None and name != "self" for name, value in node.parameters.items()
    )


def _own_parts(pipeline: Pipeline) -> dict[str, Any]:
    said = {name: dict(of) for name, of in pipeline.declarations.items()}
    layout = {name: tuple(at) for name, at in pipeline.layout.items()}
    parts = {"parameters": dict(pipeline.parameters), "declarations": said, "layout": layout}
    return {key: value for key, value in parts.items() if value}


def _shares(node: Node) -> dict[str, Any]:
    parts: dict[str, Any] = {"resources": dict(node.resources), "pin": node.pin}
    return {key: value for key, value in parts.items() if value}


def _keywords(values: Mapping[str, Any]) -> list[str]:
    return [f"{name}={_literal(value)}" for name, value in values.items()]


def _literal(value: Any) -> str:
    """Return a value as Python: on one line where it is short, else an item a line."""
    if isinstance(value, str):
        text = repr(value)
        return f'"{text[1:-1]}"' if text.startswith("'") and '"' not in text and "\\'" not in text else text
    if isinstance(value, Mapping):
        items, brackets = [f"{_literal(key)}: {_literal(inner)}" for key, inner in value.items()], "{}"
    elif isinstance(value, list):
        items, brackets = [_literal(inner) for inner in value], "[]"
    else:
        return repr(value)
    line = f"{brackets[0]}{', '.join(items)}{brackets[1]}"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    listed = ",\n".join(items)
    return f"{brackets[0]}\n{_indented(listed)},\n{brackets[1]}"


def _call(function: str, arguments: list[str]) -> str:
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    listed = ",\n".join(arguments)
    return f"{function}(\n{_indented(listed)},\n)"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _is_word(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, default=str) == json.dumps(other, default=str)
