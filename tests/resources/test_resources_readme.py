"""The room's README tells the truth: its code runs, and it names every file of the room."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from resources.cluster import find_cluster, stop_cluster

ROOM = Path(__file__).parents[2] / "resources"
README = (ROOM / "README.md").read_text()


def test_every_file_of_the_room_is_in_its_table():
    files = {path.name for path in ROOM.glob("*.py")} - {"__init__.py"}
    assert files <= set(re.findall(r"`(\w+\.py)`", README))


@pytest.mark.ray
def test_its_example_runs(tmp_path):
    [example] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    try:
        done = subprocess.run(
            [sys.executable, "-c", example + "\nprint(bundles, share.gpu)"],
            cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.stdout == "[{'CPU': 0.3}] 2500\n", done.stderr
        assert find_cluster(tmp_path / "workspace" / "ray") is not None
    finally:
        stop_cluster(tmp_path / "workspace" / "ray")
