"""`--set`: a name without a dot is a parameter of the pipeline, `node.field` a field; each fault is one sentence."""

import json

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from engine import Workbench
from tests.pages.conftest import drive

PIPELINE = """
name: parts
parameters: {share: 0.2}
nodes:
  read: {operator: read_dataset, with: {dataset: "${data}"}}
  split: {operator: split_rows, with: {test_share: "${share}", seed: 7}, from: {table: read}}
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A workspace with two datasets."""
    folder = tmp_path_factory.mktemp("set")
    (folder / "people.csv").write_text("age\n" + "\n".join(map(str, range(10))))
    bench = Workbench.open(folder / "w")
    for name in ("people", "2026"):
        bench.datasets.add(name, folder / "people.csv")
    return folder / "w"


@pytest.fixture
def tandem(root, tmp_path, monkeypatch):
    """Call `tandem WORDS` on it with a pipeline file: status, document (or None), what stands on stderr."""
    monkeypatch.setattr("engine.workbench.engine.EngineDesk.ensure", lambda desk: drive(root))
    (tmp_path / "p.yaml").write_text(PIPELINE)

    def call(command, *settings, data="people"):
        words = [word for one in (*([f"data={data}"] if data else []), *settings) for word in ("--set", one)]
        asked = [command, str(tmp_path / "p.yaml"), *words, "--json"]
        result = CliRunner().invoke(app, asked, env={"TANDEM_WORKSPACE": str(root)})
        return result.exit_code, json.loads(result.stdout) if result.stdout else None, result.stderr

    return call


def test_a_parameter_is_set_for_a_run(tandem):
    status, document, _ = tandem("run", "share=0.5")
    assert (status, document["parameters"]) == (0, {"share": 0.5, "data": "people"})
    assert document["nodes"]["split"]["rows"] == 5


def test_a_name_of_digits_stays_text_where_text_is_taken(tandem):
    status, document, _ = tandem("run", data="2026")
    assert (status, document["parameters"]["data"]) == (0, "2026")
    assert tandem("run", "read.dataset=2026", data=None)[0] == 0


def test_a_field_is_set_as_before(tandem):
    status, document, _ = tandem("check", "split.test_share=0.3", "split.method=time", "split.column=age")
    assert (status, document["problems"]) == (0, [])


@pytest.mark.parametrize(
    ("setting", "says", "hint"),
    [
        ("shar=0.5", "The pipeline has no parameter 'shar'.", "'share'"),
        ("nothing=0.5", "The pipeline has no parameter 'nothing'.", "node.field"),
        ("share", "--set share has no value; it takes a number.", "--set share=VALUE"),
        ("share=", "--set share has no value; it takes a number.", "--set share=VALUE"),
        ("share=much", "The parameter 'share' takes a number, not 'much'.", "split.test_share"),
        ("share=2", "The parameter 'share' does not take 2: Input should be less than 1.", "split.test_share"),
        ("share=[0.1", "The value of share cannot be read: '[0.1'; it takes a number.", "YAML"),
        ("split.seed", "--set split.seed has no value; it takes a whole number.", "--set split.seed=VALUE"),
        ("split.seed=", "--set split.seed has no value; it takes a whole number.", "--set split.seed=VALUE"),
        ("split.seed=many", "split.seed takes a whole number, not 'many'.", "--set split.seed=VALUE"),
        ("split.seed=1.5", "split.seed takes a whole number, not '1.5'.", "--set split.seed=VALUE"),
        ("split.sed=1", "'split_rows', the operator of 'split', has no field 'sed'.", "'seed'"),
        ("splt.seed=1", "No node 'splt'.", "'split'"),
        (".seed=1", "'.seed=1' is not a setting.", "node.field=value"),
        ("split.=1", "'split.=1' is not a setting.", "node.field=value"),
        ("=1", "'=1' is not a setting.", "name=value"),
    ],
)
def test_a_wrong_setting_is_one_sentence_with_a_hint(tandem, setting, says, hint):
    status, document, told = tandem("run", setting)
    assert (status, document) == (2, None)
    first, second = told.splitlines()[:2]
    assert says in first
    assert hint in second


def test_a_value_that_nobody_gave_is_named_with_its_type(tandem):
    status, _, told = tandem("run", data=None)
    assert status == 2
    assert "The parameter 'data' has no value; it takes text." in told
    assert "--set data=VALUE" in told


def test_a_check_lists_a_wrong_value_among_the_problems(tandem):
    status, document, _ = tandem("check", "share=much")
    assert status == 2
    assert [problem["sentence"] for problem in document["problems"]] == [
        "The parameter 'share' takes a number, not 'much'."
    ]


def test_what_is_put_into_a_longer_text_stays_as_it_was_written(tandem, tmp_path):
    text = (tmp_path / "p.yaml").read_text().replace('"${data}"', '"people_${data}"')
    (tmp_path / "p.yaml").write_text(text)
    _, document, _ = tandem("check", data="007")
    assert "'people_007'" in document["problems"][0]["sentence"]


def test_the_version_of_a_model_is_a_parameter_too(tandem, tmp_path):
    """Batch scoring by the command line: the version is read as the number that the node takes."""
    nodes = {"load": {"operator": "load_model", "with": {"model": "churn", "version": "${version}"}}}
    (tmp_path / "p.yaml").write_text(json.dumps({"name": "scoring", "nodes": nodes}))
    _, document, _ = tandem("check", "version=3", data=None)
    assert [(problem["field"], problem["sentence"]) for problem in document["problems"]] == [
        ("model", "No model 'churn'.")
    ]
    _, document, _ = tandem("check", "version=newest", data=None)
    assert document["problems"][0]["sentence"] == "The parameter 'version' takes a whole number, not 'newest'."
