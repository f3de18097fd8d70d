"""The installed command on a workspace of its own, as a user calls it: the demo, then everything about what it made."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "data_samples"
TANDEM = Path(sys.executable).parent / "tandem"
PIPELINE = """
name: churn
parameters: {share: 0.2}
nodes:
  read: {operator: read_dataset, with: {dataset: churn}}
  split: {operator: split_rows, with: {test_share: "${share}", seed: 7}, from: {table: read}}
  fill: {operator: fill_missing, with: {columns: [age], statistic: median}, from: {train: split.train}}
  fit: {operator: train_classifier, with: {target: churned, algorithm: linear}, from: {train: fill}}
  score: {operator: score_classifier, with: {target: churned}, from: {model: fit, table: split.test}}
"""

pytestmark = pytest.mark.ray


class Answer:
    """What a call of the command gave."""

    def __init__(self, done):
        self.status, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr

    @property
    def document(self):
        """The one JSON document on stdout."""
        return json.loads(self.stdout)


@pytest.fixture(scope="module")
def tandem(tmp_path_factory):
    """Call the command on the module's workspace; its engine ends with the module."""
    folder = tmp_path_factory.mktemp("tandem")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TANDEM_")}
    environment |= {"TANDEM_WORKSPACE": str(folder / "workspace"), "HOME": str(folder)}

    def call(*words):
        command = [TANDEM, *(str(word) for word in words)]
        done = subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, text=True, timeout=280, check=False
        )
        assert "Traceback" not in done.stderr
        return Answer(done)

    call.environment = environment
    call.folder = folder
    yield call
    call("down")


@pytest.fixture(scope="module")
def demo(tandem):
    """The document of the demo."""
    answer = tandem("demo", "--json")
    assert answer.status == 0, answer.stderr
    return answer.document


@pytest.fixture
def pipeline(tandem):
    """A pipeline file on the demo's data."""
    path = tandem.folder / "churn.yaml"
    path.write_text(PIPELINE)
    return path


def test_the_demo_takes_data_to_a_watched_service(demo):
    assert demo["metrics"]["roc_auc"] > 0.8
    assert demo["service"]["status"] == "healthy"
    assert len(demo["predictions"]) == 3
    assert (demo["drift"]["drifted"], demo["fresh"]["drifted"]) == (True, False)
    assert "retrain" not in demo


def test_the_service_lives_on_after_the_command(tandem, demo):
    services = tandem("services", "list", "--json").document
    assert [(one["name"], one["status"]) for one in services] == [("churn", "healthy")]
    with urllib.request.urlopen(demo["service"]["url"] + "/health", timeout=10) as answer:
        assert json.load(answer)["status"] == "healthy"


def test_a_file_is_predicted(tandem, demo):
    answer = tandem("predict", "churn", SAMPLES / "churn_fresh.csv", "--json").document
    assert len(answer["predictions"]) == 1000
    assert (answer["model"], answer["version"]) == ("churn", "1")


def test_a_batch_is_scored_by_a_pipeline_as_the_service_answers(tandem, demo):
    scoring = {
        "name": "scoring",
        "nodes": {
            "read": {"operator": "read_csv", "with": {"path": str(SAMPLES / "churn_fresh.csv")}},
            "load": {"operator": "load_model", "with": {"model": "churn"}},
            "ask": {"operator": "predict", "from": {"model": "load", "table": "read"}},
        },
    }
    (tandem.folder / "scoring.json").write_text(json.dumps(scoring))
    run = tandem("run", "scoring.json", "--json").document
    assert (run["status"], run["sources"]["model:churn@champion"]) == ("succeeded", "churn@1")
    rows = tandem("preview", run["id"], "ask", "--rows", "1000", "--json").document
    asked = tandem("predict", "churn", SAMPLES / "churn_fresh.csv", "--json").document["predictions"]
    found = [dict(zip(rows["columns"], row, strict=True)) for row in rows["rows"]]
    assert [one["probability_yes"] for one in found] == [one["probabilities"]["yes"] for one in asked]


def test_rows_that_do_not_fit_name_the_field(tandem, demo):
    answer = tandem("predict", "churn", SAMPLES / "tumours_fresh.csv", "--json")
    assert (answer.status, answer.stdout) == (2, "")
    assert "mean_radius" in answer.stderr


def test_drift_is_an_exit_status_only_where_that_was_asked(tandem, demo):
    drifted = ["monitor", "churn", "--against", SAMPLES / "churn_drifted.csv", "--json"]
    assert tandem(*drifted).status == 0
    assert tandem(*drifted, "--fail-on-drift").status == 1


