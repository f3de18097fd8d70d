"""Scripts of users: what they may do, what stops them, and how they are told."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from operators import PythonScript
from operators.contract.errors import CancelledError, UserCodeError
from operators.contract.tables import Column, collected, lazy
from operators.script import isolation
from operators.script.sandbox import Limits, run_script
from operators.testing.local import LocalContext

ROOT = Path(__file__).parents[3]
PEOPLE = pl.DataFrame({"name": ["Ann", "Bo"], "age": [30, None]})
ALONE = pytest.mark.skipif(isolation.level() == "limits", reason="no namespaces on this machine")


def run(body, **parameters):
    operator = PythonScript(code=f"def run(table):\n{body}\n", **parameters)
    with LocalContext() as context:
        return collected(operator.run(lazy(PEOPLE), context))


def test_the_script_gets_and_gives_a_frame():
    assert run("    return table.with_columns(older=pl.col('age') + 1)")["older"].to_list() == [31, None]


def test_a_lazy_frame_is_computed():
    assert run("    return table.lazy().select('name')").equals(PEOPLE.select("name"))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("    x = 1\n    raise ValueError('too bad')", r"^Line 3: ValueError: too bad\.$"),
        ("    return table.select('agee')", r"^Line 2: ColumnNotFoundError: .*agee"),
        ("    return table.lazy().select('agee')", "ColumnNotFoundError"),
        ("    return 7", "returned int, not a Polars DataFrame"),
        ("    pass", "returned NoneType"),
        ("    return pl.DataFrame({'x': [object()]})", "cannot be handed back"),
        ("    raise SystemExit(3)", r"^Line 2: SystemExit: 3\.$"),
        ("    import os; os._exit(3)", "ended without an answer"),
        ("    return 'x' * 10**11", "MemoryError"),
        ("    import no_such_module", r"^Line 2: ModuleNotFoundError: No module named 'no_such_module'\.$"),
    ],
)
def test_a_fault_is_told_in_one_sentence(body, sentence):
    with pytest.raises(UserCodeError, match=sentence) as caught:
        run(body)
    assert "Traceback" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.field == "code"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("def run(table)\n    return table", r"^Line 1: SyntaxError"),
        ("run = 3", "does not define run"),
        ("1 / 0\ndef run(table):\n    return table", r"^Line 1: ZeroDivisionError"),
    ],
)
def test_code_that_defines_nothing_is_told(code, sentence):
    with LocalContext() as context, pytest.raises(UserCodeError, match=sentence):
        PythonScript(code=code).run(lazy(PEOPLE), context)


@pytest.mark.parametrize("body", ["    while True: pass", "    import time; time.sleep(60)"])
def test_a_script_that_takes_too_long_is_stopped(body):
    with pytest.raises(UserCodeError, match=r"longer than 0\.5 s|CPU time"):
        run(body, timeout_s=0.5)


def test_a_cancelled_run_stops_its_script():
    with pytest.raises(CancelledError):
        run_script("import time\ndef run(table): time.sleep(60)", PEOPLE, Limits(60, 2**30), lambda: True)


def test_what_is_printed_goes_to_the_log_up_to_a_cap(caplog):
    with caplog.at_level("INFO", logger="operators.script"):
        run("    print('hello 你好')\n    print('x' * 10**6)\n    return table")
    assert "hello 你好" in caplog.text
    assert len(caplog.text) < 10**5


def test_no_secret_of_the_parent_is_inherited(monkeypatch):
    monkeypatch.setenv("TANDEM_SECRET", "s3cret")
    found = run("    import os\n    return pl.DataFrame({'value': list(os.environ.values())})")
    assert "s3cret" not in found["value"].to_list()


def test_a_file_cannot_grow_without_end(monkeypatch):
    monkeypatch.setattr("operators.script.sandbox._FILE_BYTES", 2**20)
    with pytest.raises(UserCodeError, match="File too large"):
        run("    open('big', 'wb').write(b'x' * 2**22)\n    return table")


def test_a_link_is_not_followed_out_of_the_sandbox(tmp_path):
    secret = tmp_path / "secret.arrow"
    PEOPLE.write_ipc(secret)
    body = f"    import json, os\n    os.symlink({str(secret)!r}, 'out.arrow')\n"
    body += "    open('answer.json', 'w').write(json.dumps({'error': None}))\n    os._exit(0)"
    with pytest.raises(UserCodeError, match="cannot be read"):
        run(body)


@ALONE
def test_there_is_no_network():
    with pytest.raises(UserCodeError, match="unreachable"):
        run("    import socket\n    socket.create_connection(('127.0.0.1', 9), 2)")


@ALONE
def test_nothing_survives_the_script(tmp_path):
    mark = "tandem-survivor-5c1f"
    body = "    import os, subprocess, sys\n"
    body += f"    command = [sys.executable, '-c', 'import time; time.sleep(99)', {mark!r}]\n"
    body += "    subprocess.Popen(command, start_new_session=True)\n"
    run(f"{body}    return table")
    deadline = time.monotonic() + 5
    while survivors(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not survivors(mark)


def test_a_process_left_behind_is_neither_waited_for_nor_left(monkeypatch):
    monkeypatch.setattr("operators.script.sandbox.level", lambda: "limits")
    mark = "tandem-left-behind-81d2"
    body = "    import subprocess, sys\n"
    body += f"    command = [sys.executable, '-c', 'import time; time.sleep(60)', {mark!r}]\n"
    body += "    subprocess.Popen(command, start_new_session=True)\n    return table"
    began = time.monotonic()
    assert run(body).equals(PEOPLE)
    while survivors(mark) and time.monotonic() - began < 30:  # one that is killed takes a moment to go
        time.sleep(0.1)
    assert survivors(mark) == []


@pytest.mark.parametrize("body", ["    while True: pass", "    return 'x' * 10**11"])
def test_limits_hold_where_nothing_else_does(monkeypatch, body):
    monkeypatch.setattr("operators.script.sandbox.level", lambda: "limits")
    with pytest.raises(UserCodeError, match=r"longer than 0\.5 s|CPU time|MemoryError"):
        run(body, timeout_s=0.5)


def survivors(mark):
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark.encode() in (process / "cmdline").read_bytes():
                found.append(process.name)
    return found


@pytest.mark.skipif(isolation.level() != "nobody", reason="needs root")
@pytest.mark.parametrize("path", ["/etc/shadow", "/root/.bashrc"])
def test_files_of_others_are_closed(path):
    with pytest.raises(UserCodeError, match=r"PermissionError|FileNotFoundError"):
        run(f"    open({path!r}).read()\n    return table")


@ALONE
def test_processes_are_counted():
    body = "    import os\n    for n in range(500):\n        if os.fork() == 0:\n"
    body += "            import time; time.sleep(60)\n    return table"
    with pytest.raises(UserCodeError, match="BlockingIOError"):
        run(body)


def test_declared_columns_are_promised_and_checked():
    operator = PythonScript(code="def run(table): return table.select('name')", columns={"name": "string"})
    assert operator.infer({}, {}) == {"table": (Column("name", "string"),)}
    with pytest.raises(UserCodeError, match="not the declared"):
        run("    return table", columns={"name": "string"})


def test_undeclared_columns_are_unknown_and_the_code_is_not_run_for_them():
    assert PythonScript(code="import nothing_at_all").infer({}, {}) == {"table": None}


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run("    open('rest', 'w').write('x')\n    return table")
    assert not list(tmp_path.iterdir())


def test_what_a_killed_parent_left_is_swept(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, age in {"tandem-script-old": 3 * 86_400, "tandem-script-new": 60}.items():
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    run("    return table")
    assert [folder.name for folder in tmp_path.iterdir()] == ["tandem-script-new"]


PARENT = """
import sys, tempfile
import polars as pl
from operators.script.isolation import level
from operators.script.sandbox import Limits, run_script

tempfile.tempdir = sys.argv[1]
level()
print("ready", flush=True)
code = "import time\\ndef run(table):\\n    time.sleep(99)\\n    return table"
run_script(code, pl.DataFrame({"a": [1]}), Limits(100, 2**30), lambda: False)
"""


def test_a_script_ends_with_a_parent_that_is_killed_at_any_moment(tmp_path):
    delays = [0.0, 0.02, 0.05, 0.1, 0.3, 1.0]
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    parents = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in delays]
    for parent, delay in zip(parents, delays, strict=True):
        assert parent.stdout.readline() == "ready\n"
        time.sleep(delay)
        parent.kill()
        parent.communicate()
    deadline = time.monotonic() + 20
    while inside(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert inside(tmp_path) == []


def inside(folder):
    """Return the processes that work in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink().is_relative_to(folder):
                found.append(process.name)
    return found


def test_rows_on_the_way_to_a_model_pass_the_script_too():
    script = PythonScript(code="def run(table):\n    return table.with_columns(older=pl.col('age') + 1)\n")
    passed = script.apply_step(lazy(pl.DataFrame({"age": [1, 2]})), None, {})
    assert passed.collect().to_native()["older"].to_list() == [2, 3]
