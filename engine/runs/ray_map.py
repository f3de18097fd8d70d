"""`Context.map` on Ray: calls of a stage spread over the share its environment has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from engine.errors import RunError
from resources.enforcement.limits import Limits, keep, kept

IN_FLIGHT = 64
"""Calls handed to Ray at once; the rest wait here, so that an early end leaves little to undo."""

FINEST = 0.0001


def spread(function: Callable[[Any], Any], items: Sequence[Any], share: float = 1.0) -> Iterator[Any]:
    """Yield `function(item)` for each of `items` in the order they finish; runs inside a Ray worker.

    The calls run in the group of the stage's environment. While the stage waits for them it lends them its
    own CPUs, so a group of one CPU does not lock up. They end when the stage ends.

    Args:
        function: Picklable; sent once.
        items: Each picklable.
        share: CPUs that one call takes; no more than the environment has are taken.

    Raises:
        RunError: A worker died; the stage may be tried again.
        Exception: What `function` raised, as it raised it.
    """
    import ray

    if not items:
        return
    group = ray.util.get_current_placement_group()
    call = ray.remote(max_retries=0)(_call).options(**_options(group, share), name="map")
    sent, limits = ray.put(function), kept().document()
    waiting = iter(items)
    running = [call.remote(sent, item, limits) for item, _ in zip(waiting, range(IN_FLIGHT), strict=False)]
    try:
        while running:
            [done], running = ray.wait(running, num_returns=1)
            running += [call.remote(sent, item, limits) for item, _ in zip(waiting, range(1), strict=False)]
            yield _result(done)
    finally:
        for reference in running:
            ray.cancel(reference, force=True)


def _call(function: Callable[[Any], Any], item: Any, limits: Mapping[str, Any]) -> Any:
    keep(Limits.of_document(limits))  # of the stage: a warm worker has those of what it did before
    return function(item)


def _result(reference: Any) -> Any:
    import ray

    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        # The cause is what the function raised; Ray's own wrapping would put a traceback in the sentence.
        raise (error.cause if isinstance(error.cause, Exception) else RunError(str(error))) from None
    except ray.exceptions.RayError as error:
        sentence = f"A worker that did a part of the work ended: {type(error).__name__}."
        raise RunError(sentence, hint="Run again; ask for more memory if it happens again.") from error


def _options(group: Any, share: float) -> dict[str, Any]:
    """Return the options of one call: in the stage's group, if it runs in one, with at most what that has."""
    from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

    if group is None:
        return {"num_cpus": share}
    room = float(group.bundle_specs[0].get("CPU", 0))
    return {
        "num_cpus": max(FINEST, min(share, room)),
        "scheduling_strategy": PlacementGroupSchedulingStrategy(group, 0),
    }
