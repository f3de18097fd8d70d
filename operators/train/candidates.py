"""What a search may try: settings of learners within the bounds that their fields declare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from operators.contract.learner import Learner
from operators.learners.algorithm import learner_of, tried_by_auto


@dataclass(frozen=True)
class Candidate:
    """Settings to be tried.

    Args:
        number: Its place in the search, from 0.
        learner: The settings.
        drawn: Optuna's name and value of each setting that was drawn; what stays at its default is not in it.
    """

    number: int
    learner: Learner
    drawn: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Space:
    """The learners of a search; settings that were given stay as they are, the others vary."""

    learners: Mapping[str, Learner]

    @classmethod
    def of(cls, algorithm: str | Learner) -> "Space":
        """Return the space of one algorithm, or of all that `auto` chooses among."""
        found = tried_by_auto() if algorithm == "auto" else [learner_of(algorithm)]
        return cls({learner.kind: learner for learner in found})

    @property
    def defaults(self) -> Sequence[Candidate]:
        """Every learner as it is: a search never ends below them."""
        return [
            Candidate(number, learner, {"algorithm": kind} if self._chooses else {})
            for number, (kind, learner) in enumerate(self.learners.items())
        ]

    @property
    def varies(self) -> bool:
        """False where every setting was given, so that there is nothing to search."""
        return any(self._open(kind) for kind in self.learners)

    def draw(self, number: int, trial: Any) -> Candidate:
        """Return the settings that an Optuna trial suggests."""
        kinds = list(self.learners)
        kind = trial.suggest_categorical("algorithm", kinds) if self._chooses else kinds[0]
        settings = {name: _suggested(trial, f"{kind}.{name}", rule) for name, rule in self._open(kind).items()}
        given = self.learners[kind].model_dump(exclude_unset=True)
        learner = learner_of({**given, "kind": kind, **settings})
        return Candidate(number, learner, dict(trial.params))

    def distributions(self, names: Sequence[str]) -> dict[str, Any]:
        """Return Optuna's distribution of each drawn setting."""
        from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

        found: dict[str, Any] = {}
        for name in names:
            kind, _, setting = name.partition(".")
            if not setting:
                found[name] = CategoricalDistribution(list(self.learners))
                continue
            rule = self._open(kind)[setting]
            if "choices" in rule:
                found[name] = CategoricalDistribution(rule["choices"])
            else:
                number = IntDistribution if rule["type"] == "integer" else FloatDistribution
                found[name] = number(rule["low"], rule["high"], log=rule["log"])
        return found

    @property
    def _chooses(self) -> bool:
        return len(self.learners) > 1

    def _open(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        learner = self.learners[kind]
        return {name: rule for name, rule in learner.space().items() if name not in learner.model_fields_set}


def _suggested(trial: Any, name: str, rule: Mapping[str, Any]) -> Any:
    if "choices" in rule:
        return trial.suggest_categorical(name, rule["choices"])
    suggest = trial.suggest_int if rule["type"] == "integer" else trial.suggest_float
    return suggest(name, rule["low"], rule["high"], log=rule["log"])
