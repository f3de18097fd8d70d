"""Files come in as the reader says, nothing is lost when they say it wrongly, and datasets can be looked into."""

import itertools

import polars as pl
import pytest

from app.session import workbench
from app.text import TABLES, t
from app.uploads import name_from
from tests.pages.conftest import work

ENGLISH = TABLES["en"]
LINES = b"id;when;sum\n007;03/04/2024;1.234,5\n008;05/06/2024;7,25\n"
pytestmark = pytest.mark.usefixtures("unasked")


def told(app):
    kinds = (app.success, app.error, app.warning, app.info, app.markdown, app.caption)
    return " ".join(str(element.value) for kind in kinds for element in kind)


def upload(app, *files):
    return app.file_uploader(key="data.file").set_value([(name, content, "x/y") for name, content in files]).run()


def widget(kind, end):
    """Return the widget whose key ends so: the middle is the file's random name."""
    return next(one for one in kind if one.key and one.key.endswith(end))


def table(app, column):
    """Return the first table that has such a column."""
    return next(one.value for one in app.dataframe if column in one.value.columns)


def imported(app, root):
    app.button(key="data.import").click().run()
    work(root)
    return app.run()


def test_a_sample_is_one_click(empty, screens):
    app = screens("data")
    app.button(key="data.sample.churn").click().run()
    work(empty)
    assert "3,000" in told(app.run())
    assert [entry["name"] for entry in workbench().datasets.list()] == ["churn"]


def test_a_file_is_shown_before_it_is_read(empty, screens):
    app = upload(screens("data"), ("../people; list.csv", LINES))
    assert not app.exception
    assert widget(app.text_input, ".name").value == "people_list"
    assert widget(app.selectbox, ".delimiter").value == ";"
    assert "leading zeros" in told(app)
    assert list(table(app, "when").columns) == ["id", "when", "sum"]


def test_options_are_those_of_the_import(empty, screens):
    app = upload(screens("data"), ("people.csv", LINES))
    widget(app.selectbox, ".decimal").set_value(",")
    widget(app.selectbox, ".thousands").set_value(".")
    widget(app.selectbox, ".dates").set_value("day")
    imported(app.run(), empty)
    columns = {column["name"]: column["type"] for column in workbench().datasets.show("people")["columns"]}
    assert columns == {"id": "string", "when": "date", "sum": "float64"}


def test_what_was_imported_is_shown_at_once_and_another_may_be_chosen_then(empty, screens):
    workbench().datasets.put("first", pl.DataFrame({"a": [1]}))
    app = screens("data", dataset="first", version="first@1")
    imported(upload(app, ("people.csv", LINES)), empty)
    assert app.run().selectbox(key="dataset").value == "people"
    app.selectbox(key="dataset").set_value("first").run()
    assert app.run().selectbox(key="dataset").value == "first"


