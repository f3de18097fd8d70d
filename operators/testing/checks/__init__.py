"""The published check suite: what every operator promises, each as a function of one example, one promise a file.

A check returns nothing, or raises `CheckFailedError` with a sentence. `results_of` runs them all for a plug-in;
the project's own tests run `CHECKS` over every example in the registry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from operators.contract.operator import Example, Operator
from operators.testing.checks.card import check_card
from operators.testing.checks.degenerate import check_degenerate_tables
from operators.testing.checks.described import check_every_field_is_described
from operators.testing.checks.engines import check_duckdb_agrees, check_spark_agrees
from operators.testing.checks.json_state import check_state_is_json
from operators.testing.checks.kept_rows import check_fitted_keeps_rows
from operators.testing.checks.online import check_online_equals_batch
from operators.testing.checks.other_columns import check_other_columns_pass
from operators.testing.checks.promised_schema import check_schema_promise
from operators.testing.checks.pure import check_pure
from operators.testing.checks.roles import check_roles
from operators.testing.checks.round_trip import check_round_trip
from operators.testing.checks.running import CheckFailedError
from operators.testing.local import LocalContext

__all__ = [
    "CHECKS",
    "CheckFailedError",
    "CheckResult",
    "LocalContext",
    "check_roles",
    "check_spark_agrees",
    "results_of",
]

Check = Callable[[Example], None]

CHECKS: Final[tuple[Check, ...]] = (
    check_round_trip,
    check_every_field_is_described,
    check_card,
    check_roles,
    check_pure,
    check_schema_promise,
    check_other_columns_pass,
    check_online_equals_batch,
    check_fitted_keeps_rows,
    check_state_is_json,
    check_duckdb_agrees,
    check_degenerate_tables,
)


@dataclass(frozen=True)
class CheckResult:
    """What one check said of one operator; `message` is empty where it passed."""

    name: str
    passed: bool
    message: str = ""


def results_of(kind: type[Operator]) -> list[CheckResult]:
    """Return one result for each check, over all examples of an operator."""
    return [_result(check, kind) for check in CHECKS]


def _result(check: Check, kind: type[Operator]) -> CheckResult:
    try:
        for example in kind.examples():
            check(example)
    except Exception as error:  # noqa: BLE001 - user code is under test: whatever it raises is the finding
        return CheckResult(check.__name__, False, f"{type(error).__name__}: {error}"[:1000])
    return CheckResult(check.__name__, passed=True)
