"""R17: an engine that is asked to end answers what it has been asked, hands its runs on, and is gone within a bound."""

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from engine.serving import folder
from engine.serving.services import ServiceDesk
from engine.serving.signature import signature_of
from engine.stores.models import REFERENCE, SLICE, ModelFacts, ModelStore
from tests.host.conftest import Bench, wait_for
from tests.runs.scripted import chain

pytestmark = [pytest.mark.ray, pytest.mark.slow]

REQUESTS, ROWS = 16, 10_000
WITHIN = 30.0
LONG = (
    chain()
    .add("sleep", "python_script", table="read")
    .set("sleep", code="import time\n\n\ndef run(table):\n    time.sleep(6)\n    return table\n")
)


@pytest.fixture
def bench(tmp_path, monkeypatch, churn, customers):
    """An engine on a Ray of its own, which serves a model."""
    monkeypatch.setenv("TANDEM_CPUS", "2")
    monkeypatch.setenv("TANDEM_GPUS", "1")
    bench = Bench(tmp_path / "workspace")
    (tmp_path / "staged").mkdir()
    folder.save(churn, tmp_path / "staged" / SLICE, bench.workspace.key)
    (tmp_path / "staged" / REFERENCE).write_bytes(b"")
    signature = signature_of(churn, customers).model_dump(mode="json")
    facts = ModelFacts(run="r", node="fit", task="classification", signature=signature, replay={"rows": 1})
    models = ModelStore(bench.workspace)
    models.register("churn", tmp_path / "staged", facts)
    bench.services = ServiceDesk(bench.records, models, bench.engine.ensure)
    bench.engine.start()
    yield bench
    bench.engine.stop()


class Asking:
    """A request of many rows that is sent as a whole when it is made."""

    def __init__(self, url, body):
        place = urlsplit(url)
        self._connection = HTTPConnection(place.hostname, place.port, timeout=60)
        self._connection.request("POST", f"{place.path}/predict", body, {"Content-Type": "application/json"})

    def answer(self):
        """Return the status and the document."""
        found = self._connection.getresponse()
        return found.status, json.loads(found.read())


def later(url, body):
    """Ask once more; return how that was refused."""
    try:
        status, told = Asking(url, body).answer()
    except ConnectionRefusedError:
        return "refused"
    return "refused" if status in {404, 503} and told["error"] else status


def test_what_it_was_asked_is_answered_and_its_run_is_handed_on(bench, row):
    service = bench.services.deploy("churn", environment="inference").wait()
    url, pid, run = service.url, bench.engine.status().pid, bench.ask(LONG)
    body = json.dumps({"rows": [row] * ROWS})
    wait_for(lambda: [event for event in bench.events(run) if event.kind == "started" and event.node == "sleep"])
    with ThreadPoolExecutor(REQUESTS) as pool:
        asked = [pool.submit(Asking(url, body).answer) for _ in range(REQUESTS)]
        wait_for(lambda: any(one.done() for one in asked))
        os.kill(pid, signal.SIGTERM)
        since, waiting = time.monotonic(), sum(not one.done() for one in asked)
    answers = [one.result() for one in asked]
    assert waiting > 1
    assert [(status, len(told.get("predictions", ()))) for status, told in answers] == [(200, ROWS)] * REQUESTS
    assert later(url, body) == "refused"
    wait_for(lambda: not bench.engine.status().running)
    assert time.monotonic() - since < WITHIN
    assert bench.document(run)["status"] == "running"
    assert bench.ended(run)["status"] == "succeeded"