def test_a_column_is_read_as_the_type_that_is_chosen(empty, screens):
    app = upload(screens("data"), ("people.csv", b"a,b\n1,2\n3,4\n"))
    key = next(table.key for table in app.data_editor)
    app.session_state[key] = {
        "edited_rows": {0: {ENGLISH["reading.read_as"]: "string"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    imported(app.run(), empty)
    assert workbench().datasets.show("people")["columns"][0]["type"] == "string"


def test_a_wrong_option_is_a_sentence_and_the_form_stays(empty, screens):
    app = upload(screens("data"), ("people.csv", b"a,b\nx,2\ny,4\n"))
    key = next(table.key for table in app.data_editor)
    app.session_state[key] = {
        "edited_rows": {0: {ENGLISH["reading.read_as"]: "date"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app.run()
    assert "is not a date" in told(app)
    assert app.button(key="data.import").disabled
    assert widget(app.selectbox, ".delimiter").value == ","


def test_one_column_is_said_and_another_delimiter_mends_it(empty, screens):
    app = upload(screens("data"), ("people.csv", b"a:b\n1:2\n3:4\n"))
    assert ENGLISH["reading.one_column"] in told(app)
    widget(app.selectbox, ".delimiter").set_value(":")
    app.run()
    assert ENGLISH["reading.one_column"] not in told(app)


def test_every_card_says_its_state_before_it_is_opened(empty, screens):
    files = {
        "good.csv": b"x,y\n1,2\n3,4\n",
        "euro.csv": b"id;price\n1;0,5\n2;1,5\n",
        "head.csv": b"a,b,c\n",
        "rows.csv": b"a,b\n" + b"1,2\n" * 30 + b"3,4,5\n",
        "book.csv": b"\xd0\xcf\x11\xe0" + b"0" * 100,
    }
    heads = [one.value for one in upload(screens("data"), *files.items()).markdown if "**" in one.value]
    states = {name: next(head for head in heads if name in head.replace("\\", "")) for name in files}
    assert "2 rows, 2 columns" in states["good.csv"]
    assert "1 to look at" in states["euro.csv"]
    assert "0 rows, 3 columns" in states["head.csv"]
    assert "1 line would be rejected" in states["rows.csv"]
    assert ENGLISH["reading.unreadable"] in states["book.csv"]


def test_the_line_of_the_names_and_the_end_can_be_set(empty, screens):
    app = upload(screens("data"), ("people.csv", b"u,v,w\nx,y,z\na,b,c\n1,2,3\n4,5,6\nTotal,7,9\n"))
    widget(app.number_input, ".header_row").set_value(3)
    widget(app.number_input, ".skip_last").set_value(1)
    imported(app.run(), empty)
    dataset = workbench().datasets.show("people")
    assert [(column["name"], column["type"]) for column in dataset["columns"]] == [(name, "int64") for name in "abc"]
    assert dataset["rows"] == 2


def test_the_line_of_the_names_can_be_set_for_a_workbook(empty, screens, tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        rows = [["Report"], ["x", "y"], ["a", "b"], [1, 2], [3, 4]]
        for number, row in enumerate(rows):
            book.get_worksheet_by_name("one") or book.add_worksheet("one")
            book.get_worksheet_by_name("one").write_row(number, 0, row)
    app = upload(screens("data"), ("b.xlsx", (tmp_path / "b.xlsx").read_bytes()))
    assert widget(app.number_input, ".header_row").value == 2
    widget(app.number_input, ".header_row").set_value(3)
    imported(app.run(), empty)
    assert [column["type"] for column in workbench().datasets.show("b")["columns"]] == ["int64", "int64"]


def test_numbers_are_read_as_they_are_written_by_one_switch(empty, screens):
    app = upload(screens("data"), ("people.csv", b"n;m;t\n1 234,5;1.5;x\n2 345,25;2.5;y\n"))
    widget(app.toggle, ".as_written").set_value(True)
    imported(app.run(), empty)
    types = [column["type"] for column in workbench().datasets.show("people")["columns"]]
    assert types == ["float64", "float64", "string"]


def test_columns_write_their_numbers_differently(empty, screens):
    app = upload(screens("data"), ("people.csv", b"n;m\n1.234;1,234\n2.345;2,345\n"))
    key = next(table.key for table in app.data_editor)
    rows = {0: {ENGLISH["reading.numbers"]: "1.234,5"}, 1: {ENGLISH["reading.numbers"]: "1234,5"}}
    app.session_state[key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    imported(app.run(), empty)
    assert workbench().datasets.preview("people", rows=1)["rows"] == [[1234, 1.234]]


def test_the_rows_stay_beside_the_error_of_a_wrong_option(empty, screens):
    app = upload(screens("data"), ("people.csv", b"a,b\n1,2\n3,4\n"))
    widget(app.number_input, ".header_row").set_value(99)
    app.run()
    assert "no line 99" in told(app)
    assert ENGLISH["reading.before"] in told(app)
    assert list(table(app, "a").columns) == ["a", "b"]
    assert ENGLISH["reading.unreadable"] in told(app)


def test_options_that_contradict_each_other_are_a_sentence_beside_the_rows(empty, screens):
    app = upload(screens("data"), ("people.csv", b"a;b\n1;2\n3;4\n"))
    widget(app.selectbox, ".decimal").set_value(",")
    widget(app.selectbox, ".thousands").set_value(",")
    app.run()
    assert not app.exception
    assert "cannot be both" in told(app)
    assert list(table(app, "a").columns) == ["a", "b"]


def test_a_type_that_does_not_fit_is_blamed_on_the_column_and_not_on_the_delimiter(empty, screens):
    app = upload(screens("data"), ("people.csv", "id,price\n1,€3\n2,€4\n".encode()))
    key = next(table.key for table in app.data_editor)
    chosen = {1: {ENGLISH["reading.read_as"]: "float64"}}
    app.session_state[key] = {"edited_rows": chosen, "added_rows": [], "deleted_rows": []}
    app.run()
    assert "how its numbers or dates are written" in told(app)
    assert "delimiter, quote" not in told(app)


def test_files_that_cannot_be_read_are_left_out_and_it_is_said(empty, screens):
    files = ("book.csv", b"\xd0\xcf\x11\xe0" + b"0" * 100), ("good.csv", b"a,b\n1,2\n")
    assert t("data.left_out", count=1) in told(upload(screens("data"), *files))


def test_several_files_become_several_datasets(empty, screens):
    app = upload(screens("data"), ("a.csv", b"x,y\n1,2\n"), ("b.csv", b"x,y\n3,4\n5,6\n"))
    assert app.button(key="data.import").label == t("data.import_all", count=2)
    app = imported(app, empty)
    assert [(entry["name"], entry["rows"]) for entry in workbench().datasets.list()] == [("a", 1), ("b", 2)]
    assert "a, version 1" in told(app)
    assert "b, version 1" in told(app)


def test_several_files_of_the_same_columns_can_become_one(empty, screens):
    app = upload(screens("data"), ("a.csv", b"x,y\n1,2\n"), ("b.csv", b"x,y\n3,4\n5,6\n"))
    app.toggle(key="data.together").set_value(True).run()
    app = imported(app, empty)
    assert [(entry["name"], entry["rows"], entry["source"]) for entry in workbench().datasets.list()] == [
        ("a", 3, "a.csv, b.csv")
    ]


def test_two_files_cannot_take_one_name(empty, screens):
    app = upload(screens("data"), ("a.csv", b"x,y\n1,2\n"), ("a.tsv", b"x\ty\n3\t4\n"))
    assert app.button(key="data.import").disabled
    assert ENGLISH["data.same_name"] in told(app)


def test_a_known_name_becomes_the_next_version_and_versions_are_compared(empty, screens):
    workbench().datasets.put("people", pl.DataFrame({"a": ["1"], "old": [1]}))
    app = upload(screens("data"), ("people.csv", b"a,new\n1,2\n3,4\n"))
    assert "version 2" in told(app)
    imported(app, empty)
    app = screens("data", dataset="people", data_view="versions")
    difference = table(app, ENGLISH["data.what"])
    assert sorted(difference[ENGLISH["data.column"]]) == ["a", "new", "old"]


def test_what_cannot_be_read_is_a_sentence(empty, screens):
    app = upload(screens("data"), ("book.csv", b"\xd0\xcf\x11\xe0" + b"0" * 100), ("good.csv", b"a,b\n1,2\n"))
    assert not app.exception
    assert "Excel" in told(app)
    assert app.button(key="data.import").label == ENGLISH["data.import"]


def test_a_file_of_unknown_encoding_waits_for_one(empty, screens):
    content = b"n,b\n" + bytes(range(0x81, 0xFF)) + b",1\n"
    app = upload(screens("data"), ("odd.csv", content))
    assert app.button(key="data.import").disabled
    widget(app.selectbox, ".encoding").set_value("latin-1")
    assert not app.run().button(key="data.import").disabled


def test_rejected_lines_are_told_and_shown(empty, screens):
    app = upload(screens("data"), ("people.csv", b"a,b\n" + b"1,2\n" * 30 + b"3,4,5\n"))
    assert "1 line would be rejected" in told(app)
    assert "1 rejected" in told(imported(app, empty))
    app = screens("data", dataset="people", data_view="rejects")
    assert list(table(app, ENGLISH["data.reject_reason"])[ENGLISH["data.reject_line"]]) == [32]


def test_a_wrong_name_is_a_sentence(empty, screens):
    app = upload(screens("data"), ("people.csv", b"a,b\n1,2\n"))
    widget(app.text_input, ".name").set_value("a/b")
    assert "a/b" in told(imported(app.run(), empty)).replace("\\", "")
    assert workbench().datasets.list() == []


@pytest.mark.parametrize("label", ["../../etc/passwd", "C:\\x\\päivi.csv", "", "\x00", "a" * 300, "<b>.csv", "CON.csv"])
def test_a_label_never_becomes_a_path(label):
    name = name_from(label)
    assert name
    assert len(name) <= 48
    assert not set(name) & set("./\\<>\x00")


@pytest.mark.parametrize("view", ["preview", "columns", "versions", "rejects", "usage"])
def test_every_view_of_every_table_opens(odd, screens, view):
    for name, language in zip(odd, itertools.cycle(["en", "zh"]), strict=False):
        app = screens("data", dataset=name, data_view=view, language=language)
        assert not app.exception
        assert not app.error


def test_a_large_dataset_is_shown_in_part_and_it_is_said(empty, screens):
    workbench().datasets.put("wide", pl.DataFrame({f"c{number}": [1] * 300 for number in range(600)}))
    app = screens("data", dataset="wide")
    assert "500 of 600 columns" in told(app)
    assert "100 of 300 rows" in told(app)


def test_who_uses_a_dataset_is_told(full, screens):
    app = screens("data", dataset="churn", data_view="usage")
    assert "churn@1" in set(table(app, ENGLISH["used.models"])[ENGLISH["used.models"]])


def test_files_of_large_datasets_are_written_by_a_job(empty, screens, monkeypatch):
    workbench().datasets.put("people", pl.DataFrame({"a": ["=x"] * 3}))
    monkeypatch.setattr("app.files.AT_ONCE", {"csv": 1, "parquet": 1, "xlsx": 1})
    app = screens("data", dataset="people")
    app.button(key="prepare.csv.people_v1").click().run()
    work(empty)
    app.run()
    job = workbench().jobs.list("export")[0]
    assert (workbench().jobs.folder(job["id"]) / "export.csv").read_text("utf-8-sig") == "a\n" + "'=x\n" * 3
    assert "file.csv.people_v1" in [button.key for button in app.get("download_button")]
