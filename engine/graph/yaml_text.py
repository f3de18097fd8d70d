"""YAML by the core schema of version 1.2 (YAML 1.2.2, section 10.3), read and written.

Only what JSON can say is read: null, booleans, numbers, text, lists and objects. So `12:30`, `1_000`, `yes` and
`2024-01-05` are text, `012` is 12, `0o17` is 15 and `1e3` is 1000.0. What is written is read alike by readers of
version 1.1, for which the same words may be numbers, times or booleans: such text is put in quotes.
"""

import re
from typing import Any

import yaml

LONGEST = 400
"""Characters of a number; the longest that a float can hold has 309 digits."""
_CORE = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_RULES = (
    ("null", re.compile(r"(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")),
    ("int", re.compile(rf"(?:{_WHOLE.pattern})$"), list("-+0123456789")),
    ("float", re.compile(rf"(?:{_FRACTION.pattern}|{_ENDLESS.pattern})$"), list("-+.0123456789")),
)
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_LIKE_ANOTHER = re.compile(r"[-+]?\.?[0-9]|[-+]?\.(?:inf|nan)$|[yn]$", re.IGNORECASE)


def read(text: str) -> Any:
    """Return the plain data in a YAML text.

    Raises:
        yaml.YAMLError: It is no YAML, uses aliases or other tags than those of the core schema, or has a key twice.
    """
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader


def write(document: Any) -> str:
    """Return plain data as YAML text; equal documents give equal bytes."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


class _Loader(yaml.SafeLoader):
    """YAML with the words and numbers of version 1.2, no aliases, and no key twice."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own class attribute
    yaml_constructors = {  # noqa: RUF012 - PyYAML's own class attribute
        tag: constructor
        for tag, constructor in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.removeprefix(_CORE) in {"null", "bool", "int", "float", "str", "seq", "map"}
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, "aliases are not read", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, (str, int, float, bool)):
                if key in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"{str(key)[:60]!r} stands twice", key_node.start_mark
                    )
                seen.add(key)
        return super().construct_mapping(node, deep)


def _number(loader: _Loader, node: Any) -> int | float:
    """Return a number of the core schema, whichever tag it was given."""
    text = str(loader.construct_scalar(node))
    if len(text) > LONGEST:
        problem = f"a number of {len(text):,} characters; at most {LONGEST} are read"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    if _WHOLE.fullmatch(text):
        whole = int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
        return float(whole) if node.tag.endswith(":float") else whole
    if node.tag.endswith(":float") and _FRACTION.fullmatch(text):
        return float(text)
    if node.tag.endswith(":float") and _ENDLESS.fullmatch(text):
        return float(text.lower().replace(".", ""))
    raise yaml.constructor.ConstructorError(None, None, f"{text[:60]!r} is no number", node.start_mark)


for _name, _pattern, _first in _RULES:
    _Loader.add_implicit_resolver(_CORE + _name, _pattern, _first)
for _name in ("int", "float"):
    _Loader.add_constructor(_CORE + _name, _number)


class _Dumper(yaml.SafeDumper):
    """YAML without aliases, so that equal documents give equal bytes."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    """Write text so that it reads back: in quotes where a reader may see a number, a time or a word in it.

    PyYAML loses unusual line breaks unless they are escaped.
    """
    style = '"' if _ESCAPED.search(value) else "'" if _LIKE_ANOTHER.match(value) else None
    return dumper.represent_scalar(f"{_CORE}str", value, style=style)


_Dumper.add_representer(str, _text)
