"""The benchmark of placement: what is asked, and what is counted."""

import pytest

from resources.scheduling.book import Book
from resources.scheduling.inflation import inflate, one_by_one, place_all
from resources.scheduling.placers import best_fit
from resources.scheduling.tasks import Task
from resources.scheduling.traces import Job, Trace
from resources.shares import ResourceRequest
from tests.resources.scheduling.pools import machine

TRACE = Trace(
    (machine("a"), machine("b")),
    tuple(Job(Task(f"t{at}", ResourceRequest(1000, gpu))) for at, gpu in enumerate((5_000, 10_000, 3_000))),
)


@pytest.mark.parametrize("tune", [1.0, 1.3, 2.0])
def test_as_much_is_asked_as_was_wished_and_not_a_task_more(tune):
    arrivals = inflate(TRACE, Book(TRACE.machines), tune, seed=1)
    asked = [shape.gpu * shape.devices for shape in arrivals.shapes]
    assert sum(asked[:-1]) < tune * arrivals.capacity <= sum(asked)
    assert arrivals.capacity == 40_000


def test_a_seed_gives_the_same_arrivals_and_another_seed_others():
    first, again, other = (inflate(TRACE, Book(TRACE.machines), 3, seed).shapes for seed in (1, 1, 2))
    assert first == again != other


def test_what_is_placed_refused_and_left_is_counted():
    book = Book(TRACE.machines)
    arrivals = inflate(TRACE, book, 1.5, seed=1)
    found = place_all(arrivals, book, one_by_one(best_fit))
    free = int(book.gpu.sum())
    assert found.allocated == pytest.approx(100 * (40_000 - free) / 40_000)
    assert found.arrived == len(arrivals.shapes)
    assert found.refused > 0
    assert found.first_refusal > 50
    assert found.allocated_100 <= found.allocated
    assert found.curve[-1] == (
        pytest.approx(100 * sum(s.gpu * s.devices for s in arrivals.shapes) / 40_000),
        found.allocated,
    )


def test_a_trace_without_gpus_is_not_topped_up_for_ever():
    trace = Trace((machine(gpus=0),), (Job(Task("t", ResourceRequest(1000))),))
    book = Book(trace.machines)
    found = place_all(inflate(trace, book, 1.3, seed=1), book, one_by_one(best_fit))
    assert (found.arrived, found.allocated) == (1, 0)
