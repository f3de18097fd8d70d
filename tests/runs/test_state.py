"""The state of a run decides alone: each test is one rule."""

import pytest

from engine.runs.events import (
    AttemptStarted,
    CancelRequested,
    Failed,
    Lost,
    Recovered,
    Requested,
    Resumed,
    Reused,
    StagePlan,
    Succeeded,
    TimedOut,
)
from engine.runs.instructions import Finish, Refuse, Start, Stop
from engine.runs.state import RunState

DIAMOND = (
    StagePlan("read"),
    StagePlan("left", ("read",)),
    StagePlan("right", ("read",)),
    StagePlan("join", ("left", "right")),
)


@pytest.fixture
def state():
    """A diamond of four stages, just asked for; the invariants are checked again when the test ends."""
    run = RunState()
    assert run.handle(Requested(DIAMOND)) == [Start("read", 1)]
    yield run
    run.validate()


def done(state, *stages):
    """Let stages succeed at once; return the instructions of the last."""
    instructions = []
    for stage in stages:
        attempt = state.stages[stage].attempt + 1
        state.handle(AttemptStarted(stage, attempt, f"{stage}{attempt}"))
        instructions = state.handle(Succeeded(stage, f"{stage}{attempt}"))
    return instructions


def test_a_stage_starts_when_all_it_needs_is_done(state):
    assert done(state, "read") == [Start("left", 1), Start("right", 1)]
    assert done(state, "left") == []
    assert done(state, "right") == [Start("join", 1)]


def test_a_run_succeeds_when_all_is_done_or_reused(state):
    assert state.handle(Reused("read", "earlier", "digest")) == [Start("left", 1), Start("right", 1)]
    assert done(state, "left", "right", "join") == [Finish("succeeded")]


def test_what_needs_a_failed_stage_is_skipped_and_the_rest_goes_on(state):
    done(state, "read")
    state.handle(AttemptStarted("left", 1, "l"))
    assert state.handle(Failed("left", "l", {"sentence": "No column 'x'."})) == []
    assert state.stages["left"].reason == "No column 'x'."
    assert (state.stages["join"].status, state.stages["right"].status) == ("skipped", "ready")
    assert done(state, "right") == [Finish("failed")]


def test_what_the_user_did_wrong_is_not_tried_again(state):
    state.handle(AttemptStarted("read", 1, "a"))
    assert state.handle(Failed("read", "a", retryable=False)) == [Finish("failed")]


def test_a_lost_worker_is_replaced_until_patience_ends(state):
    for attempt in (1, 2):
        state.handle(AttemptStarted("read", attempt, f"t{attempt}"))
        assert state.handle(Lost("read", f"t{attempt}", "killed")) == [Start("read", attempt + 1)]
    state.handle(AttemptStarted("read", 3, "t3"))
    assert state.handle(Lost("read", "t3", "killed")) == [Finish("failed")]


def test_a_late_answer_is_refused_and_changes_nothing(state):
    state.handle(AttemptStarted("read", 1, "old"))
    state.handle(Lost("read", "old", "the machine went away"))
    state.handle(AttemptStarted("read", 2, "new"))
    assert state.handle(Succeeded("read", "old")) == [Refuse("read", "old")]
    assert (state.stages["read"].status, state.stages["read"].token) == ("running", "new")


def test_a_second_answer_of_one_attempt_is_refused(state):
    state.handle(AttemptStarted("read", 1, "t"))
    state.handle(Succeeded("read", "t"))
    assert state.handle(Failed("read", "t")) == [Refuse("read", "t")]
    assert state.stages["read"].status == "done"


def test_an_answer_without_a_token_is_refused(state):
    assert state.handle(Succeeded("read", "")) == [Refuse("read", "")]


def test_an_attempt_that_takes_too_long_is_stopped_and_fails(state):
    state.handle(AttemptStarted("read", 1, "t"))
    assert state.handle(TimedOut("read", "t", 30)) == [Stop("read", "t"), Finish("failed")]
    assert state.stages["read"].reason == "It took longer than 30 s."


