"""A default installation can be reached from this machine alone, and refuses to be opened without a lock."""

import tomllib
from pathlib import Path

import pytest

from engine.config import Settings, require_loopback
from engine.errors import ConfigError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def streamlit():
    """The settings of the screens."""
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())


def test_what_is_not_set_is_loopback(monkeypatch):
    monkeypatch.delenv("TANDEM_HOST", raising=False)
    assert require_loopback(Settings().host) == "127.0.0.1"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.7", "example.org", "127.0.0.1.example.org"])
def test_an_address_others_can_reach_is_refused(host):
    with pytest.raises(ConfigError, match="without authentication is refused") as caught:
        require_loopback(host)
    assert "127.0.0.1" in caught.value.hint


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_is_let_in(host):
    assert require_loopback(host) == host


def test_the_screens_bind_loopback_and_answer_no_other_name(streamlit):
    assert streamlit["server"]["address"] == "127.0.0.1"
    assert set(streamlit["server"]["allowedHosts"]) <= {"127.0.0.1", "localhost"}


def test_the_screens_refuse_calls_from_other_sites(streamlit):
    assert streamlit["server"]["enableXsrfProtection"]
    assert streamlit["server"]["enableCORS"]
    assert not streamlit["browser"]["gatherUsageStats"]
