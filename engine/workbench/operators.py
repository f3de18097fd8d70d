"""The catalogue of operators as users of the workbench see it: documents, never classes."""

from collections.abc import Mapping, Sequence
from typing import Any

from operators.base import Operator
from operators.labels import labelled
from operators.registry import catalogue, find, try_build

Document = dict[str, Any]


class OperatorDesk:
    """Says what operators there are, and checks parameters."""

    def list(self) -> Sequence[Document]:
        """Return what the catalogue says of each operator, in the order of categories.

        Each is `{"name", "version", "title", "titles", "about", "category", "online", "engines", "inputs", "outputs",
        "source", "status"}`; `titles` and `about` are by language.
        """
        return [entry(kind) for kind in catalogue().values()]

    def show(self, name: str) -> Document:
        """Return one entry of the catalogue with its `help`, the JSON Schema of its fields, and `examples`.

        `examples` are parameters of small cases; the schema's labels and options are in English and Chinese.

        Raises:
            UnknownOperatorError: There is no such operator.
        """
        kind = find(name)
        return {
            **entry(kind),
            "help": (kind.__doc__ or "").strip(),
            "schema": labelled(kind.model_json_schema()),
            "examples": _examples(kind),
        }

    def check(self, name: str, values: Mapping[str, Any]) -> Sequence[Document]:
        """Return every fault of parameters: `{"field", "sentence", "hint"}`; `field` is a dotted path or empty.

        Raises:
            UnknownOperatorError: There is no such operator.
        """
        _, found = try_build(find(name), values)
        return [{"field": fault.field, "sentence": str(fault), "hint": fault.hint} for fault in found]


def entry(kind: type[Operator]) -> Document:
    """Return what the catalogue says of one operator."""
    card = kind.card
    return {
        "name": card.name,
        "version": card.version,
        "title": card.title["en"],
        "titles": dict(card.title),
        "about": {"en": (kind.__doc__ or "").strip(), **card.about},
        "category": card.category,
        "online": card.online,
        "engines": [*card.engines],
        "inputs": [{"name": port.name, "type": port.type, "optional": port.optional} for port in kind.input_ports()],
        "outputs": [{"name": port.name, "type": port.type} for port in kind.output_ports()],
        "source": "built-in",
        "status": "published",
    }


def _examples(kind: type[Operator]) -> list[Document]:
    found: list[Document] = []
    for example in kind.examples():
        written = example.operator.model_dump(mode="json", exclude_unset=True)
        if written not in found:
            found.append(written)
    return found
