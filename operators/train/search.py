"""The course of a search: ask for candidates, try them fold by fold, drop the poor ones, tell, go on."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from operators.contract.context import Context
from operators.contract.errors import CancelledError
from operators.train.candidates import Candidate, Space
from operators.train.folds import FoldScore, Score, Task

Trial = dict[str, Any]
"""`{"number", "algorithm", "drawn", "folds", "value", "status": "done" | "pruned" | "failed", "error"}`, as JSON."""


@dataclass(frozen=True)
class Plan:
    """How far a search goes.

    Args:
        trials: Candidates to try, the defaults among them.
        folds: Folds that each is tried on.
        at_once: Candidates tried side by side.
        share: CPUs that each takes.
        timeout_s: Seconds after which no more are started; None for no limit.
        maximize: True where more of the figure is better.
        seed: For what is drawn.
    """

    trials: int
    folds: int
    at_once: int
    share: float
    timeout_s: float | None
    maximize: bool
    seed: int


class Search:
    """A search that can be resumed: what it drew and found is kept after each round of `at_once` candidates.

    The sampler is seeded anew for every round, so that a search that was interrupted ends as it would have.
    """

    def __init__(self, space: Space, plan: Plan, score: FoldScore, context: Context) -> None:
        self._space = space
        self._plan = plan
        self._score = score
        self._context = context
        self._study = _study(plan.maximize)
        self._done: list[Trial] = []
        self._spent = 0.0

    def run(self) -> list[Trial]:
        """Return every trial, in the order of their numbers.

        Raises:
            CancelledError: The run was cancelled.
        """
        self._recall()
        started = time.monotonic() - self._spent
        while candidates := self._next_round():
            for trial in self._tried(candidates):
                self._done.append(trial)
            self._spent = time.monotonic() - started
            self._context.checkpoint({"trials": self._done, "seconds": self._spent})
            self._report()
        return self._done

    def _recall(self) -> None:
        kept = self._context.checkpoint() or {}
        self._spent = float(kept.get("seconds", 0.0))
        for trial in kept.get("trials", []):
            self._done.append(dict(trial))
            self._add(trial)

    def _next_round(self) -> Sequence[Any]:
        """Return the defaults first, then what the sampler suggests; nothing at the end."""
        number, plan = len(self._done), self._plan
        defaults = self._space.defaults[: plan.trials]
        if number < len(defaults):
            return [(candidate, None) for candidate in defaults[number : number + plan.at_once]]
        late = plan.timeout_s is not None and self._spent >= plan.timeout_s
        if number >= plan.trials or late or not self._space.varies:
            return []
        self._study.sampler = _sampler((plan.seed + number) % 2**32)
        drawn = []
        for offset in range(min(plan.at_once, plan.trials - number)):
            trial = self._study.ask()
            drawn.append((self._space.draw(number + offset, trial), trial))
        return drawn

    def _tried(self, candidates: Sequence[tuple[Candidate, Any]]) -> list[Trial]:
        """Try candidates on one fold after the other, and drop those that fall behind."""
        trials = {candidate.number: _trial(candidate) for candidate, _ in candidates}
        for fold in range(self._plan.folds):
            if self._context.cancelled:
                raise CancelledError("The search was cancelled.", hint="Resume the run to go on.")
            going = [candidate for candidate, _ in candidates if trials[candidate.number]["status"] == "done"]
            tasks = [Task(candidate.number, fold, candidate.learner.model_dump()) for candidate in going]
            scores = list(self._context.map(self._score, tasks, share=self._plan.share)) if tasks else []
            for score in scores:
                _note(trials[score.number], score)
            self._prune(candidates, trials, fold)
        for candidate, asked in candidates:
            self._tell(trials[candidate.number], asked)
        return list(trials.values())

    def _prune(self, candidates: Sequence[tuple[Candidate, Any]], trials: Mapping[int, Trial], fold: int) -> None:
        for candidate, asked in candidates:
            trial = trials[candidate.number]
            if asked is None or trial["status"] != "done":
                continue
            asked.report(trial["value"], fold)
            if fold + 1 < self._plan.folds and asked.should_prune():
                trial["status"] = "pruned"

    def _tell(self, trial: Trial, asked: Any) -> None:
        from optuna.trial import TrialState

        if asked is None:
            self._add(trial)
        elif trial["status"] == "done":
            self._study.tell(asked, trial["value"])
        else:
            self._study.tell(asked, state=TrialState[{"pruned": "PRUNED", "failed": "FAIL"}[trial["status"]]])

    def _add(self, trial: Mapping[str, Any]) -> None:
        """Put a trial that the study did not ask for among those it learns from."""
        from optuna.trial import TrialState, create_trial

        if trial["status"] == "failed":
            return
        so_far = {i: float(np.mean(trial["folds"][: i + 1])) for i in range(len(trial["folds"]))}
        done = trial["status"] == "done"
        self._study.add_trial(
            create_trial(
                state=TrialState.COMPLETE if done else TrialState.PRUNED,
                value=trial["value"],
                params=dict(trial["drawn"]),
                distributions=self._space.distributions(list(trial["drawn"])),
                intermediate_values=so_far,
            )
        )

    def _report(self) -> None:
        figures = {"trials": float(len(self._done))}
        found = best(self._done, maximize=self._plan.maximize)
        if found is not None:
            figures["best"] = found["value"]
        self._context.report(len(self._done), figures)


def best(trials: Sequence[Trial], *, maximize: bool) -> Trial | None:
    """Return the best trial that went through all folds, the first of equals; None where there is none."""
    done = [trial for trial in trials if trial["status"] == "done"]
    sign = -1 if maximize else 1
    return min(done, key=lambda trial: (sign * trial["value"], trial["number"]), default=None)


def _trial(candidate: Candidate) -> Trial:
    return {
        "number": candidate.number,
        "algorithm": candidate.learner.model_dump(mode="json"),
        "drawn": dict(candidate.drawn),
        "folds": [],
        "value": None,
        "status": "done",
        "error": "",
    }


def _note(trial: Trial, score: Score) -> None:
    if score.value is None:
        trial.update(status="failed", error=score.error, value=None)
        return
    trial["folds"].append(score.value)
    trial["value"] = float(np.mean(trial["folds"]))


def _study(maximize: bool) -> Any:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    pruner = optuna.pruners.MedianPruner(n_startup_trials=5)
    return optuna.create_study(direction="maximize" if maximize else "minimize", pruner=pruner)


def _sampler(seed: int) -> Any:
    from optuna.samplers import TPESampler

    return TPESampler(seed=seed)