def test_cancelling_stops_what_runs_and_ends_when_it_has_stopped(state):
    done(state, "read")
    state.handle(AttemptStarted("left", 1, "l"))
    assert state.handle(CancelRequested()) == [Stop("left", "l")]
    assert state.stages["right"].status == "skipped"
    assert state.handle(Lost("left", "l", "stopped")) == [Finish("cancelled")]


def test_what_finished_before_it_could_be_stopped_counts(state):
    state.handle(AttemptStarted("read", 1, "t"))
    state.handle(CancelRequested())
    assert state.handle(Succeeded("read", "t")) == [Finish("cancelled")]
    assert state.stages["read"].status == "done"


def test_a_new_driver_starts_again_what_ran_and_uses_up_no_patience(state):
    for attempt in range(1, 6):
        state.handle(AttemptStarted("read", attempt, f"t{attempt}"))
        assert state.handle(Recovered()) == [Start("read", attempt + 1)]
    assert state.stages["read"].failures == 0


def test_a_new_driver_asks_again_for_what_was_never_started(state):
    assert state.handle(Recovered()) == [Start("read", 1)]


def test_a_new_driver_finishes_a_cancellation(state):
    state.handle(AttemptStarted("read", 1, "t"))
    state.handle(CancelRequested())
    assert state.handle(Recovered()) == [Finish("cancelled")]


def test_a_resumed_run_keeps_what_is_done(state):
    done(state, "read")
    for stage in ("left", "right"):
        state.handle(AttemptStarted(stage, 1, stage))
    state.handle(Succeeded("right", "right"))
    state.handle(Failed("left", "left"))
    assert state.handle(Resumed()) == [Start("left", 2)]
    assert done(state, "left") == [Start("join", 1)]
    assert done(state, "join") == [Finish("succeeded")]


def test_a_resumed_run_does_again_what_is_gone(state):
    done(state, "read", "left", "right")
    state.handle(AttemptStarted("join", 1, "j"))
    state.handle(Failed("join", "j"))
    assert state.handle(Resumed(gone=("left",))) == [Start("left", 2)]
    assert done(state, "left") == [Start("join", 2)]


def test_resuming_a_live_run_changes_nothing(state):
    state.handle(AttemptStarted("read", 1, "t"))
    assert state.handle(Resumed()) == []
    assert state.stages["read"].token == "t"


def test_a_pipeline_without_stages_succeeds():
    assert RunState().handle(Requested(())) == [Finish("succeeded")]


def test_stages_come_after_what_they_need():
    with pytest.raises(ValueError, match="comes before one that it needs"):
        RunState().handle(Requested((StagePlan("b", ("a",)), StagePlan("a"))))


def test_resuming_a_live_run_does_not_revive_what_failed(state):
    done(state, "read")
    state.handle(AttemptStarted("left", 1, "l"))
    state.handle(Failed("left", "l"))
    assert state.handle(Resumed()) == []
    assert state.stages["left"].status == "failed"


def test_a_cancelled_run_that_is_resumed_can_fail_like_any_other(state):
    state.handle(CancelRequested())
    assert state.handle(Resumed()) == [Start("read", 1)]
    state.handle(AttemptStarted("read", 1, "t"))
    assert state.handle(Failed("read", "t")) == [Finish("failed")]


def test_a_new_driver_does_again_what_is_gone(state):
    done(state, "read", "left")
    assert state.handle(Recovered(gone=("left",))) == [Start("left", 2), Start("right", 1)]


def test_attempts_are_numbered_one_after_the_other(state):
    with pytest.raises(ValueError, match="Attempt 2 of 'read' follows 0"):
        state.handle(AttemptStarted("read", 2, "t"))


def test_what_is_not_ready_cannot_start(state):
    with pytest.raises(ValueError, match="'join' is waiting, not ready"):
        state.handle(AttemptStarted("join", 1, "t"))
