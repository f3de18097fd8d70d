"""The Ray of a workspace: start it, find it again, connect to it, stop it and nothing else."""

import json
import math
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from resources.devices import Inventory
from resources.errors import ClusterError
from resources.processes import MARK, ProcessId, end, end_marked, marked
from resources.profiles import GPU
from resources.shares import WHOLE

PRELOAD = ("engine.runs.task",)
"""What a fresh worker imports before its first task, so that no node waits for it."""

SHUTTER = "resources.shutter"
OBJECT_STORE = 512 * 2**20
READY = 1
"""Workers that wait for work from the start, and for as long as there is none: each takes 95 MB and, as Ray looks for
signals a hundred times a second, 0.6 % of a core."""
TRIES = 2
PATIENCE_S = 90.0

SETTINGS = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # the name of Ray's switch between loopback and outside addresses
    "RAY_enable_metrics_collection": "0",
    "RAY_task_events_report_interval_ms": "0",  # nobody reads them, and at the end of a dead Ray they cost 5 s
    # What a worker started ends with it. Ray's other way, a subreaper, makes every child's exit status 0.
    "RAY_process_group_cleanup_enabled": "true",
    "RAY_worker_register_timeout_seconds": "20",  # a worker that dies as it is born is replaced after that
    "RAY_num_workers_soft_limit": str(READY),  # others that wait for work end after the next figure
    "RAY_idle_worker_killing_time_threshold_ms": "120000",
    "RAY_event_stats": "0",  # figures of its event loops, which nobody reads: a fifth of what waiting costs
    "RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH": "engine.serving.door.guards",  # what stands before all services
    "SPT_NOENV": "1",  # a worker that renames itself leaves its environment, and so its mark, readable
}
"""How our own Ray is set up, in the environment of its processes and of those that connect."""


