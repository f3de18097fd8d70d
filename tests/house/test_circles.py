"""No file or folder of a room imports, by whatever way round, what imports it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("app", "engine", "operators", "resources")
LINT = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--config"]
RULE = "[importlinter:contract:circles]\nname = No circles\ntype = acyclic_siblings\nancestors ="


@pytest.fixture(scope="module")
def rules():
    """What `make check` tells import-linter."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def linted(rooms, folder, where):
    """Look for circles in packages that stand in a folder."""
    names = "".join(f"\n    {room}" for room in rooms)
    (where / "rules.ini").write_text(f"[importlinter]\nroot_packages = {names}\n{RULE} {names}\n")
    command = [*LINT, str(where / "rules.ini")]
    return subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)


def test_the_rooms_have_no_circle(tmp_path):
    done = linted(ROOMS, ROOT, tmp_path)
    assert done.returncode == 0, done.stdout


def test_every_room_is_held_to_it_without_exceptions(rules):
    [contract] = [one for one in rules["contracts"] if one["type"] == "acyclic_siblings"]
    assert set(contract) == {"name", "type", "ancestors", "broken_contract_guidance"}
    assert set(contract["ancestors"]) == set(rules["root_packages"]) == {*ROOMS, "pages"}
    assert "exclude_type_checking_imports" not in rules


def test_imports_in_functions_and_for_types_alone_count(tmp_path):
    files = {
        "__init__": "",
        "late": "from room import later\n",
        "later": "def run():\n    from room import late\n",
        "typed": "from room import types\n",
        "types": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from room import typed\n",
    }
    (tmp_path / "room").mkdir()
    for name, text in files.items():
        (tmp_path / "room" / f"{name}.py").write_text(text)
    assert "removing 2 dependencies" in linted(["room"], tmp_path, tmp_path).stdout
