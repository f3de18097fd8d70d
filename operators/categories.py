"""What kinds of operators there are: the one table of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Category:
    """One kind.

    Args:
        title: What people call it, by language (`en`, `zh`).
        colour: Of its nodes on a canvas, as hexadecimal RGB.
        libraries: The packages of this room that hold its built-in operators, one file per member.
    """

    title: Mapping[str, str]
    colour: str
    libraries: tuple[str, ...]


CATEGORIES: Final[Mapping[str, Category]] = {
    "data": Category({"en": "Data", "zh": "数据"}, "#1c7ed6", ("sources", "sinks")),
    "transform": Category({"en": "Transform", "zh": "变换"}, "#0c8599", ("transform",)),
    "prepare": Category({"en": "Prepare", "zh": "预处理"}, "#2f9e44", ("prepare",)),
    "sample": Category({"en": "Sample", "zh": "抽样"}, "#9c6b08", ("sample",)),
    "train": Category({"en": "Train", "zh": "训练"}, "#9c36b5", ("train",)),
    "evaluate": Category({"en": "Evaluate", "zh": "评估"}, "#d9480f", ("evaluate",)),
    "script": Category({"en": "Script", "zh": "脚本"}, "#5f6b7a", ("script",)),
}
"""Every category by its name, in the order of lists."""
