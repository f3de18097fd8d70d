"""The wheel holds what the checkout has: the packages with their data, and one command."""

import configparser
import importlib.util
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def recipe():
    """The script that builds the wheel, as a module."""
    spec = importlib.util.spec_from_file_location("wheel_recipe", ROOT / ".ci" / "wheel.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def wheel(recipe, tmp_path_factory):
    """The wheel of this checkout."""
    with zipfile.ZipFile(recipe.build(tmp_path_factory.mktemp("wheel"))) as archive:
        yield archive


def test_every_tracked_file_of_the_packages_is_in_it_and_none_else(recipe, wheel):
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert inside == set(recipe.tracked())


def test_files_are_as_they_are_here(wheel):
    names = [name for name in wheel.namelist() if not name.endswith(".py") and ".dist-info/" not in name]
    assert [name for name in names if wheel.read(name) != (ROOT / name).read_bytes()] == []


def test_it_brings_the_command(wheel):
    [name] = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    points = configparser.ConfigParser()
    points.read_string(wheel.read(name).decode())
    assert dict(points["console_scripts"]) == {"tandem": "app.cli:main"}


def test_what_comes_with_no_package_of_python_is_looked_for_too(recipe):
    for name in ("app/templates/churn.yaml", "data_samples/churn.csv", "engine/records/migrations/script.py.mako"):
        assert name in recipe.tracked()
    assert {name.split("/")[0] for name in recipe.tracked()} == set(recipe.PACKAGES)
