"""A soak: queries, scripts, requests, datasets and runs at once, while each process is killed once a minute.

    python -m tests.host.soak --minutes 10 --seed 1

It ends with exit status 1 where something that was acknowledged is not there, where a process or a file of the
temporary folder is left after `down`, or where memory at rest has grown by more than a tenth and 64 MiB. Everything
stays on 127.0.0.1, in a folder and under a mark of its own.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections import Counter
from contextlib import suppress
from pathlib import Path

import polars as pl
import psutil

ROOT = Path(__file__).parents[2]
TANDEM = Path(sys.executable).parent / "tandem"
MARK = "TANDEM_SOAK"
SCRIPT = "def run(table):\n    print('soak')\n    return table.head({rows})\n"
VICTIMS = ("streamlit", "gcs_server", "raylet", "ServeReplica", "ray::", "operators.children")
"""Words of the command lines of what is killed, beside the engine; the first process found of each."""
PAUSE_S = 0.2
QUIET_S = 20
RUN_S = 180
GROWTH = (1.1, 64 << 20)


class Soak:
    """The load on one workspace, what it was told, and what it lost.

    Args:
        root: Folder of the workspace.
        mark: In the environment of everything that is started.
        seed: Of what is asked and of who is killed first.
    """

    def __init__(self, root, mark, seed):
        from engine import Workbench  # after the environment is set

        self.bench, self.mark = Workbench.open(root), mark
        self.random = random.Random(seed)
        self.counts, self.lost, self.known = Counter(), [], {"runs": [], "datasets": []}
        self.over = threading.Event()
        self.port, self.up, self.service = _free_port(), None, None

    def begin(self):
        """Start the screens and the engine, put a table, and serve a model."""
        from engine import Pipeline
        from operators import ReadDataset, TrainClassifier

        self.screens()
        self.bench.datasets.add("customers", ROOT / "data_samples" / "churn.csv")
        fit = Pipeline("soak").add("read", ReadDataset(dataset="customers"))
        fit = fit.add("fit", TrainClassifier(target="churned", algorithm="linear"), train="read")
        run = self.bench.run(fit).wait()
        version = self.bench.models.register(run, "fit", name="churn")
        self.service = self.bench.services.deploy("churn", version=version, environment="inference")
        rows = self.bench.datasets.table("customers").drop("churned").head(3).collect().write_json()
        self.rows = json.loads(rows)
        self.expected = self.service.predict(self.rows)["predictions"]

    def screens(self):
        """Start the screens if they do not run, as somebody would who finds them gone."""
        if self.up is None or self.up.poll() is not None or not _listens(self.port):
            if self.up is not None:
                self.up.kill()
                self.up.wait()
            command = [TANDEM, "up", "--no-browser", "--port", str(self.port)]
            silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.up = subprocess.Popen(command, **silent)
            _until(lambda: self.up.poll() is not None or _listens(self.port), 90)

    def query(self, number):
        """Ask SQL and compare the answer."""
        answer = self.bench.datasets.query(f"SELECT count(*) + {number} AS n FROM customers LIMIT 1")
        return answer["rows"] == [[self.bench.datasets.show("customers")["rows"] + number]]

    def job(self, number):
        """Ask the same of a job of the engine."""
        job = self.bench.jobs.begin("query", {"sql": f"SELECT {number} AS n FROM customers LIMIT 1"})
        ended = self.bench.jobs.wait(job, RUN_S)
        if ended["status"] != "done":
            raise AssertionError(f"{ended['status']}: {ended['error']}")
        return self.bench.jobs.rows(job)["rows"] == [[number]]

    def request(self, number):
        """Ask the service; while it is being replaced it may refuse, but never answer anything else."""
        from engine.errors import EngineError

        try:
            answered = self.service.predict(self.rows)["predictions"]
        except EngineError:
            self.counts["requests refused"] += 1
            return True
        return answered == self.expected

    def dataset(self, number):
        """Keep a table; it must be there at the end, value for value."""
        name = f"kept{number}"
        self.bench.datasets.put(name, pl.DataFrame({"n": range(number, number + 10)}))
        self.known["datasets"].append((name, number))
        return True

    def script(self, number):
        """Ask for a run with a script in it; its end is looked at when all is over."""
        from engine import Pipeline
        from operators import PythonScript, ReadDataset

        pipeline = Pipeline(f"soak{number}").add("read", ReadDataset(dataset="customers"))
        script = PythonScript(code=SCRIPT.format(rows=number % 50 + 1))
        run = self.bench.run(pipeline.add("script", script, table="read"), options={"max_attempts": 20})
        self.known["runs"].append((run.id, number % 50 + 1))
        ends = time.monotonic() + RUN_S
        while not self.over.is_set() and time.monotonic() < ends:
            if self.bench.runs.show(run.id)["status"] not in ("queued", "running"):
                break
            time.sleep(PAUSE_S)
        return True

    def keep_asking(self, kind, what):
        """Do one kind of thing again and again until time is up, one at a time."""
        number = 0
        while not self.over.wait(PAUSE_S):
            number += 1
            try:
                if not what(number):
                    self.lost.append(f"{kind} {number} was answered wrongly")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told at the end
                self.lost.append(f"{kind} {number}: {type(error).__name__}: {error}")
            self.counts[kind] += 1

    def load(self, minutes):
        """Ask for all kinds at once, and kill each process once a minute."""
        kinds = {"query": self.query, "job": self.job, "request": self.request}
        kinds |= {"dataset": self.dataset, "run": self.script}
        threads = [threading.Thread(target=self.keep_asking, args=item) for item in kinds.items()]
        for thread in threads:
            thread.start()
        ends = time.monotonic() + 60 * minutes
        while time.monotonic() < ends:
            self.kill_each(min(ends, time.monotonic() + 60))
        self.over.set()
        for thread in threads:
            thread.join(RUN_S)
            assert not thread.is_alive(), "a call never came back"

    def kill_each(self, ends):
        """Kill the engine and one of each kind of process, spread over the time until `ends`."""
        victims = self.random.sample(["engine", *VICTIMS], len(VICTIMS) + 1)
        pause = max(0.0, ends - time.monotonic()) / len(victims)
        for word in victims:
            time.sleep(pause)
            self.counts[f"killed {word}"] += self.kill(word)
            self.screens()
            self.bench.engine.ensure()

    def kill(self, word):
        """Kill one process as a power cut would; return whether there was one."""
        found = self.bench.engine.status()["pid"] if word == "engine" else _first(marked(self.mark), word)
        with suppress(ProcessLookupError, TypeError):
            os.kill(found, signal.SIGKILL)
            return True
        return False

    def account(self):
        """Wait for what was asked, and compare everything that was acknowledged with what is there."""
        for run, rows in self.known["runs"]:
            _until(lambda run=run: self.over_with(run), RUN_S)
            document = self.bench.runs.show(run)
            if document["status"] != "succeeded" or document["nodes"]["script"]["rows"] != rows:
                self.lost.append(f"run {run}: {document['status']} {document.get('error')}")
        for name, number in self.known["datasets"]:
            if self.bench.datasets.table(name).collect()["n"].to_list() != list(range(number, number + 10)):
                self.lost.append(f"dataset {name} has other values")
        if not _until(lambda: self.request(0) and self.healthy(), RUN_S):
            self.lost.append("the service did not come back")

    def over_with(self, run):
        """Return whether a run has ended; whoever waits for one starts an engine where none is left."""
        self.bench.engine.ensure()
        return self.bench.runs.show(run)["status"] not in ("queued", "running")

    def healthy(self):
        """Return whether the service answers now."""
        refused = self.counts["requests refused"]
        return self.request(0) and self.counts["requests refused"] == refused

    def memory(self):
        """Return the bytes that everything of the workspace holds at rest, shared pages counted once."""
        time.sleep(QUIET_S)
        held = 0
        for process in marked(self.mark):
            with suppress(psutil.Error):
                held += process.memory_full_info().pss
        return held

    def end(self):
        """Stop everything; return what is left."""
        subprocess.run([TANDEM, "down"], check=False, capture_output=True, timeout=120)
        if self.up is not None:
            self.up.wait(30)
        _until(lambda: not marked(self.mark), 20)
        return [" ".join(one.cmdline())[:120] for one in marked(self.mark) if one.is_running()]


def marked(mark):
    """Return the living processes that carry the mark in their environment, and all that they started."""
    found = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark and process.pid != os.getpid():
                found |= {one.pid: one for one in [process, *process.children(recursive=True)]}
    return [one for one in found.values() if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def _first(processes, word):
    for process in processes:
        with suppress(psutil.Error):
            if word in " ".join(process.cmdline()):
                return process.pid
    return None


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _listens(port):
    with suppress(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5).close()
        return True
    return False


def _until(holds, seconds):
    """Return whether something holds within so many seconds."""
    ends = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < ends:
        time.sleep(PAUSE_S)
    return bool(found)


def soak(minutes, seed, folder):
    """Soak a workspace in a folder, and return what was done, lost and left as a document."""
    mark, temporary = uuid.uuid4().hex, folder / "tmp"
    temporary.mkdir()
    os.environ.update({MARK: mark, "TANDEM_WORKSPACE": str(folder / "workspace"), "TMPDIR": str(temporary)})
    os.environ.update({"HOME": str(folder), "TANDEM_GPUS": "1"})
    tempfile.tempdir = None
    one = Soak(folder / "workspace", mark, seed)
    try:
        one.begin()
        one.load(min(minutes, 1) / 2)  # everything has been done once and been killed once
        one.account()
        before = one.memory()
        one.over.clear()
        one.load(minutes)
        one.account()
        after = one.memory()
    finally:
        left = one.end()
    files = [str(path.relative_to(temporary)) for path in temporary.rglob("*") if path.is_file()]
    grown = after > GROWTH[0] * before + GROWTH[1]
    told = {"minutes": minutes, "seed": seed, "done": dict(one.counts), "lost": one.lost, "processes left": left}
    told |= {"files left": files, "MiB at rest": [before >> 20, after >> 20], "memory grew": grown}
    return told


def main():
    """Soak, print the document, and exit with 1 where something was lost, left or has grown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with tempfile.TemporaryDirectory(prefix="tandem-soak-", ignore_cleanup_errors=True) as folder:
        told = soak(asked.minutes, asked.seed, Path(folder))
    print(json.dumps(told, indent=1))  # noqa: T201
    sys.exit(bool(told["lost"] or told["processes left"] or told["files left"] or told["memory grew"]))


if __name__ == "__main__":
    main()
