"""The parser's child dies alone: of a crash, of its limits, and with its parent."""

import os
import signal
import subprocess
import sys
import time

import pytest

from engine.data.formats import ReadOptions
from engine.data.parsing import parse as parsing
from engine.data.parsing.parse import Limits, parse
from engine.errors import UnreadableFileError


@pytest.fixture
def folder(tmp_path):
    """An empty folder for what the child writes."""
    path = tmp_path / "out"
    path.mkdir()
    return path


def stand_in(monkeypatch, tmp_path, code):
    """Let the child run `code` in place of the parser."""
    package = tmp_path / "stand_in" / "engine" / "data" / "parsing"
    package.mkdir(parents=True)
    for place in (package, *list(package.parents)[:2]):
        (place / "__init__.py").touch()
    (package / "__main__.py").write_text(code)
    monkeypatch.setattr(parsing, "ROOT", tmp_path / "stand_in")


def test_a_csv_file_becomes_parquet_with_a_profile(written, folder):
    parsed = parse(written("a,b\n1,2\n3\n"), ReadOptions(), folder)
    assert (parsed.rows, parsed.rejected) == (1, 1)
    assert {path.name for path in folder.iterdir()} == {
        "table.parquet", "rejects.parquet", "profile.json", "parsed.json",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGKILL", "SIGABRT"])
def test_a_crash_is_a_sentence(written, folder, monkeypatch, tmp_path, name):
    stand_in(monkeypatch, tmp_path, f"import os, signal; os.kill(os.getpid(), signal.{name})")
    with pytest.raises(UnreadableFileError, match=f"stopped by {name}, so nothing was stored"):
        parse(written("a,b\n1,2\n"), ReadOptions(), folder)


def test_a_child_that_ends_without_an_answer_is_a_sentence(written, folder, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, "import os; os._exit(0)")
    with pytest.raises(UnreadableFileError, match="ended with status 0"):
        parse(written("a,b\n1,2\n"), ReadOptions(), folder)


def test_a_child_that_takes_too_long_is_stopped(written, folder, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, "import time; time.sleep(60)")
    with pytest.raises(UnreadableFileError, match="took more than 1 s"):
        parse(written("a,b\n1,2\n"), ReadOptions(), folder, limits=Limits(seconds=1))


def test_memory_has_a_limit(written, folder):
    path = written("a,b\n" + f"{'x' * 1_000_000},1\n" * 200)
    with pytest.raises(UnreadableFileError, match=r"nothing was stored|more memory|cannot be read"):
        parse(path, ReadOptions(), folder, limits=Limits(memory=700 << 20))


def test_the_child_dies_with_its_parent(tmp_path):
    """Kill a parent whose child has bound its life to it, and look for the child."""
    child = (
        "import os, sys, time; from engine.data.parsing.limits import limit_this_process; "
        "limit_this_process(os.getppid(), 8 << 30, 60); print(os.getpid(), flush=True); time.sleep(60)"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    pid = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and os.path.exists(f"/proc/{pid}/exe"):  # noqa: PTH110 (a zombie has no exe)
        time.sleep(0.02)
    assert not os.path.exists(f"/proc/{pid}/exe")  # noqa: PTH110


def test_the_child_knows_neither_ray_nor_the_parents_secrets(written, folder, monkeypatch, tmp_path):
    monkeypatch.setenv("TANDEM_SECRET", "hush")
    code = (
        "import json, os, sys; request = json.load(sys.stdin)\n"
        f"sys.path.insert(0, {str(parsing.ROOT)!r})\n"
        "for name in [name for name in sys.modules if name.startswith('engine')]: del sys.modules[name]\n"
        "from engine.data.parsing.work import work\n"
        "status = work(request)\n"
        "heavy = sorted({'ray', 'mlflow', 'sklearn', 'torch', 'pyspark'} & set(sys.modules))\n"
        "open(os.path.join(request['folder'], 'seen'), 'w').write(f'{heavy} {os.environ.get(\"TANDEM_SECRET\")}')\n"
    )
    stand_in(monkeypatch, tmp_path, code)
    parse(written("a,b\n1,2\n"), ReadOptions(), folder)
    assert (folder / "seen").read_text() == "[] None"
