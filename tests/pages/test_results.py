"""From a finding, a sample or a file of one's own to a result: what a screen promises, the next one shows."""

import pytest

from app.runs.result import said
from app.session import workbench
from app.text import TABLES

ENGLISH = TABLES["en"]
pytestmark = pytest.mark.usefixtures("unasked")


def test_the_result_of_a_run_is_a_sentence_beside_what_is_had_without_a_model(full, screens):
    run = workbench().runs.list()[-1]["id"]
    figures = next(iter(workbench().runs.show(run)["metrics"].values()))
    app = screens("runs", run=run, run_view="result")
    assert not app.exception
    told = [one.value for one in app.markdown if "always answering" in one.value]
    assert len(told) == 1
    assert f"{figures['accuracy']:.1%}" in told[0]


def test_a_regression_is_told_by_its_error():
    assert "3.25" in said({"mae": 3.25, "r2": 0.5, "rows": 10})
    assert "50.0%" in said({"mae": 3.25, "r2": 0.5, "rows": 10})
    assert said({"rows": 3}) == ""


def test_home_offers_a_file_of_ones_own(empty, screens):
    app = screens("home")
    assert not app.exception
    links = [one.proto.label for one in app.get("page_link")]
    assert ENGLISH["home.use_own_file"] in links
    assert not screens("data", add="file").exception


def test_mending_adds_the_steps_to_a_recipe_and_opens_it(empty, screens, tmp_path):
    rows = "".join(f"{n % 7},same,{n % 3 or ''}\n" for n in range(60))
    (tmp_path / "odd.csv").write_text(f"number,constant,gaps\n{rows}")
    workbench().datasets.add("odd", tmp_path / "odd.csv")
    fixes = [one["fix"] for one in workbench().datasets.profile("odd")["warnings"] if one.get("fix")]
    app = screens("explore", dataset="odd")
    app.button(key="findings.mend.profile").click().run()
    assert not app.exception
    (draft,) = workbench().pipelines.list()
    written = workbench().pipelines.open(draft["name"])["document"]["nodes"]
    assert {node["operator"] for node in written.values()} == {"read_dataset", *(fix["operator"] for fix in fixes)}


def test_the_target_is_one_of_the_columns_that_there_are_now(full, screens):
    desk, name = workbench().features, workbench().pipelines.free_name("churn features")
    chain = desk.added(desk.begun(name, "churn"), "rename_columns", {"names": {"churned": "left"}})
    workbench().pipelines.create(name, chain)
    app = screens("features", dataset="churn", recipe=name)
    options = next(one.options for one in app.selectbox if one.label == ENGLISH["features.target"])
    assert "left" in options
    assert "churned" not in options
