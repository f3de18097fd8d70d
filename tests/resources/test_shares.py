"""Shares are exact integers, and what no device can give is refused with a sentence."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.errors import ShareError
from resources.shares import WHOLE, Amount, ResourceRequest, parse_memory

GIB = 2**30
amounts = st.builds(
    Amount,
    cpu=st.integers(0, 10**7),
    gpu=st.integers(0, 10**6),
    memory=st.integers(0, 10**13),
)


def test_a_request_is_read_as_users_write_it():
    request = ResourceRequest.parse({"gpu": 0.25, "cpu": 2, "memory": "4GiB"})
    assert request == ResourceRequest(cpu=20_000, gpu=2_500, memory=4 * GIB)


def test_nothing_asked_is_nothing():
    assert ResourceRequest.parse({}) == ResourceRequest()


def test_the_finest_share_is_one_ten_thousandth():
    assert ResourceRequest.parse({"gpu": 0.0001}).gpu == 1
    with pytest.raises(ShareError, match=r"The gpu share 0.00015 is finer than 0.0001"):
        ResourceRequest.parse({"gpu": 0.00015})


def test_tenths_are_exact():
    assert [ResourceRequest.parse({"cpu": n / 10}).cpu for n in range(1, 10)] == [n * 1000 for n in range(1, 10)]


def test_one_and_a_half_gpus_are_refused():
    with pytest.raises(ShareError, match=r"1\.5 GPUs cannot be given") as caught:
        ResourceRequest.parse({"gpu": 1.5})
    assert caught.value.hint == "Ask for 1 or 2, or for a share up to 1."
    assert caught.value.field == "gpu"


@pytest.mark.parametrize("gpu", [0.5, 1, 2, 8])
def test_shares_of_one_gpu_and_whole_gpus_are_taken(gpu):
    assert ResourceRequest.parse({"gpu": gpu}).gpu == round(gpu * WHOLE)


@pytest.mark.parametrize("name", ["cpu", "gpu", "memory"])
def test_a_negative_amount_is_refused_by_name(name):
    with pytest.raises(ShareError, match="negative") as caught:
        ResourceRequest.parse({name: -1})
    assert caught.value.field == name


@pytest.mark.parametrize("value", ["much", float("nan"), float("inf"), True, [1]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ShareError, match="is not a number"):
        ResourceRequest.parse({"cpu": value})


def test_an_unknown_resource_is_named():
    with pytest.raises(ShareError, match="no resource 'tpu'"):
        ResourceRequest.parse({"tpu": 1})


@pytest.mark.parametrize(
    ("text", "size"),
    [("4GiB", 4 * GIB), ("4 GB", 4 * 10**9), ("0.5GiB", GIB // 2), ("1024", 1024), (7, 7), ("2 mib", 2**21)],
)
def test_memory_takes_units(text, size):
    assert parse_memory(text) == size


@pytest.mark.parametrize("text", ["4 parsecs", "GiB", "-4GiB", "", "4e3", None])
def test_memory_that_is_no_amount_is_refused(text):
    with pytest.raises(ShareError, match="is not an amount"):
        parse_memory(text)


def test_an_amount_may_hold_what_no_request_may_ask():
    left = Amount(gpu=2 * WHOLE) - Amount(gpu=5_000)
    assert left.gpu == 15_000


def test_an_amount_never_goes_below_nothing():
    with pytest.raises(ShareError, match="negative"):
        Amount(cpu=1) - Amount(cpu=2)


def test_an_amount_says_itself_in_words():
    assert str(ResourceRequest(cpu=20_000, gpu=2_500, memory=4 * GIB)) == "CPU 2, GPU 0.25, memory 4 GiB"
    assert str(Amount()) == "nothing"


def test_ray_gets_devices_and_no_zeros():
    assert ResourceRequest(cpu=5_000, gpu=2_500).bundle() == {"CPU": 0.5, "GPU": 0.25}


@given(amounts, amounts)
def test_what_is_taken_and_given_back_is_the_same(one, other):
    assert (one + other) - other == one


@given(amounts, amounts)
def test_fitting_means_that_something_is_left(one, room):
    if one.fits(room):
        assert (room - one).fits(room)
    else:
        with pytest.raises(ShareError):
            room - one


@given(amounts)
def test_an_amount_survives_json_and_pickle(amount):
    assert Amount.of_document(amount.document()) == amount
    assert pickle.loads(pickle.dumps(amount)) == amount


def test_a_least_share_goes_with_its_request():
    assert ResourceRequest.parse({"gpu": 0.5, "gpu_least": 0.25}).least == 2_500
    assert ResourceRequest.parse({"gpu": 0.5}).least == 0


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"gpu": 0.25, "gpu_least": 0.5}, r"At least 0\.5 GPU was asked for, and at most 0\.25"),
        ({"gpu_least": 0.5}, "and at most 0"),
        ({"gpu": 2, "gpu_least": 0.5}, "Several GPUs cannot be squeezed"),
        ({"gpu": 1, "gpu_least": -0.5}, "cannot be negative"),
    ],
)
def test_a_least_share_that_cannot_be_is_refused(asked, told):
    with pytest.raises(ShareError, match=told) as caught:
        ResourceRequest.parse(asked)
    assert caught.value.field == "gpu_least"
