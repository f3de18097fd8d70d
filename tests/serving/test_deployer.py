"""Real replicas on a real Ray Serve: they outlive who deployed them, and a new version never breaks the old."""

import asyncio
import itertools
import json
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import httpx
import polars as pl
import pytest

from engine.config import Workspace
from engine.errors import ServingError
from engine.records import engine_lock
from engine.records.database import Records
from engine.records.environments import EnvironmentRow, put_environment
from engine.serving import client, folder
from engine.serving.captured import captured
from engine.serving.deployer import QUEUE, TOGETHER, sentence_of
from engine.serving.errors import RequestError
from engine.serving.services import ServiceDesk
from engine.serving.signature import signature_of
from engine.stores.models import REFERENCE, SLICE, ModelFacts, ModelStore
from resources.devices import Inventory
from resources.doors import listening
from resources.environments import default_environments

GOOD, BETTER, FOREIGN = "1", "2", "3"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.at(tmp_path_factory.mktemp("workspace"))
    with Records.open(workspace).write() as connection:
        for spec in default_environments(Inventory.logical(cpus=2, gpus=2)):
            put_environment(connection, EnvironmentRow(spec.name, spec.policy, spec.quota.document()))
    return workspace


@pytest.fixture(scope="module")
def models(workspace, churn, customers, tmp_path_factory):
    """Two versions of a model, and a third whose slice somebody else signed."""
    store = ModelStore(workspace)
    signature = signature_of(churn, customers).model_dump(mode="json")
    facts = ModelFacts(run="r", node="fit", task="classification", signature=signature, replay={"rows": 1})
    for key in (workspace.key, workspace.key, b"f" * 32):
        staged = tmp_path_factory.mktemp("staged")
        folder.save(churn, staged / SLICE, key)
        (staged / REFERENCE).write_bytes(b"")
        store.register("churn", staged, facts)
    return store


@pytest.fixture
def desk(workspace, models):
    """Services, with this process as the engine that looks after them, whatever processes do its work."""
    engine_lock.announce(Records.open(workspace))
    return ServiceDesk(Records.open(workspace), models, lambda: None)


@pytest.fixture
def engine(workspace, ray_cluster):
    """Let an engine work until nothing is on its way, and end."""

    def work(*options):
        command = [sys.executable, "-m", "tests.serving.engine_process", str(workspace.root)]
        document = json.dumps(ray_cluster.document())
        done = subprocess.run([*command, document, *options], capture_output=True, text=True, timeout=200, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[0])

    return work


class Asking:
    """Asks a service all the time, from a thread, and keeps what came back."""

    def __init__(self, url, row):
        self.versions, self.errors = [], []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask, args=(url, row))

    def _ask(self, url, row):
        while not self._ended.is_set():
            try:
                self.versions.append(client.predict(url, [row])["version"])
            except ServingError as error:
                self.errors.append(str(error))
            time.sleep(0.05)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()


class SlowClients:
    """Connections to a service that send the start of a request, and then nothing."""

    def __init__(self, port, count, start):
        self._sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
        for one in self._sockets:
            one.sendall(start)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in self._sockets:
            one.close()


HALF = b"POST /%s/predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"


@pytest.mark.ray
def test_neither_slow_clients_nor_a_crowd_shut_a_service(desk, engine, row):
    service = desk.deploy("churn", version=GOOD, gpu=0.25)  # the next test goes on with it
    engine()
    port = urlsplit(service.url).port

    # more bodies that never come than there are places at a replica and in its queue
    with SlowClients(port, TOGETHER + QUEUE + 40, HALF % b"churn"):
        began = time.monotonic()
        assert len(client.predict(service.url, [row] * 3, seconds=10)["predictions"]) == 3
        assert time.monotonic() - began < 5

    # more whole requests than that: who cannot wait is told in JSON when to ask again
    body = json.dumps({"rows": [row] * 4000})
    answers = asyncio.run(crowd(f"{service.url}/predict", body, TOGETHER + QUEUE + 40, 40))
    busy = [answer for answer in answers if answer.status_code != 200]
    assert {answer.status_code for answer in busy} == {503}
    assert all("busy" in answer.json()["error"] and answer.headers["retry-after"] == "1" for answer in busy)
    assert client.health(service.url)["version"] == GOOD
    assert requests_refused(service.url) == {"host": 403, "origin": 403, "text": 415, "nowhere": 404}


