"""The check of memory: who takes more than its share is stopped, and nobody else."""

from engine.conformance.parts import MIB
from engine.conformance.stage import Stage
from engine.runs.executor import Failed
from resources.conformance.check import Check

TRIES = 5
SHARE = 512
TAKES = 1536


def memory_by_share(stage: Stage) -> Check:
    """Take three times the share, five times, beside a neighbour that answers requests."""
    neighbour = stage.start("answer", {"cpu": 0.5, "memory": f"{SHARE}MiB"}, "test", seconds=6.0)
    answers = [
        stage.answer(stage.start("eat", {"cpu": 0.5, "memory": f"{SHARE}MiB"}, size=TAKES * MIB)) for _ in range(TRIES)
    ]
    stopped = [one for one in answers if isinstance(one, Failed) and "its share is" in one.error["sentence"]]
    unharmed = bool(stage.told(neighbour))
    said = stopped[0].error["sentence"] if stopped else "It was not stopped."
    return Check("memory", "capped", "watchdog", f"{SHARE} MiB", f"{TAKES} MiB, {TRIES} times",
                 len(stopped) == TRIES and unharmed,
                 f"Stopped in {len(stopped)} of {TRIES} tries; the neighbour {'went on' if unharmed else 'ended'}. "
                 f"{said}")  # fmt: skip


def within_the_share(stage: Stage) -> Check:
    """A task that stays within its share is left alone."""
    told = stage.told(stage.start("eat", {"cpu": 0.5, "memory": f"{TAKES}MiB"}, size=SHARE * MIB))
    return Check("memory within the share", "capped", "watchdog", f"{TAKES} MiB", f"{SHARE} MiB", bool(told),
                 "It was given what it asked for." if told else "It was stopped.")  # fmt: skip


CHECKS = (within_the_share, memory_by_share)
