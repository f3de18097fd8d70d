"""Searching the order of a window: never worse than the rule, and what each method keeps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.scheduling.book import Book
from resources.scheduling.mix import usual
from resources.scheduling.search import METHODS, Effort, WindowSearch
from tests.resources.scheduling.pools import books, machine, shape, shapes

FEW = Effort(orders=32, seconds=60)


def left(book, mix, spots, window):
    """How bad a placement is: fragmentation and refusals, in GPUs."""
    search = WindowSearch(mix)
    refused = sum(one.gpu * one.devices for one, spot in zip(window, spots, strict=True) if spot is None)
    return search.rule.fragmentation(book) + refused / 10_000


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25)
@given(books, st.lists(shapes, min_size=1, max_size=12))
def test_a_searched_window_is_never_worse_than_the_rule(method, book, window):
    mix, ruled = usual(window), book.copy()
    rule = WindowSearch(mix, effort=Effort(orders=1))
    plain = left(ruled, mix, rule(ruled, window), window)
    found = WindowSearch(mix, method, FEW, seed=1)(book, window)
    assert left(book, mix, found, window) <= plain + 1e-6
    assert (book.gpu >= -1).all()


@settings(max_examples=25)
@given(books, st.lists(shapes, min_size=1, max_size=12))
def test_one_order_is_the_rule_itself(book, window):
    mix, ruled = usual(window), book.copy()
    rule = WindowSearch(mix).rule
    expected = []
    for one in window:
        expected.append(rule(ruled, one))
        if expected[-1] is not None:
            ruled.take(one, expected[-1])
    assert WindowSearch(mix, effort=Effort(orders=1))(book, window) == expected


def test_looking_leaves_the_book_alone_and_placing_writes_in_it():
    book, window = Book([machine()]), [shape(0.5), shape(1)]
    search = WindowSearch(usual(window), effort=FEW)
    spots = search.search(book, window)
    assert (book.gpu == 10_000).all()
    assert search(book, window) == spots
    assert book.gpu.sum() == 5_000


@pytest.mark.parametrize("method", METHODS)
def test_every_order_is_a_permutation_and_the_first_is_that_of_arrival(method):
    looking = METHODS[method](9, np.random.default_rng(0))
    for turn in range(8):
        orders = looking.ask()
        assert (np.sort(orders, axis=1) == np.arange(9)).all()
        if turn == 0:
            assert orders[0].tolist() == list(range(9))
        looking.tell(orders, np.random.default_rng(turn).random(len(orders)))


@pytest.mark.parametrize("method", ["swarm", "ant_colony", "hill_climbing"])
def test_what_was_told_leads_to_better_orders(method):
    looking = METHODS[method](12, np.random.default_rng(0))
    wanted = np.arange(12)[::-1]
    best = []
    for _ in range(60 if method != "hill_climbing" else 900):
        orders = looking.ask()
        bad = np.abs(orders - wanted).sum(axis=1).astype(float)
        looking.tell(orders, bad)
        best.append(bad.min())
    assert min(best) < best[0] / 2


def test_a_long_queue_is_taken_in_windows():
    book = Book([machine(f"m{at}", cpu=64, gpus=8) for at in range(12)])
    search = WindowSearch(usual([shape(1)]), effort=Effort(orders=16))
    assert all(search(book, [shape(1)] * 90))
    assert (book.gpu.sum(), len(book.machines)) == (6 * 10_000, 12)


def test_no_more_time_is_taken_than_allowed():
    tried = []
    search = WindowSearch(usual([shape(1)]), effort=Effort(orders=10**9, seconds=0.2))
    search.search(Book([machine()]), [shape(0.5)] * 8)
    tried.append(search.fallbacks)
    assert tried == [1]  # all orders of equal tasks are equal, and it came to an end
