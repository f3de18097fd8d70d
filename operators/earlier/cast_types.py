"""Casts of version 1, which cut fractions towards zero."""

from dataclasses import replace
from typing import ClassVar

from operators.contract.card import Card
from operators.transform.cast_types import CastTypes


class CuttingCast(CastTypes):
    """`cast_types@1`."""

    card: ClassVar[Card] = replace(CastTypes.card, version=1)
    cuts: ClassVar[bool] = True
