"""A field of a form: what a JSON Schema says of one value, with its references followed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final


class Missing:
    """Nothing was given; other than null, which is a value of JSON."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


@dataclass(frozen=True)
class Field:
    """One value that a form asks for.

    Args:
        name: The property's name, or its place in a list.
        kind: Names the widget: `text`, `integer`, `number`, `boolean`, `choice`, `constant`, `date`, `time`,
            `moment`, `secret`, `list`, `choices`, `tuple`, `mapping`, `record`, `union`, `named`, `json`, or what the
            field's hint asks for, such as `column`.
        schema: Its schema without null, references followed.
        required: It must be given.
        nullable: Null is allowed, and means that it is not set.
        default: What holds where it is left out; `MISSING` where that is not known.
        fields: Properties of a record, or places of a tuple.
        item: What a list or a mapping holds.
        variants: What a union may be.
        secret: It, or something in it, must not be sent to a browser.
    """

    name: str
    kind: str
    schema: Mapping[str, Any] = field(default_factory=dict)
    required: bool = False
    nullable: bool = False
    default: Any = MISSING
    fields: "Sequence[Field]" = ()
    item: "Field | None" = None
    variants: "Sequence[Field]" = ()
    secret: bool = False

    @property
    def show_if(self) -> Mapping[str, Any]:
        """The values of other fields for which this one matters."""
        found = self.schema.get("show_if") or self.schema.get("x-show-if")
        return found if isinstance(found, Mapping) else {}

    @property
    def advanced(self) -> bool:
        """Few need it."""
        return bool(self.schema.get("advanced") or self.schema.get("x-advanced"))

    @property
    def options(self) -> Sequence[Any]:
        """What may be chosen."""
        return self.schema.get("enum") or ()

    @property
    def least(self) -> int:
        """The fewest characters, items or entries."""
        for key in ("minLength", "minItems", "minProperties"):
            if isinstance(self.schema.get(key), int):
                return int(self.schema[key])
        return 0

    @property
    def most(self) -> int | None:
        """The most characters, items or entries."""
        for key in ("maxLength", "maxItems", "maxProperties"):
            if isinstance(self.schema.get(key), int):
                return int(self.schema[key])
        return None


def same(one: Any, other: Any) -> bool:
    """Return whether two values are the same JSON: `1` and `true` are not, the order of keys does not matter."""
    if isinstance(one, Missing) or isinstance(other, Missing):
        return one is other
    return written(one) == written(other)


def written(value: Any) -> str:
    """Return a value as one line of JSON, keys in order."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
