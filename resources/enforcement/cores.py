"""Cores of their own for environments at the level `partitioned`: their work runs there, and no other work does."""

from collections.abc import Iterable, Sequence

from resources.environments import EnvironmentSpec
from resources.errors import QuotaError
from resources.shares import WHOLE

LEVEL = "partitioned"


def cores_of(cores: Sequence[int], environments: Iterable[EnvironmentSpec]) -> dict[str, tuple[int, ...]]:
    """Return on which cores the work of each environment runs; `()` means any, where none is partitioned.

    Args:
        cores: There are; partitioned environments have the last of them, as many as their quotas rounded up.
        environments: In their order.
    """
    specs = list(environments)
    left = list(cores)
    own: dict[str, tuple[int, ...]] = {}
    for spec in specs:
        if spec.level == LEVEL and spec.quota.cpu:
            count = -(-spec.quota.cpu // WHOLE)
            own[spec.name] = tuple(left[len(left) - count :]) if count <= len(left) else tuple(left)
            left = left[: max(0, len(left) - count)]
    rest = tuple(left) if own else ()
    return {spec.name: own.get(spec.name, rest) for spec in specs}


def check_cores(cores: Sequence[int], environments: Iterable[EnvironmentSpec]) -> None:
    """Check that partitioned environments can have cores of their own and the others enough of the rest.

    Raises:
        QuotaError: They cannot.
    """
    specs = [spec for spec in environments if spec.quota.cpu]
    own = sum(-(-spec.quota.cpu // WHOLE) for spec in specs if spec.level == LEVEL)
    others = sum(spec.quota.cpu for spec in specs if spec.level != LEVEL)
    if own and own * WHOLE + others > len(cores) * WHOLE:
        raise QuotaError(
            f"Partitioned environments take {own} whole cores of {len(cores)}, and the others have quotas of"
            f" CPU {others / WHOLE:g}.",
            hint="Make a quota smaller, or choose the level capped.",
            field="level",
        )
