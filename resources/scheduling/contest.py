"""Policies of placement by name, on the same arrivals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resources.errors import TraceError
from resources.scheduling.book import Book, Shape
from resources.scheduling.inflation import Inflated, PlaceAll, inflate, one_by_one, place_all
from resources.scheduling.mix import Mix, usual
from resources.scheduling.placers import PLACERS, FragmentationGradientDescent
from resources.scheduling.search import METHODS, Effort, WindowSearch
from resources.scheduling.search.window import LONGEST
from resources.scheduling.traces import Trace
from resources.shares import WHOLE

PLACEMENT_POLICIES = (*PLACERS, *METHODS)
"""Names of the policies: those that take each task as it comes, and those that search the order of a window."""


@dataclass(frozen=True, slots=True)
class Contest:
    """What is asked of a cluster, and how the searching policies look.

    Attributes:
        trace: Machines and jobs.
        tune: Of the cluster's GPUs, how much is asked for at least; above 0.
        window: Tasks that a searching policy sees at once, 1 to 64.
        effort: Of a searching policy for each window.
        known: Shapes from which the policies know what is usual; those of the trace when None. The published rule knows
            no memory, and the searching policies do: it costs them nothing, and gains up to 0.4 points.

    Raises:
        TraceError: `tune` or `window` is out of range.
    """

    trace: Trace
    tune: float = 1.3
    window: int = LONGEST
    effort: Effort | None = None
    known: Sequence[Shape] | None = None

    def __post_init__(self) -> None:
        if not 0 < self.tune <= 10:  # noqa: PLR2004 - ten times a cluster is enough
            raise TraceError(f"A trace cannot be inflated to {self.tune:g}.", hint="Take a number above 0, at most 10.")
        if not 1 <= self.window <= LONGEST:
            raise TraceError(f"A window cannot have {self.window} tasks.", hint=f"Take 1 to {LONGEST}.")

    def run(self, policy: str, seed: int) -> tuple[Inflated, int, float]:
        """Return what came of one policy on the arrivals of one seed, its fallbacks, and the fragmentation ratio.

        A fallback is a window in which no order was better than that of arrival. The ratio is the part of the free GPU
        that no usual task can be expected to use, from 0 to 1.

        Raises:
            TraceError: There is no such policy.
        """
        book = Book(self.trace.machines)
        known = self.known or [book.shape(job.task) for job in self.trace.jobs for _ in range(job.machines)]
        mix = usual(known if policy in METHODS else [shape._replace(memory=0) for shape in known])
        arrivals = inflate(self.trace, book, self.tune, seed)
        self._placing(policy, mix, seed)(book.copy(), arrivals.shapes[:2])  # compiles what is not compiled yet
        place = self._placing(policy, mix, seed)
        search = place if isinstance(place, WindowSearch) else None
        found = place_all(arrivals, book, place, self.window if search else 1)
        return found, search.fallbacks if search else 0, _ratio(book, mix)

    def _placing(self, policy: str, mix: Mix, seed: int) -> PlaceAll:
        check_policies([policy])
        if policy in METHODS:
            return WindowSearch(mix, policy, self.effort, seed=seed)
        return one_by_one(PLACERS[policy](mix, seed))

    def documents(self, policies: Sequence[str], seeds: Sequence[int]) -> list[dict[str, Any]]:
        """Return what `tandem simulate` prints for each policy and seed, see `document_of`."""
        return [document_of(policy, seed, *self.run(policy, seed)) for seed in seeds for policy in policies]


def document_of(policy: str, seed: int, found: Inflated, fallbacks: int, ratio: float) -> dict[str, Any]:
    """Return one result as JSON: percents of the cluster's GPUs, milliseconds per task."""
    return {
        "policy": policy,
        "seed": seed,
        "arrived": found.arrived,
        "refused": found.refused,
        "allocated_percent": found.allocated,
        "unallocated_percent": 100 - found.allocated,
        "allocated_percent_at_100": found.allocated_100,
        "first_refusal_percent": found.first_refusal,
        "fragmented_percent_of_free": 100 * ratio,
        "decision_ms": {"p50": found.decision_ms(50), "p99": found.decision_ms(99)},
        "mean_decision_ms": found.mean_ms,
        "fallbacks": fallbacks,
    }


def _ratio(book: Book, mix: Mix) -> float:
    free = int(book.gpu[book.gpu > 0].sum())
    return FragmentationGradientDescent(mix).fragmentation(book) * WHOLE / free if free else 0.0


def check_policies(policies: Sequence[str]) -> None:
    """Check that all policies exist.

    Raises:
        TraceError: One does not.
    """
    for policy in policies:
        if policy not in PLACEMENT_POLICIES:
            known = ", ".join(PLACEMENT_POLICIES)
            raise TraceError(f"There is no policy {policy!r} of placement.", hint=f"There are {known}.")
