"""A world of faults around `RunState`: seeded, without threads or clocks, so that a seed replays exactly."""

import random
from dataclasses import dataclass, field

from engine.runs import events
from engine.runs.events import StagePlan
from engine.runs.instructions import Finish, Instruction, Start, Stop
from engine.runs.state import RunState


@dataclass
class World:
    """Acts on instructions, and lets workers finish, fail, vanish, answer late, and the driver die.

    Args:
        dice: Where all chance comes from.
        ledger: Every event the state took in, from which it must be rebuildable.
        working: Token -> stage of every worker that may still answer, whether or not it counts.
    """

    dice: random.Random
    state: RunState = field(default_factory=RunState)
    ledger: list[events.Event] = field(default_factory=list)
    working: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    attempts: set[tuple[str, int]] = field(default_factory=set)
    finished: list[str] = field(default_factory=list)

    def run(self, steps: int = 2000) -> None:
        """Play until the run is over and nobody works any more.

        Raises:
            AssertionError: Something that must hold does not, or the run never ends.
        """
        self.tell(events.Requested(dag(self.dice), max_attempts=self.dice.randint(1, 4)))
        for _ in range(steps):
            if not self.working and not self.state.running() and self.state.status != "running":
                return
            self.something_happens()
        raise AssertionError(f"The run is still {self.state.status} after {steps} steps.")

    def something_happens(self) -> None:
        """Let chance choose what comes next; mostly a worker answers."""
        chance = self.dice.random()
        if chance < 0.05:
            self.driver_dies()
        elif chance < 0.07:
            self.tell(events.CancelRequested())
        elif chance < 0.08 and self.state.status in ("failed", "cancelled") and len(self.finished) < 3:
            self.tell(events.Resumed())
        elif self.working:
            self.worker_answers()

    def worker_answers(self) -> None:
        """One worker succeeds, fails, is lost, times out; now and then it answers again later."""
        token = self.dice.choice(sorted(self.working))
        stage = self.working[token]
        counts = self.state.stages[stage].token == token
        kind = self.dice.choices(
            [
                events.Succeeded(stage, token),
                events.Failed(stage, token, {"sentence": "No."}, retryable=self.dice.random() < 0.7),
                events.Lost(stage, token, "gone"),
                events.TimedOut(stage, token, 1.0),
            ],
            weights=[12, 2, 2, 1],
        )[0]
        if self.dice.random() > 0.1:
            del self.working[token]  # otherwise a late answer is still to come
        if isinstance(kind, events.Succeeded) and counts:
            assert stage not in self.done, f"{stage} was done twice"
            self.done.append(stage)
        self.tell(kind)
        if not counts:
            assert self.state.stages[stage].token != token

    def driver_dies(self) -> None:
        """A new driver rebuilds the state from the ledger; the old one's workers may still answer."""
        rebuilt = RunState.replay(self.ledger)
        assert vars(rebuilt).keys() == vars(self.state).keys()
        assert rebuilt.stages == self.state.stages
        self.state = rebuilt
        if self.state.status == "running":
            self.tell(events.Recovered())

    def tell(self, event: events.Event) -> None:
        """Let the state take in an event and act on what it asks for."""
        over = self.state.status not in ("queued", "running")
        self.ledger.append(event)
        instructions = self.state.handle(event)
        self.state.validate()
        if over and not isinstance(event, events.Resumed):
            assert not any(isinstance(item, Start | Finish) for item in instructions), "an ended run goes on"
        for instruction in instructions:
            self.act(instruction)

    def act(self, instruction: Instruction) -> None:
        """Do what the driver would."""
        if isinstance(instruction, Start):
            self.start(instruction)
        elif isinstance(instruction, Stop):
            if self.dice.random() < 0.5 and instruction.token in self.working:
                self.tell(events.Lost(instruction.stage, instruction.token, "stopped"))
        elif isinstance(instruction, Finish):
            self.finished.append(instruction.status)

    def start(self, instruction: Start) -> None:
        """Start an attempt, or find the work done by an earlier run."""
        stage = instruction.stage
        if self.state.stages[stage].status != "ready":
            return
        missing = [need for need in self.state.stages[stage].after if need not in self.done]
        assert not missing, f"{stage} started before {missing}"
        assert stage not in self.done, f"{stage} is done again"
        if self.dice.random() < 0.1:
            self.done.append(stage)
            self.tell(events.Reused(stage, "earlier", "digest"))
            return
        assert (stage, instruction.attempt) not in self.attempts, "an attempt began twice"
        self.attempts.add((stage, instruction.attempt))
        token = f"{stage}-{instruction.attempt}-{self.dice.random()}"
        self.working[token] = stage
        self.tell(events.AttemptStarted(stage, instruction.attempt, token))


def dag(dice: random.Random) -> tuple[StagePlan, ...]:
    """Return up to twelve stages, each of which may need any of those before it."""
    names = [f"s{number}" for number in range(dice.randint(1, 12))]
    return tuple(
        StagePlan(name, tuple(before for before in names[:index] if dice.random() < 2 / (index + 1)))
        for index, name in enumerate(names)
    )


def play(seed: int) -> World:
    """Return the world of one seed after its run is over."""
    world = World(random.Random(seed))
    world.run()
    return world