def test_the_run_of_the_demo_is_listed_and_shown(tandem, demo):
    assert demo["run"] in [run["id"] for run in tandem("runs", "list", "--json").document]
    shown = tandem("runs", "show", demo["run"], "--json").document
    assert {name: node["status"] for name, node in shown["nodes"].items()} == dict.fromkeys(shown["nodes"], "done")
    assert {"id", "status", "seconds", "engine", "nodes", "metrics", "error"} <= shown.keys()


def test_a_pipeline_is_checked_run_again_and_explained(tandem, demo, pipeline):
    assert tandem("check", pipeline, "--json").document["problems"] == []
    first = tandem("run", pipeline, "--json").document
    again = tandem("run", pipeline, "--set", "fit.algorithm=baseline", "--json").document
    assert (first["status"], again["status"]) == ("succeeded", "succeeded")
    assert again["nodes"]["fill"]["status"] == "reused"
    why = tandem("runs", "why", again["id"], "fit", "--json").document
    assert [part["part"] for part in why["changed"]] == ["code.algorithm", "parameter.algorithm"]
    assert tandem("preview", first["id"], "fill", "--rows", "5", "--json").document["total_rows"] == 2400


def test_every_problem_of_a_pipeline_is_listed(tandem, demo, pipeline):
    pipeline.write_text(
        PIPELINE.replace("fill_missing", "fill_mising").replace("from: {table: read}", "from: {table: raed}")
    )
    answer = tandem("check", pipeline, "--json")
    assert answer.status == 2
    assert {problem["node"] for problem in answer.document["problems"]} >= {"fill", "split"}


def test_a_pipeline_that_fails_is_exit_status_one_with_its_document(tandem, demo):
    path = tandem.folder / "fails.py"
    path.write_text(
        "from engine import Pipeline\nfrom operators import PythonScript, ReadDataset\n"
        "pipeline = Pipeline('fails').add('read', ReadDataset(dataset='churn'))"
        ".add('script', PythonScript(code='def run(table):\\n    return 1 / 0'), table='read')\n"
    )
    answer = tandem("run", path, "--json")
    assert (answer.status, answer.document["status"]) == (1, "failed")
    assert answer.document["nodes"]["script"]["status"] == "failed"


def test_the_data_are_described_and_queried(tandem, demo):
    profile = tandem("data", "profile", "churn", "--json").document
    assert {column["name"]: column["missing"] for column in profile["columns"]}["plan"] == 0
    rows = tandem("data", "query", "select count(*) as n from churn", "--json").document
    assert rows["rows"] == [[3000]]
    assert tandem("data", "query", "drop table churn").status == 2


def test_the_model_is_listed_and_promoted(tandem, demo):
    assert [model["aliases"] for model in tandem("models", "list", "--json").document] == [["champion"]]
    assert tandem("models", "promote", "churn", "1", "--json").document["name"] == "churn"


def test_the_house_is_in_order(tandem, demo):
    doctor = tandem("doctor", "--json").document
    assert doctor["ok"]
    assert doctor["engine"]["running"]
    names = [environment["name"] for environment in tandem("resources", "--json").document["environments"]]
    assert set(names) == {"train", "test", "inference"}


def test_up_draws_the_screens_and_stops_only_what_it_started(tandem, demo):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    up = subprocess.Popen(
        [TANDEM, "up", "--no-browser", "--json", "--port", str(port)],
        env=tandem.environment, cwd=tandem.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        url = json.loads(up.stdout.readline())["url"]
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.status == 200
    finally:
        up.send_signal(signal.SIGINT)
        _, told = up.communicate(timeout=60)
    assert up.returncode == 0, told
    assert tandem("doctor", "--json").document["engine"]["running"]


def test_up_refuses_to_be_open_to_the_network(tandem, monkeypatch):
    monkeypatch.setitem(tandem.environment, "TANDEM_HOST", "0.0.0.0")
    answer = tandem("up", "--no-browser")
    assert answer.status == 2
    assert "without authentication is refused" in answer.stderr


def test_down_ends_everything_of_this_workspace(tandem, demo):
    workspace = tandem.environment["TANDEM_WORKSPACE"]
    assert tandem("down", "--json").document["stopped"]
    deadline = time.monotonic() + 20
    while (left := _processes_of(workspace)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left == []
    assert not tandem("doctor", "--json").document["engine"]["running"]


def _processes_of(workspace):
    """Return the command lines of living processes that name the workspace."""
    import psutil

    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and workspace in " ".join(process.cmdline()):
                found.append(process.cmdline())
        except psutil.Error:
            continue
    return found
