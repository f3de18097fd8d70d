"""What a replica counts, and what is read of it while it lives and after."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from engine.serving.gateway import create_app
from engine.serving.meter import GROWTH, Meter, bin_of, upper
from engine.serving.traffic import traffic

NOW = 1_000_000.0


@pytest.fixture
def counted(tmp_path):
    """Count answers given as (second, status, seconds) and return the figures of the last five minutes."""

    def counted(*answers):
        moment = [NOW]
        meter = Meter(tmp_path, "1", clock=lambda: moment[0])
        for at, status, seconds in answers:
            moment[0] = NOW + at
            meter.add(status, seconds)
        moment[0] = NOW
        meter.close()
        return traffic(tmp_path, now=NOW)

    return counted


@pytest.mark.parametrize("seconds", [0.0002, 0.0137, 0.5, 42.0])
def test_a_time_is_known_to_an_eighth(seconds):
    assert seconds <= upper(bin_of(seconds)) <= seconds * GROWTH * 1.0001


def test_percentiles_are_those_of_the_requests(counted):
    figures = counted(*[(-i, 200, 0.010) for i in range(98)], (-5, 200, 0.5), (-6, 200, 0.5))
    assert figures["requests"] == 100
    assert figures["p50"] == pytest.approx(0.010, rel=0.13)
    assert figures["p95"] == pytest.approx(0.010, rel=0.13)
    assert figures["p99"] == pytest.approx(0.5, rel=0.13)
    assert figures["rate"] == pytest.approx(100 / 300)


def test_refusals_and_failures_are_told_apart(counted):
    figures = counted((-1, 200, 0.01), (-1, 422, 0.01), (-2, 500, 0.01), (-2, 503, 0.01))
    assert (figures["requests"], figures["refused"], figures["failed"]) == (4, 1, 2)


def test_what_is_older_than_asked_for_does_not_count(counted):
    assert counted((-400, 200, 0.01), (-10, 200, 0.01))["requests"] == 1


def test_the_series_says_when_it_was(counted):
    series = counted((-299, 200, 0.01), (-1, 200, 0.01), (-1, 500, 0.01))["series"]
    assert [piece["requests"] for piece in (series[0], series[30], series[-1])] == [1, 0, 2]
    assert series[30]["p50"] is None
    assert series[-1]["failed"] == 1


def test_the_figures_of_several_replicas_are_joined(tmp_path):
    for version in ("1", "2"):
        meter = Meter(tmp_path, version, clock=lambda v=version: NOW + int(v) / 1000)
        meter.add(200, 0.01)
        meter.close()
    assert traffic(tmp_path, now=NOW + 1)["requests"] == 2


def test_a_damaged_file_is_passed_over(tmp_path, counted):
    (tmp_path / "live-1-1.json").write_text("{")
    assert counted((-1, 200, 0.01))["requests"] == 1


def test_nothing_was_asked_of_a_new_service(tmp_path):
    figures = traffic(tmp_path / "none", now=NOW)
    assert (figures["requests"], figures["p50"], figures["last"]) == (0, None, None)
    assert len(figures["series"]) == 60


def test_requests_over_http_are_counted_and_health_is_not(served, row, tmp_path):
    with TestClient(create_app(served, None, Meter(tmp_path, "1")), "http://localhost") as client:
        client.post("/predict", json=[row])
        client.post("/predict", json=[{}])
        client.get("/health")
        text = client.get("/metrics").text
    assert 'tandem_requests_total{service="churn",version="1",outcome="answered"} 1' in text
    figures = traffic(tmp_path)
    assert (figures["requests"], figures["refused"]) == (2, 1)


def test_the_rate_of_the_moment_is_that_of_the_last_ten_seconds(counted):
    """The mean of five minutes says 6.4 where 32 arrive in each second of the last one."""
    figures = counted(*[(-second, 200, 0.01) for second in reversed(range(60)) for _ in range(32)])
    assert (figures["now"]["rate"], figures["now"]["seconds"], figures["now"]["requests"]) == (32.0, 10, 320)
    assert figures["rate"] == pytest.approx(6.4)


def test_times_and_failures_of_the_moment_are_of_the_last_ten_seconds(counted):
    figures = counted((-60, 500, 2.0), (-10, 500, 2.0), (-9, 200, 0.01), (0, 200, 0.01))
    assert (figures["now"]["requests"], figures["now"]["failed"], figures["failed"]) == (2, 0, 2)
    assert figures["now"]["p99"] == pytest.approx(0.01, rel=0.13)


def test_a_second_that_may_be_half_written_does_not_count_yet(tmp_path):
    """Else the rate of the moment would always be too low."""
    meter = Meter(tmp_path, "1")
    meter.add(200, 0.01)
    meter.close()
    figures = traffic(tmp_path)
    assert (figures["requests"], figures["now"]["requests"]) == (1, 0)


@given(st.lists(st.tuples(st.integers(-400, 0), st.sampled_from([200, 422, 500])), max_size=30))
def test_nobody_asked_is_said_only_where_no_figure_says_otherwise(answers):
    moment = [NOW]
    with TemporaryDirectory() as folder:
        meter = Meter(Path(folder), "1", clock=lambda: moment[0])
        for at, status in sorted(answers):
            moment[0] = NOW + at
            meter.add(status, 0.01)
        moment[0] = NOW
        meter.close()
        figures = traffic(Path(folder), now=NOW)
    assert figures["requests"] == sum(piece["requests"] for piece in figures["series"]) >= figures["now"]["requests"]
    quiet = figures["requests"] == 0
    assert quiet == (figures["rate"] == figures["now"]["rate"] == 0) == (figures["p50"] is None)
    assert not quiet or figures["last"] is None or figures["last"] < NOW - figures["seconds"]
