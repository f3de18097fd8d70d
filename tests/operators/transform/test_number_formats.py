"""Numbers as people write them are read as the format says, and nothing else is."""

import polars as pl
import pytest

from operators.contract.conversion import as_engine
from operators.contract.tables import collected
from operators.transform.cast_types import CastTypes

WRITTEN = {
    "1.234,5": {"€378,70": 378.7, "-1.234,5 EUR": -1234.5, "1.234.567": 1234567.0, "12": 12.0, "1,2,3": None,
                "12.34": None, "abc": None, "": None, "€ 5": 5.0, "- 5": -5.0},
    "1,234.5": {"$1,234.50": 1234.5, "1234.5": 1234.5, "12,34": None, "US": None, "7 USD": 7.0, ".5": 0.5},
    "1 234,5": {"1\u202f234,5 €": 1234.5, "1 234": 1234.0, "12 34": None, "3,": 3.0},
    "1'234.5": {"CHF 1\u2019234.50": 1234.5, "1'234": 1234.0, "1'23": None},
    "plain": {"1234.5": 1234.5, "1,234": None, "€5": None},
}  # fmt: skip


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("form", WRITTEN)
def test_a_number_is_read_in_its_format_alone(form, engine):
    texts = pl.DataFrame({"price": [*WRITTEN[form], None]})
    cast = CastTypes(types={"price": "float64"}, numbers=form)
    read = collected(cast.transform(as_engine(texts, engine)))["price"].to_list()
    assert read == [*WRITTEN[form].values(), None]
