"""The screen of services: asked, called, watched, stopped and taken back; against a replica that really answers."""

import json
import shutil
import threading
import time

import pytest
import uvicorn
from fastapi import FastAPI

from app.services.calling import snippets
from app.services.traffic import milliseconds
from app.session import workbench
from app.text import TABLES, plain
from engine.config import Workspace
from engine.records import Records, services
from engine.serving.errors import RequestError
from engine.serving.replica import ReplicaOrder, build_app
from engine.stores.models import ModelStore
from tests.pages.conftest import SAMPLES, work

ENGLISH = TABLES["en"]
pytestmark = pytest.mark.usefixtures("unasked")


@pytest.fixture(scope="module")
def address(finished):
    """A replica of the churn model behind HTTP, as Ray Serve would run it."""
    workspace = Workspace.at(finished)
    store = ModelStore(workspace)
    version = store.get("churn", "1")
    piece, signature = str(store.load("churn", "1")), dict(version.signature)
    outer = FastAPI()
    outer.mount("/churn", build_app(ReplicaOrder(str(finished), "churn", "churn", "1", piece, signature)))
    server = uvicorn.Server(uvicorn.Config(outer, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/churn"
    server.should_exit = True
    thread.join()
    shutil.rmtree(workspace.captures / "churn")  # other tests begin with a service that nobody has asked


@pytest.fixture
def serving(full, address):
    """The full workspace, whose service answers for the length of a test."""
    with Records.open(Workspace.at(full)).write() as connection:
        before = services.find(connection, "churn")
        services.change(connection, "churn", url=address, status="healthy", wanted="running")
    yield full
    with Records.open(Workspace.at(full)).write() as connection:
        services.put_service(connection, before)


def test_one_row_is_answered_with_its_probabilities(serving, screens):
    app = screens("services", service_view="try")
    next(button for button in app.button if button.label == ENGLISH["services.ask"]).click().run()
    assert not app.error
    assert app.metric[0].value in {"no", "yes"}


def test_every_way_to_ask_leaves_out_the_same_columns(serving, screens):
    services, version = workbench().services, workbench().models.show("churn")[0]
    fields = version["signature"]["inputs"]
    needed = {field["name"]: field["examples"][0] for field in fields if not field["optional"]}
    whole = {**dict.fromkeys(field["name"] for field in fields), **needed}
    assert 0 < len(needed) < len(fields)
    answers = [ask([row])["predictions"] for row in (needed, whole) for ask in (
        services.get("churn").predict, lambda rows: services.predict("churn", rows)
    )]  # fmt: skip
    assert answers == [answers[0]] * 4
    for ask in (services.get("churn").predict, lambda rows: services.predict("churn", rows)):
        with pytest.raises(RequestError, match=f"no column '{next(iter(needed))}'"):
            ask([dict(list(needed.items())[1:])])
    captions = [caption.value for caption in screens("services", service_view="try").caption]
    assert any(all(plain(field["name"]) in text for field in fields if field["optional"]) for text in captions)


def test_some_rows_are_answered_in_a_table(serving, screens):
    app = screens("services", service_view="try")
    app.radio(key="services.way").set_value("table").run()
    app.button(key="services.ask_rows").click().run()
    assert not app.error
    assert [len(table.value) for table in app.dataframe][-1] == 3


def test_the_rows_of_a_file_are_answered_by_a_job(serving, screens):
    app = screens("services", service_view="try")
    app.radio(key="services.way").set_value("file").run()
    app.file_uploader(key="services.file").upload("fresh.csv", (SAMPLES / "churn_fresh.csv").read_bytes(), "text/csv")
    app.run().button(key="services.ask_file").click().run()
    work(serving)
    assert "1,000" in app.run().success[0].value
    answers = workbench().jobs.table(workbench().jobs.list("ask")[0]["id"]).collect()
    assert {"age", "churned", "prediction", "probability_yes"} <= set(answers.columns)


def test_the_figures_of_requests_and_the_requests_themselves_are_seen(serving, screens):
    workbench().services.predict("churn", [dict.fromkeys(["age", "plan", "tenure_months", "monthly_charge",
                                                          "support_calls", "country", "signed_up"])])  # fmt: skip
    for _ in range(100):
        if workbench().monitor.traffic("churn")["now"]["requests"] and workbench().monitor.captured("churn")["rows"]:
            break
        time.sleep(0.1)
    app = screens("services", service_view="traffic")
    assert [metric.label for metric in app.metric] == [
        "requests/s · 10 s", "refused · 5 min", "failed · 5 min", "p50 · 10 s", "p95 · 10 s", "p99 · 10 s",
    ]  # fmt: skip
    assert app.metric[3].value.endswith("ms")
    rows = screens("services", service_view="captured").dataframe[-1].value
    assert "prediction" in rows.columns


def test_a_service_is_stopped_and_started_again(serving, screens):
    app = screens("services")
    app.button(key="services.stop").click().run()
    assert workbench().services.show("churn")["wanted"] == "stopped"
    app.button(key="services.start").click().run()
    assert (workbench().services.show("churn")["wanted"], workbench().services.show("churn")["status"]) == (
        "running", "waiting",
    )  # fmt: skip
    assert not app.exception


def test_every_snippet_carries_a_row_that_fits(address):
    row = {"age": 41, "plan": "it's <b>", "since": None}
    texts = {title: text for title, _, text in snippets({"url": address, "name": "churn"}, row, "/w")}
    assert list(texts) == ["curl", "Python", "JavaScript", "Python · Workbench"]
    compile(texts["Python"], "snippet", "exec")
    compile(texts["Python · Workbench"], "snippet", "exec")
    assert json.dumps({"rows": [row]}, ensure_ascii=False) in texts["JavaScript"]


@pytest.mark.parametrize(("seconds", "text"), [(None, "–"), (0.0042, "4.2 ms"), (1.5, "1,500 ms")])
def test_a_duration_is_told_in_milliseconds(seconds, text):
    assert milliseconds(seconds) == text
