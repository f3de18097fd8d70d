"""Fragmentation gradient descent, against the definition written out in plain numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.scheduling.book import ANY, Book, Shape, Spot
from resources.scheduling.mix import Asked, usual
from resources.scheduling.placers import FragmentationGradientDescent
from tests.resources.scheduling.pools import books, machine, shape, shapes

HALF, WHOLE_ONE = shape(0.5), shape(1)


def broken(book, at, mix):
    """The free GPU of a machine that a task of the mix cannot use: Weng et al., section 3.2."""
    free = [int(one) for one in book.gpu[at] if one >= 0]
    total = 0.0
    for task, weight in zip(mix.shapes.tolist(), mix.weights, strict=True):
        wanted = Shape(*task)
        enough = sum(one >= wanted.gpu for one in free) >= wanted.devices
        fits = enough and wanted.cpu <= book.cpu[at] and wanted.memory <= book.memory[at]
        usable = fits and wanted.devices and int(book.model[at]) & wanted.models
        total += weight * sum(one for one in free if not usable or one < wanted.gpu)
    return total


@given(books, st.lists(shapes, min_size=1, max_size=10))
def test_fragmentation_is_what_the_paper_defines(book, asked):
    mix = usual(asked)
    placer = FragmentationGradientDescent(mix)
    for one in asked:
        spot = placer(book, one)
        if spot is not None:
            book.take(one, spot)
        expected = [broken(book, at, mix) for at in range(len(book.machines))]
        assert np.allclose(placer.broken(book), expected)


@given(books, st.lists(shapes, min_size=1, max_size=10))
def test_what_is_remembered_equals_what_is_worked_out_anew(book, asked):
    mix = usual(asked)
    remembering = FragmentationGradientDescent(mix)
    for one in asked:
        spot = remembering(book, one)
        assert spot == FragmentationGradientDescent(mix)(book, one)
        if spot is not None:
            book.take(one, spot)


def test_a_half_goes_where_a_half_is_left():
    book = Book([machine(gpus=3)])
    book.take(HALF, Spot(0, (1,)))
    assert FragmentationGradientDescent(usual([WHOLE_ONE]))(book, HALF) == Spot(0, (1,))


def test_between_equals_the_first_machine_is_taken_unless_ties_are_drawn():
    book = Book([machine(f"m{at}") for at in range(20)])
    mix = usual([WHOLE_ONE])
    assert FragmentationGradientDescent(mix)(book, WHOLE_ONE).machine == 0
    drawn = FragmentationGradientDescent(mix, ties=np.random.default_rng(3))
    assert len({drawn(book, WHOLE_ONE).machine for _ in range(20)}) > 5


def test_another_mix_is_heeded():
    placer = FragmentationGradientDescent(usual([WHOLE_ONE]))
    book = Book([machine(gpus=1)])
    book.take(HALF, Spot(0, (0,)))
    assert placer.fragmentation(book) == pytest.approx(0.5)
    placer.mix = usual([HALF])
    assert placer.fragmentation(book) == pytest.approx(0)


def test_the_usual_tasks_are_the_most_frequent_that_make_up_the_part():
    rare = shape(0.3)
    mix = usual({HALF: 60, WHOLE_ONE: 36, rare: 4}, covered=0.95)
    assert mix.shapes.tolist() == [list(HALF), list(WHOLE_ONE)]
    assert mix.weights.tolist() == [0.625, 0.375]


def test_a_living_pool_learns_its_mix():
    asked = Asked(every=32)
    assert [asked.note(HALF) for _ in range(32)].count(True) == 3
    assert asked.mix.shapes.tolist() == [list(HALF)]


def test_a_model_that_no_task_names_is_fragmented_for_none():
    book = Book([machine("a", model="A100"), machine("t", model="T4")])
    only = Shape(0, 0, 10_000, 1, 1 << book.models.index("A100"))
    placer = FragmentationGradientDescent(usual([only]))
    assert placer.broken(book).tolist() == [0, 20_000]
    assert placer(book, only._replace(models=ANY)) == Spot(1, (0,))
