"""Formulas and filters of version 1: casts cut towards zero, and arithmetic was as wide as its columns."""

from dataclasses import replace
from typing import ClassVar

from operators.contract.card import Card
from operators.sql.expressions import CUTTING
from operators.transform.filter_rows import FilterRows
from operators.transform.formula_column import FormulaColumn


class CuttingFormula(FormulaColumn):
    """`formula_column@1`."""

    card: ClassVar[Card] = replace(FormulaColumn.card, version=1)
    meaning: ClassVar[int] = CUTTING


class CuttingFilter(FilterRows):
    """`filter_rows@1`."""

    card: ClassVar[Card] = replace(FilterRows.card, version=1)
    meaning: ClassVar[int] = CUTTING
