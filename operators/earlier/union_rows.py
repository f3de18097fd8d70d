"""Unions of version 1, which took uint64 and signed numbers to int64."""

from dataclasses import replace
from typing import ClassVar

from operators.contract.card import Card
from operators.transform.union_rows import UnionRows


class MixedUnion(UnionRows):
    """`union_rows@1`."""

    card: ClassVar[Card] = replace(UnionRows.card, version=1)
    mixes_signs: ClassVar[bool] = True
