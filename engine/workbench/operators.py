"""The catalogue of operators as users of the workbench see it: documents, never classes."""

import inspect
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from engine.graph.yaml_text import write
from operators.contract.errors import ParameterError
from operators.contract.operator import Operator
from operators.labels import labelled
from operators.registry import BUILTIN, faults

Document = dict[str, Any]


class OperatorDesk:
    """Says what operators there are, and checks parameters."""

    def list(self) -> Sequence[Document]:
        """Return what the catalogue says of each operator, in the order of categories.

        Each is `{"name", "version", "title", "titles", "about", "category", "online", "engines", "inputs", "outputs",
        "source", "status", "alternative"}`; `titles` and `about` are by language, `alternative` is what does the like
        to single rows, empty where this one does.
        """
        return [entry(kind) for kind in BUILTIN.operators.values()]

    def show(self, name: str) -> Document:
        """Return one entry of the catalogue with its `help`, the JSON Schema of its fields, and `examples`.

        `examples` are parameters of small cases; the schema's labels and options are in English and Chinese.

        Raises:
            UnknownOperatorError: There is no such operator.
        """
        kind = BUILTIN.find(name)
        return {
            **entry(kind),
            "help": inspect.cleandoc(kind.__doc__ or ""),
            "schema": labelled(kind.model_json_schema()),
            "examples": _examples(kind),
        }

    def written(self, name: str, values: Mapping[str, Any]) -> dict[str, str]:
        """Return a node of this operator as a pipeline holds it: as `yaml`, `json` and `python`.

        Raises:
            UnknownOperatorError: There is no such operator.
        """
        kind = BUILTIN.find(name)
        node = {"operator": name, **({"with": dict(values)} if values else {})}
        arguments = ", ".join(f"{field}={value!r}" for field, value in values.items())
        return {
            "yaml": write(node),
            "json": json.dumps(node, ensure_ascii=False, indent=2),
            "python": f'pipeline.add("{name}", {kind.__name__}({arguments}))',
        }

    def check(self, name: str, values: Mapping[str, Any]) -> Sequence[Document]:
        """Return every fault of parameters.

        Each is `{"field", "sentence", "sentences"}`: `field` is a dotted path, empty for the whole; `sentence` is the
        one of `bench.check`; `sentences` are by language and name no field, as they are shown under it.

        Raises:
            UnknownOperatorError: There is no such operator.
        """
        try:
            BUILTIN.find(name)(**values)
        except ValidationError as error:
            details = error.errors(include_url=False)
            return [_fault(detail, found) for detail, found in zip(details, faults(error), strict=True)]
        return []


def entry(kind: type[Operator]) -> Document:
    """Return what the catalogue says of one operator."""
    card = kind.card
    return {
        "name": card.name,
        "version": card.version,
        "title": card.title["en"],
        "titles": dict(card.title),
        "about": {"en": inspect.cleandoc(kind.__doc__ or ""), **card.about},
        "category": card.category,
        "online": card.online,
        "alternative": kind.alternative if _passes_rows(kind) and card.online == "refuse" else "",
        "engines": [*card.engines],
        "inputs": [{"name": port.name, "type": port.type, "optional": port.optional} for port in kind.input_ports()],
        "outputs": [{"name": port.name, "type": port.type} for port in kind.output_ports()],
        "source": "built-in",
        "status": "published",
    }


def _passes_rows(kind: type[Operator]) -> bool:
    """True for what rows pass on the way to a model: a table goes in and one comes out."""
    ports = (kind.input_ports(), kind.output_ports())
    return all(any(port.type == "Table" for port in side) for side in ports)


def _fault(detail: Mapping[str, Any], found: ParameterError) -> Document:
    text = str(detail["msg"]).removeprefix("Value error, ").rstrip(".")
    sentences = {"en": f"{text[:1].upper()}{text[1:]}."}
    chinese = detail.get("ctx", {}).get("zh")
    if chinese:
        sentences["zh"] = f"{chinese}。"
    return {"field": found.field, "sentence": str(found), "sentences": sentences}


def _examples(kind: type[Operator]) -> list[Document]:
    found: list[Document] = []
    for example in kind.examples():
        written = example.operator.model_dump(mode="json", exclude_unset=True)
        if written not in found:
            found.append(written)
    return found