async def crowd(url, body, count, first):
    """Send `count` requests at once, and return the `first` answers; who asked for the others leaves."""
    limits, headers = httpx.Limits(max_connections=count), {"content-type": "application/json"}
    async with httpx.AsyncClient(trust_env=False, timeout=60, limits=limits, headers=headers) as client:
        asked = [asyncio.ensure_future(client.post(url, content=body)) for _ in range(count)]
        answers = [await answer for answer in itertools.islice(asyncio.as_completed(asked), first)]
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    return answers


def requests_refused(url):
    """Return how the real door refuses what no program of this machine sends."""
    with httpx.Client(trust_env=False) as client:
        answers = {
            "host": client.get(f"{url}/health", headers={"host": "evil.example"}),
            "origin": client.get(f"{url}/health", headers={"origin": "https://evil.example"}),
            "text": client.post(f"{url}/predict", content="{}", headers={"content-type": "text/plain"}),
            "nowhere": client.get(f"{url}-gone/health"),
        }
    assert all("error" in answer.json() for answer in answers.values())
    return {name: answer.status_code for name, answer in answers.items()}


@pytest.mark.ray
def test_the_life_of_a_service(desk, engine, ray_cluster, workspace, churn, row):
    service = desk.deploy("churn", version=GOOD, gpu=0.25)
    engine()
    # the process that deployed has ended, and the service lives on
    assert service.document()["status"] == "healthy", service.document()
    assert client.health(service.url) == {"status": "healthy", "model": "churn", "version": GOOD}
    assert service.predict([row, row])["predictions"] == churn.answer([row, row])
    read = pl.DataFrame({"age": [41], "plan": [7], "monthly": [9.5], "id": ["x"]})
    assert desk.predict_table("churn", read)["predictions"] == churn.answer([{**row, "plan": "7"}])
    with pytest.raises(RequestError, match="no column 'plan'") as caught:
        service.predict([{"age": 1, "monthly": 2}])
    assert (caught.value.status, caught.value.field, caught.value.row) == (422, "plan", 0)
    assert [door for door in listening(ray_cluster.processes()) if not door.loopback] == []

    # a second engine takes over; nobody who asks during the update is refused, and one version answers each
    desk.deploy("churn", version=BETTER, gpu=0.25)
    with Asking(service.url, row) as asking:
        assert engine() == {"inference": 2500}
    assert asking.errors == []
    assert asking.versions == sorted(asking.versions)
    assert set(asking.versions) == {GOOD, BETTER}
    assert service.document()["status"] == "healthy"

    # a version that may not be loaded does not touch the one that serves
    desk.deploy("churn", version=FOREIGN, gpu=0.25)
    engine()
    told = service.document()
    assert told["status"] == "failed"
    assert "not signed by this workspace" in told["message"]
    assert told["message"].endswith("Version 2 goes on serving.")
    assert client.health(service.url)["version"] == BETTER

    # with a share that leaves no room for two, the new version takes the place of the old one
    desk.deploy("churn", version=GOOD, gpu=0.5)
    engine()
    assert service.document()["status"] == "healthy", service.document()
    assert client.health(service.url)["version"] == GOOD

    desk.stop("churn")
    assert engine("stop") == {"inference": 5000}
    assert service.document()["status"] == "stopped"
    with pytest.raises(ServingError, match="Nothing answers"):
        client.health(told["url"])
    rows = captured(workspace.captures, "churn").collect()
    assert set(rows["model_version"]) == {GOOD, BETTER}
    assert rows.columns == ["age", "plan", "monthly", "prediction", "probability_no", "probability_yes",
                            "at", "model", "model_version"]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("", ""),
        ("Waiting for a replica.", "Waiting for a replica."),
        ("It failed.\nTraceback (most recent call last):\n  File\nValueError: inner\n\n"
         "RuntimeError: Traceback\n  File x\nengine.errors.StoreError: It is gone.", "It is gone."),
    ],
)  # fmt: skip
def test_the_sentence_is_found_in_what_serve_says(said, sentence):
    assert sentence_of(said) == sentence
