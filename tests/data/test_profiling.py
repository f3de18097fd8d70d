"""A profile describes each column truly and says what is striking."""

import datetime
import json
import statistics

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from engine.data.associations import FEWEST_ROWS, correlations, ranks_of
from engine.data.binning import bins_of
from engine.data.profiling import profile_table
from operators.contract.tables import collected, lazy
from operators.registry import BUILTIN


@pytest.fixture
def profiled(tmp_path):
    """Profile a frame."""

    def profile(**columns):
        path = tmp_path / "t.parquet"
        pl.DataFrame(columns).write_parquet(path)
        found = profile_table(path)
        json.dumps(found, allow_nan=False)
        return found

    return profile


def kinds(profile, column=None):
    return {warning["kind"] for warning in profile["warnings"] if column is None or warning["column"] == column}


def test_a_column_of_numbers(profiled):
    column = profiled(a=[1.0, 2.0, 2.0, 5.0, None, float("nan")])["columns"][0]
    assert (column["missing"], column["distinct"], column["min"], column["max"]) == (2, 3, 1.0, 5.0)
    assert column["mean"] == 2.5
    assert column["std"] == pytest.approx(statistics.stdev([1, 2, 2, 5]))
    assert (column["quantiles"]["0.5"], column["top"][0]) == (2.0, [2.0, 2])
    assert sum(column["histogram"]["counts"]) == 4
    assert len(column["histogram"]["edges"]) == len(column["histogram"]["counts"]) + 1


def test_a_column_of_text(profiled):
    column = profiled(a=["x", "y", "x", None])["columns"][0]
    assert (column["missing"], column["distinct"], column["min"], column["max"]) == (1, 2, "x", "y")
    assert column["top"] == [["x", 2], ["y", 1]]
    assert column["mean"] is None


def test_columns_of_dates_and_times_are_iso_text(profiled):
    days = [datetime.date(2024, 1, day) for day in range(1, 31)]
    column = profiled(day=days, at=[datetime.datetime(2024, 1, 1)] * 30)["columns"][0]  # noqa: DTZ001
    assert (column["min"], column["max"]) == ("2024-01-01", "2024-01-30")
    assert column["quantiles"]["0.5"].startswith("2024-01-1")
    assert column["histogram"]["edges"][0] == "2024-01-01"


@pytest.mark.parametrize("values", [[], [None], [1], [float("inf"), 1.0, float("-inf")], [2**63 - 1, -(2**63)]])
def test_odd_columns_are_described(profiled, values):
    assert profiled(a=pl.Series(values, dtype=pl.Int64 if 2**63 - 1 in values else pl.Float64))["rows"] == len(values)


def test_other_types_are_described(profiled):
    found = profiled(flag=[True, False], raw=[b"a", b"b"], span=[datetime.timedelta(1)] * 2, at=[datetime.time(1)] * 2)
    assert [column["distinct"] for column in found["columns"]] == [2, 2, 1, 1]


def test_what_is_striking_is_said(profiled):
    found = profiled(
        id=list(range(100)),
        same=["x"] * 100,
        empty=pl.Series([None] * 100, dtype=pl.String),
        sparse=[1.0] * 2 + [2.0] + [None] * 97,
        rare=["no"] * 97 + ["yes"] * 3,
        names=[f"n{min(number, 80)}" for number in range(100)],
        tail=[float(number) for number in range(99)] + [1e9],
    )
    assert kinds(found, "id") == {"id_like"}
    assert kinds(found, "same") == {"constant"}
    assert kinds(found, "empty") == {"all_missing"}
    assert kinds(found, "sparse") == {"mostly_missing"}
    assert kinds(found, "rare") == {"imbalanced"}
    assert kinds(found, "names") == {"high_cardinality"}
    assert "skewed" in kinds(found, "tail")


def test_equal_rows_are_counted(profiled):
    found = profiled(a=[1, 1, 2, None, None], b=["x", "x", "x", "y", "y"])
    assert found["duplicate_rows"] == 2
    assert "duplicate_rows" in kinds(found)