@dataclass(frozen=True)
class Cluster:
    """Where a Ray is, and what of it is ours.

    Attributes:
        address: `host:port`, or `ray://host:port` of a cluster that others run; empty while ours begins.
        token_file: Holds the secret that every call must bring; mode 0600. Empty for a foreign cluster.
        mark: What our processes carry in `TANDEM_CLUSTER`; empty for a foreign cluster.
        folder: Where its sockets and logs are; removed when it stops.
        vital: The processes without which there is no Ray.
    """

    address: str
    token_file: str = ""
    mark: str = ""
    folder: str = ""
    vital: tuple[ProcessId, ...] = field(default=())

    @classmethod
    def foreign(cls, address: str) -> Self:
        """Return a cluster that others run: it is used, and never stopped."""
        return cls(address)

    @property
    def owned(self) -> bool:
        """Whether we started it, and may stop it."""
        return bool(self.mark)

    @property
    def alive(self) -> bool:
        """Whether its vital processes run; a foreign cluster is taken to be alive."""
        return all(process.alive for process in self.vital)

    def processes(self) -> list[ProcessId]:
        """Return all its living processes on this machine, workers and what they started included."""
        return marked(self.mark) if self.owned else []

    def environment(self) -> dict[str, str]:
        """Return the variables that a process needs to connect; none for a foreign cluster."""
        return {**SETTINGS, "RAY_AUTH_TOKEN_PATH": self.token_file} if self.owned else {}

    def document(self) -> dict[str, Any]:
        """Return the cluster as JSON."""
        return {**vars(self), "vital": [[process.pid, process.born] for process in self.vital]}

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the cluster that `document()` wrote down."""
        return cls(**{**document, "vital": tuple(ProcessId(*pair) for pair in document["vital"])})


def start_cluster(home: Path, inventory: Inventory, *, preload: Sequence[str] = PRELOAD) -> Cluster:
    """Return the Ray of the workspace folder `home`: the one that runs, or else a new one.

    Its processes are their own masters and live on when the caller ends, however it ends.

    Args:
        home: Folder for the token and the address, made where missing (mode 0700).
        inventory: What it may share out; CPUs are rounded up, because Ray counts whole ones.
        preload: Modules that each worker imports before its first task.

    Raises:
        ClusterError: It did not start; the sentence ends with what Ray said.
    """
    home = home.expanduser().resolve()
    running = find_cluster(home)
    if running is not None:
        return running
    stop_cluster(home)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    said = ""
    for _ in range(TRIES):
        cluster, said = _launch(home, inventory, preload)
        if cluster is not None:
            return cluster
    raise ClusterError(f"Ray did not start: {said}", hint="See whether memory and /tmp have room, then try again.")


def find_cluster(home: Path) -> Cluster | None:
    """Return the Ray of the workspace folder `home` if it runs; one that has not told its address yet does not."""
    cluster = _read(home)
    return cluster if cluster is not None and cluster.address and cluster.alive else None


def stop_cluster(home: Path) -> list[ProcessId]:
    """End every process of the Ray of `home`, and no other; return what was ended."""
    cluster = _read(home)
    if cluster is None:
        return []
    ended = end_marked(cluster.mark)
    end(cluster.vital)
    shutil.rmtree(cluster.folder, ignore_errors=True)
    (home / "cluster.json").unlink(missing_ok=True)
    return ended


def _launch(home: Path, inventory: Inventory, preload: Sequence[str]) -> tuple[Cluster | None, str]:
    token, mark = home / "token", secrets.token_hex(8)
    _write_privately(token, secrets.token_hex(32))
    # In /tmp because sockets have paths of at most 107 bytes, and TMPDIR may be long.
    folder = Path("/tmp") / f"tandem-{secrets.token_hex(8)}"  # noqa: S108 - made with mode 0700, by us or not at all
    # Noted before there is anything: whoever starts it may be killed meanwhile, and what it began must be found.
    _note(home, Cluster("", str(token), mark, str(folder)))
    folder.mkdir(mode=0o700)
    options = {
        "cpus": math.ceil(inventory.cpus / WHOLE),
        "gpus": inventory.kinds()[GPU],
        "others": {kind: count for kind, count in inventory.kinds().items() if kind != GPU},
        "memory": inventory.memory,
        "object_store": min(OBJECT_STORE, max(80 * 2**20, inventory.memory // 4)),
        "folder": f"{folder}/ray",  # Ray opens its own folder to everybody; ours around it stays shut
        "preload": [SHUTTER, *preload],
        "ready": READY,
    }
    command = [sys.executable, "-P", "-m", "resources.head", json.dumps(options)]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    environment = {**outside, **SETTINGS, "RAY_AUTH_TOKEN_PATH": str(token), MARK: mark}
    answer, said = _run(command, environment, home)
    if answer is None:
        stop_cluster(home)
        return None, said
    pids = [pid for group in answer["pids"].values() for pid in group]
    vital = tuple(process for pid in pids if (process := ProcessId.of(pid)))
    cluster = Cluster(answer["address"], str(token), mark, str(folder), vital)
    _note(home, cluster)
    return cluster, ""


def _run(command: Sequence[str], environment: Mapping[str, str], home: Path) -> tuple[dict[str, Any] | None, str]:
    try:
        done = subprocess.run(
            command, env=environment, cwd=home, capture_output=True, text=True, timeout=PATIENCE_S,
            start_new_session=True, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None, f"it was not ready after {PATIENCE_S:g} seconds."
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        words = done.stderr.strip().splitlines()
        return None, words[-1] if words else f"it left with status {done.returncode}."
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer, ""


def _read(home: Path) -> Cluster | None:
    try:
        return Cluster.of_document(json.loads((home / "cluster.json").read_text()))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _note(home: Path, cluster: Cluster) -> None:
    """Write down a cluster, so that whoever comes later finds it or ends it."""
    _write_privately(home / "cluster.json", json.dumps(cluster.document()))


def _write_privately(path: Path, text: str) -> None:
    """Write `text` so that only we can read it, and so that nobody sees half of it."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
