"""What the documents say is so."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from app.cli.screens import HOSTS, OPTIONS
from engine.config import Settings
from operators.children.settings import DEFAULTS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
ROOMS = ["pages", "app", "engine", "operators", "resources", "tests", "data_samples"]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_where_it_is_and_in_the_readme(name):
    described = Settings.model_fields[name].description
    assert f"| `TANDEM_{name.upper()}` | {described} |" in README


def test_the_readme_names_no_setting_that_does_not_exist():
    named = set(re.findall(r"\| `TANDEM_([A-Z_]+)` \|", README))
    assert named == {name.upper() for name in Settings.model_fields}


def test_operators_know_the_settings_of_children_as_the_engine_does():
    assert {name: Settings.model_fields[name.lower()].default for name in DEFAULTS} == dict(DEFAULTS)


@pytest.mark.parametrize("room", ROOMS)
def test_the_map_leads_to_every_room(room):
    assert f"[`{room}/`]({room})" in README
    assert (ROOT / room).is_dir()


@pytest.mark.parametrize("target", ["install", "run", "demo", "test", "test-slow", "check", "sbom", "audit", "bench"])
def test_the_makefile_has_the_target(target):
    assert re.search(rf"^{target}:.*$", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_help_lists_what_the_makefile_offers():
    makefile = (ROOT / "Makefile").read_text()
    offered = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE).group(1).split()
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(offered) - {"help", "clean"} <= set(re.findall(r"make ([\w-]+)", said))


def test_every_link_of_the_readme_leads_somewhere():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    missing = [link for link in links if not (ROOT / link).exists()]
    assert missing == []


def test_every_direct_dependency_says_which_module_needs_it():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    listed = [line for line in lines if re.match(r'^    "[\w-]+(\[[\w,]+\])?([<>=]=?[\w.]+)?",', line)]
    names = {re.split(r"[\[,\"<>=]", line.strip().strip('"'))[0].lower() for line in listed if "#" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {re.split(r"[\[<>=]", name)[0].lower() for name in wanted} <= names


def test_every_direct_dependency_is_pinned():
    pinned = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split())
    normal = {re.sub(r"[-_.]+", "-", name).lower() for name in pinned}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert [
        name for name in wanted if re.sub(r"[-_.]+", "-", re.split(r"[\[<>=]", name)[0]).lower() not in normal
    ] == []


def test_no_pin_carries_a_local_suffix():
    assert "+" not in (ROOT / "constraints.txt").read_text()


def flat(sections, before=""):
    """Return the values of nested sections under `section.key`."""
    found = {}
    for key, value in sections.items():
        found |= flat(value, f"{before}{key}.") if isinstance(value, dict) else {f"{before}{key}": value}
    return found


def test_the_screens_are_started_with_the_same_closed_doors_as_the_configuration_file():
    written = flat(tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text()))
    booleans = {True: "true", False: "false"}
    assert {name: booleans.get(written[name], str(written[name])) for name in OPTIONS} == OPTIONS
    assert tuple(written["server.allowedHosts"]) == HOSTS
    assert written["server.address"] == "127.0.0.1"


def test_the_changelog_begins_with_what_is_upcoming():
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Upcoming"