def test_rows_with_swapped_columns_are_not_equal(profiled):
    assert profiled(a=[1, 2], b=[2, 1])["duplicate_rows"] == 0


def test_a_table_without_rows_is_said(profiled):
    assert "no_rows" in kinds(profiled(a=pl.Series([], dtype=pl.Int64), b=pl.Series([], dtype=pl.String)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), st.integers(-1000, 1000)), min_size=1, max_size=50))
def test_counts_are_those_of_the_values(profiled, values):
    column = profiled(a=pl.Series(values, dtype=pl.Int64))["columns"][0]
    present = [value for value in values if value is not None]
    assert column["missing"] == len(values) - len(present)
    assert column["distinct"] == len(set(present))
    assert dict(column["top"]).items() <= {value: present.count(value) for value in present}.items()


def test_what_goes_together_is_found_whatever_its_type(profiled):
    numbers = [float(number % 37) for number in range(200)]
    group = ["low" if number < 18 else "high" for number in numbers]
    found = profiled(a=numbers, b=[number**3 for number in numbers], group=group, same=[g.upper() for g in group])
    pairs = {(pair["a"], pair["b"]): pair for pair in found["associations"]["pairs"]}
    assert pairs["a", "b"]["signed"] == 1.0
    assert pairs["group", "a"]["value"] > 0.8
    assert pairs["group", "same"]["value"] == pytest.approx(1, abs=0.01)
    assert {"leak"} <= kinds(found, "b") & kinds(found, "same")


def test_what_does_not_go_together_is_weak(profiled):
    random = np.random.default_rng(0)
    groups = random.integers(0, 10, 300).astype(str)
    found = profiled(
        a=random.random(300), b=random.random(300), group=groups, other=random.integers(0, 9, 300).astype(str)
    )
    assert all(pair["value"] < 0.3 for pair in found["associations"]["pairs"])


def test_gaps_leave_a_row_out_of_its_pair(profiled):
    half = [None if number % 2 else float(number) for number in range(100)]
    pair = profiled(a=half, b=[float(number) for number in range(100)])["associations"]["pairs"][0]
    assert pair["value"] > 0.95


GAPPED = st.lists(st.tuples(*[st.one_of(st.none(), st.integers(-9, 9)) for _ in range(2)]), min_size=25, max_size=80)


@settings(max_examples=60, deadline=None)
@given(GAPPED)
def test_a_rank_correlation_is_that_of_the_shared_rows(pairs):
    table = pl.DataFrame(pairs, schema={"a": pl.Int64, "b": pl.Int64}, orient="row")
    both = table.drop_nulls()
    varies = both.height >= FEWEST_ROWS and both["a"].n_unique() > 1 and both["b"].n_unique() > 1
    expected = spearmanr(both["a"], both["b"]).statistic if varies else 0.0
    assert correlations(ranks_of(table, table.height))[0, 1] == pytest.approx(expected, abs=1e-9)


def test_a_copy_with_gaps_is_a_leak(profiled):
    numbers = [float(number) for number in range(1000)]
    found = profiled(half=[number if number >= 500 else None for number in numbers], whole=numbers)
    assert "leak" in kinds(found)


def test_columns_that_have_nothing_to_do_with_each_other_do_not_go_together_for_their_gaps(profiled):
    random = np.random.default_rng(0)
    far, near, none = random.normal(10, 1, (2, 400)), random.normal(0, 1, (2, 400)), [None] * 400
    found = profiled(x=[*far[0], *near[0], *none], y=[*far[1], *none, *near[1]])
    assert all(pair["value"] < 0.2 for pair in found["associations"]["pairs"])


def test_groups_and_numbers_go_together_in_the_rows_that_they_share(profiled):
    random = np.random.default_rng(1)
    values = [*random.normal(0, 1, 200), *random.normal(50, 1, 200)]
    groups = [*random.choice(["a", "b"], 200), *[None] * 200]
    found = profiled(value=values, group=pl.Series(groups, dtype=pl.String))
    assert all(pair["value"] < 0.2 for pair in found["associations"]["pairs"])


