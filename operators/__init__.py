"""What can be done to data: the contract of operators and the built-in library."""

from operators.prepare.fill_missing import FillMissing
from operators.prepare.scale_numeric import ScaleNumeric
from operators.sample.split_rows import SplitRows
from operators.sources.read_dataset import ReadDataset
from operators.transform.filter_rows import FilterRows
from operators.transform.formula_column import FormulaColumn
from operators.transform.select_columns import SelectColumns

__all__ = [
    "FillMissing",
    "FilterRows",
    "FormulaColumn",
    "ReadDataset",
    "ScaleNumeric",
    "SelectColumns",
    "SplitRows",
]
