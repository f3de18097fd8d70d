"""The card is complete."""

import re
from typing import Final

from operators.categories import CATEGORIES
from operators.contract.card import ALL_ENGINES
from operators.contract.operator import Example, Operator
from operators.testing.checks.running import require

ONLINE: Final = frozenset({"row", "fitted", "skip", "refuse"})


def check_card(example: Example) -> None:
    """The card is complete, and the class says what it does."""
    kind = type(example.operator)
    card = kind.card
    require(bool(re.fullmatch(r"[a-z][a-z0-9_]*", card.name)), f"{card.name!r} is not a registry name")
    require(bool(card.title.get("en")) and bool(card.title.get("zh")), "the title lacks English or Chinese")
    require(card.category in CATEGORIES, f"{card.category!r} is not a category")
    require(card.online in ONLINE and example.operator.online() in ONLINE, f"{card.online!r} is not an online mode")
    require(card.version >= 1, "versions count from 1")
    require(bool(card.engines) and set(card.engines) <= set(ALL_ENGINES), f"engines are {card.engines}")
    require(bool(kind.__doc__) and kind.__doc__ != Operator.__doc__, "the class has no docstring")
    require(bool(kind.output_ports()), "nothing comes out")
    given, ports = set(example.inputs), {port.name: port for port in kind.input_ports()}
    require(given <= set(ports), f"the example connects {sorted(given - set(ports))}, which are no ports")
    missing = [name for name, port in ports.items() if not port.optional and name not in given]
    require(not missing, f"the example leaves {missing} open")