@pytest.mark.parametrize("value", [0.1, 14.62, 1e-9, 1e9 + 0.1])
def test_a_constant_column_has_no_spread(profiled, value):
    column = profiled(a=[value] * 999)["columns"][0]
    assert (column["mean"], column["std"], column["skewness"]) == (value, 0.0, None)


def test_whole_numbers_far_from_zero_keep_their_spread(profiled):
    here, far = ([offset + number for number in range(1000)] for offset in (0, 2**62))
    assert profiled(a=here)["columns"][0]["std"] == profiled(a=far)["columns"][0]["std"]


MOSTLY_ZERO = [0.0] * 1600 + [round(1.01**number, 2) for number in range(400)]


def test_a_column_of_mostly_zeros_is_not_mended_into_one_value(profiled):
    found = profiled(amount=MOSTLY_ZERO)
    fix = next(warning["fix"] for warning in found["warnings"] if warning["kind"] == "skewed")
    step, table = BUILTIN.build(fix["operator"], fix["with"]), lazy(pl.LazyFrame({"amount": MOSTLY_ZERO}))
    mended = collected(step.apply(step.fit(table), table))["amount"]
    assert (mended != pl.Series(MOSTLY_ZERO)).sum() <= 20
    assert mended.n_unique() > 300


def test_what_no_bounds_would_mend_has_no_fix(profiled):
    found = profiled(amount=[0.0] * 3000 + [float(number) for number in range(60)])
    assert [warning["fix"] for warning in found["warnings"] if warning["kind"] == "skewed"] == [None]


def test_texts_that_are_mostly_numbers_and_far_values_are_said(profiled):
    far = [float(number % 60) for number in range(196)] + [1000.0, -1000.0, 1001.0, -1001.0]
    found = profiled(a=[str(number) for number in range(190)] + ["n. a."] * 10, far=far)
    assert "mixed_types" in kinds(found, "a")
    assert {"outliers", "skewed"} & kinds(found, "far")


def test_what_names_rows_is_not_advised_to_become_a_number(profiled):
    found = profiled(customer=[f"{number:06d}" for number in range(400)] + ["Total"])
    assert kinds(found, "customer") == {"id_like"}


def test_every_fix_is_a_step_that_can_be_built(profiled):
    found = profiled(
        id=list(range(100)), same=["x"] * 100, gaps=[1.0, None] * 50, text=[None, "a", "b", "c"] * 25,
        names=[f"n{min(number, 80)}" for number in range(100)], when=[datetime.date(2024, 1, 1), None] * 50,
        tail=[float(number) for number in range(99)] + [1e9], numbers=["1"] * 99 + ["x"], twin=list(range(100)),
    )  # fmt: skip
    fixes = [warning["fix"] for warning in found["warnings"] if warning["fix"]]
    assert len(fixes) >= 8
    for fix in fixes:
        BUILTIN.build(fix["operator"], fix["with"])


def test_columns_that_all_say_the_same_are_each_named_once(profiled):
    numbers = [float(number) + 0.5 for number in range(60)]
    found = profiled(a=numbers, b=[2 * n for n in numbers], c=[n**3 for n in numbers])
    assert [warning["kind"] for warning in found["warnings"]].count("leak") == 2


def test_what_matters_most_comes_first(profiled):
    severities = [w["severity"] for w in profiled(a=[1.0, None] * 30, b=["x"] * 60)["warnings"]]
    assert severities == sorted(severities, key=("error", "warning", "info").index)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1), st.integers(1, 40))
def test_bins_hold_every_number_and_cover_it(values, bins):
    ordered = np.sort(np.array(values))
    edges, counts = bins_of(ordered, bins)
    assert counts.sum() == len(values)
    assert len(edges) == len(counts) + 1 <= bins + 1 or len(counts) == 1
    assert (edges[0], edges[-1]) == (ordered[0], ordered[-1])
    assert (counts >= 0).all()
    assert (edges[1:] >= edges[:-1]).all()
