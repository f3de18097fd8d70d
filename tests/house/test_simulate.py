"""`tandem simulate`: its document, its table, its figure, and what it says of wrong calls."""

import json

import pytest
from typer.testing import CliRunner

from app.cli.main import app

NODES = "sn,cpu_milli,memory_mib,gpu,model\nn0,64000,262144,4,T4\nn1,64000,262144,4,T4\n"
HEAD = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\n"
PODS = HEAD + "".join(f"p{at},1000,1024,1,{milli},\n" for at, milli in enumerate((810, 190, 460, 500, 1000, 250)))
CONTRACT = {"policy", "seed", "arrived", "allocated_percent", "unallocated_percent", "decision_ms", "fallbacks"}


@pytest.fixture
def simulate(tmp_path):
    (tmp_path / "pods.csv").write_text(PODS)
    (tmp_path / "nodes.csv").write_text(NODES)
    words = ["simulate", str(tmp_path / "pods.csv"), "--nodes", str(tmp_path / "nodes.csv")]
    return lambda *more: CliRunner().invoke(app, [*words, *more])


def test_one_policy_and_seed_are_one_document(simulate):
    document = json.loads(simulate("--policy", "fgd", "--seed", "7", "--json").stdout)
    assert document.keys() >= CONTRACT
    assert (document["policy"], document["seed"]) == ("fgd", 7)
    assert document["allocated_percent"] + document["unallocated_percent"] == pytest.approx(100)
    assert document["decision_ms"].keys() == {"p50", "p99"}


def test_several_policies_meet_the_same_arrivals(simulate):
    documents = json.loads(simulate("--policy", "best_fit,fgd,swarm", "--seed", "1,2", "--json").stdout)
    assert [(one["policy"], one["seed"]) for one in documents] == [
        (policy, seed) for seed in (1, 2) for policy in ("best_fit", "fgd", "swarm")
    ]  # fmt: skip
    assert len({one["arrived"] for one in documents if one["seed"] == 1}) == 1


def test_people_get_a_table_and_a_figure(simulate, tmp_path):
    result = simulate("--policy", "fgd", "--plot", str(tmp_path / "curves.svg"))
    assert "unusable" in result.stdout
    assert "<svg" in (tmp_path / "curves.svg").read_text()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--policy", "fgdd"], "There is no policy 'fgdd'"),
        (["--seed", "one"], "The seeds 'one' are not integers"),
        (["--inflate", "0"], "cannot be inflated to 0"),
        (["--window", "65"], "A window cannot have 65 tasks"),
        (["--policy", "fgd", "--plot", "curves.words"], "The figure cannot be written"),
    ],
)
def test_a_wrong_call_is_told_in_a_sentence(simulate, words, told):
    result = simulate(*words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr


TIMED = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,qos,creation_time,deletion_time\n" + "".join(
    f"p{at},1000,1024,1,{500 + 100 * (at % 3)},{'LS' if at % 2 else 'BE'},{10 * at},{10 * at + 60 + at}\n"
    for at in range(60)
)
OUTCOME = {"policy", "load", "arrived", "ended", "job_s", "wait_s", "slowdown", "preemptions", "decision_ms"}


def test_over_time_waits_are_told_by_priority(simulate, tmp_path):
    (tmp_path / "pods.csv").write_text(TIMED)
    figure = tmp_path / "waits.svg"
    done = simulate("--load", "1.2", "--policy", "fifo,forecast", "--json", "--plot", str(figure))
    fifo, forecast = json.loads(done.stdout)
    assert fifo.keys() >= OUTCOME
    assert (fifo["arrived"], fifo["ended"], fifo["refused"]) == (60, 60, 0)
    assert fifo["wait_s"].keys() == {"0", "1"}
    assert forecast["job_s"]["mean"] > 0
    assert figure.read_text().startswith("<?xml")
    shown = simulate("--load", "1.2", "--policy", "fifo")
    assert "p99 wait s" in " ".join(shown.stdout.split())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--load", "0"], "There is no load of 0"),
        (["--load", "0.9"], "no tasks with times"),
        (["--load", "0.9", "--policy", "luck"], "There is no scheduling policy 'luck'"),
    ],
)
def test_what_cannot_be_replayed_is_said(simulate, words, sentence):
    done = simulate(*words)
    assert done.exit_code != 0
    assert sentence in done.stderr
