"""What every placer keeps: it finds a place wherever there is one, and touches nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.scheduling.book import Book, Shape, Spot
from resources.scheduling.machines import Gpu, Machine
from resources.scheduling.mix import usual
from resources.scheduling.placers import PLACERS, best_fit
from resources.scheduling.tasks import Task
from resources.shares import WHOLE, ResourceRequest

shares = st.integers(1, WHOLE)
machines = st.builds(
    lambda number, cores, gpus: Machine(
        f"m{number}", cores * WHOLE, 8 << 30, tuple(Gpu(f"g{at}", share) for at, share in enumerate(gpus)), "T4"
    ),
    st.integers(0, 10**6), st.integers(1, 8), st.lists(shares, max_size=4),
)  # fmt: skip
requests = st.one_of(
    st.builds(lambda cpu, gpu: ResourceRequest(cpu * 1000, gpu), st.integers(0, 40), shares),
    st.builds(lambda cpu, gpus: ResourceRequest(cpu * 1000, gpus * WHOLE), st.integers(0, 40), st.integers(0, 4)),
)


def somewhere(book: Book, shape: Shape) -> bool:
    """Return whether any set of devices fits, looked for one by one."""
    enough = (book.gpu >= max(1, shape.gpu)).sum(axis=1) >= shape.devices
    return bool((enough & (book.cpu >= shape.cpu) & (book.memory >= shape.memory)).any())


@pytest.mark.parametrize("name", PLACERS)
@given(st.lists(machines, min_size=1, max_size=4), st.lists(requests, min_size=1, max_size=12))
def test_a_placer_places_whatever_fits_and_nothing_else(name, pool, asked):
    book = Book(pool)
    placer = PLACERS[name](usual({}), 7)
    for number, request in enumerate(asked):
        shape = book.shape(Task(f"t{number}", request))
        before = book.copy()
        spot = placer(book, shape)
        assert (spot is not None) == somewhere(book, shape)
        assert np.array_equal(book.gpu, before.gpu)
        if spot is not None:
            assert book.fits(shape, spot)
            book.take(shape, spot)
    assert (book.cpu >= 0).all()
    assert (book.memory >= 0).all()


def test_best_fit_takes_the_fullest_device():
    book = Book([Machine("m", 8 * WHOLE, 8 << 30, (Gpu("g0"), Gpu("g1")), "T4")])
    third = Task("a", ResourceRequest(cpu=1000, gpu=3000))
    book.take(book.shape(third), Spot(0, (1,)))
    assert best_fit(book, book.shape(third)) == Spot(0, (1,))


def test_a_task_runs_only_on_the_models_it_names():
    book = Book([Machine(name, WHOLE, 1 << 30, (Gpu(f"{name}0"),), name) for name in ("A100", "T4")])
    request = ResourceRequest(cpu=1000, gpu=WHOLE)
    assert best_fit(book, book.shape(Task("a", request, models=frozenset({"T4"})))) == Spot(1, (0,))
    assert best_fit(book, book.shape(Task("b", request, models=frozenset({"H100"})))) is None
