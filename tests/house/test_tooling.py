"""The tooling: hooks use what make check uses, scripts are bash that parses, the file check finds what it should."""

import importlib.util
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def check_files():
    """The script that checks files, as a module."""
    spec = importlib.util.spec_from_file_location("check_files", ROOT / ".ci" / "check_files.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("script", [".ci/run", ".ci/system-packages"])
def test_a_script_parses_and_may_be_executed(script):
    path = ROOT / script
    subprocess.run(["bash", "-n", path], check=True)
    assert path.stat().st_mode & 0o111


def test_the_hooks_run_from_the_environment_that_make_installs():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    entries = [hook["entry"] for repository in hooks for hook in repository["hooks"]]
    assert all(repository["repo"] == "local" for repository in hooks)
    assert all(entry.startswith(".venv/bin/") for entry in entries)


def test_ci_checks_and_tests_with_the_words_of_the_readme():
    steps = (ROOT / ".ci" / "run").read_text().splitlines()
    assert steps[-4:] == ["make check", "make sbom", "make wheel", "make test"]
    assert "make test " in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    ("content", "faulty"),
    [
        pytest.param(b"fine\n", False, id="fine"),
        pytest.param(b"", False, id="empty"),
        pytest.param(b"no end", True, id="no newline"),
        pytest.param(b"two ends\n\n", True, id="two newlines"),
        pytest.param(b"\0 binary", False, id="binary"),
        pytest.param(b"x" * 1_000_001, True, id="large"),
    ],
)
def test_the_file_check_finds_what_it_should(check_files, tmp_path, content, faulty):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert bool(check_files.fault(path)) == faulty


def test_everything_in_the_repository_passes_the_file_check(check_files):
    assert [found for path in check_files.tracked() if (found := check_files.fault(ROOT / path))] == []


def test_no_screen_hides_a_room():
    """Streamlit puts the folder of its script on the path, so a module of app is found before a room of that name."""
    rooms = {"app", "engine", "operators", "pages", "resources", "tests"}
    assert {path.stem for path in (ROOT / "app").iterdir()} & rooms == set()
