"""A pipeline reads files out of folders of data, and never what the workbench or a system keeps."""

import os
from pathlib import Path

import pytest

from engine.data.folders import SAMPLES, DataFolders, ForeignFileError
from engine.errors import NotFoundError


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with data, hidden files and a workspace in it; beside it a folder of somebody else."""
    for name in ("mine/data.csv", "mine/.ssh/key", "mine/.netrc", "mine/desk/records.db", "mine/in/.cache/a.csv"):
        _written(tmp_path / name)
    for name in ("other/data.csv", "other/.hidden/a.csv", "other/more/a.csv"):
        _written(tmp_path / name)
    monkeypatch.setenv("HOME", str(tmp_path / "mine"))
    return tmp_path / "mine"


def _written(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a\n1\n")


def folders(home, more=""):
    return DataFolders(home / "desk", more)


@pytest.mark.parametrize("ref", ["~/data.csv", "{mine}/data.csv", "{mine}/in/../data.csv"])
def test_what_lies_in_the_home_is_read(home, ref):
    assert folders(home).find(ref.format(mine=home)) == home / "data.csv"


def test_the_samples_are_read(home):
    assert folders(home).find(str(SAMPLES / "churn.csv")).name == "churn.csv"


@pytest.mark.parametrize("ref", [
    "/etc/shadow", "/etc/passwd", "/proc/self/environ", "~/.ssh/key", "~/.netrc", "~/in/.cache/a.csv",
    "{mine}/desk/records.db", "~/desk/../desk/records.db", "{mine}/../other/data.csv", "~/../other/data.csv",
    "~/data.csv/../.netrc", "/nowhere/at/all",
])  # fmt: skip
def test_what_lies_elsewhere_is_not_read(home, ref):
    with pytest.raises(ForeignFileError, match="may not read"):
        folders(home).find(ref.format(mine=home))


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "{mine}/.netrc", "{mine}/desk/records.db", "{mine}/../other/data.csv"]
)
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_link_leads_nowhere_else(home, target, kind):
    path = target.format(mine=home)
    (home / "link").symlink_to(path if kind == "file" else Path(path).parent)
    with pytest.raises(ForeignFileError):
        folders(home).find(str(home / "link" if kind == "file" else home / "link" / Path(path).name))


def test_a_link_within_the_home_is_followed(home):
    (home / "link.csv").symlink_to(home / "data.csv")
    assert folders(home).find("~/link.csv") == home / "data.csv"


def test_more_folders_are_named_by_a_setting(home):
    other = home.parent / "other"
    more = folders(home, os.pathsep.join([str(other / "more"), str(other)]))
    assert more.find(f"{other}/data.csv") == other / "data.csv"
    with pytest.raises(ForeignFileError):
        more.find(f"{other}/.hidden/a.csv")


def test_no_setting_opens_the_workspace(home):
    with pytest.raises(ForeignFileError):
        folders(home, str(home / "desk")).find(str(home / "desk" / "records.db"))


def test_the_folder_of_the_pipeline_file_is_read(home):
    other = home.parent / "other"
    assert folders(home).find(f"{other}/data.csv", [other]) == other / "data.csv"
    with pytest.raises(ForeignFileError):
        folders(home).find("/etc/passwd", [other])


@pytest.mark.parametrize("ref", ["~/no.csv", "~nobody-like-this/a.csv", "a\0b", "~/in"])
def test_what_is_no_file_says_so(home, ref):
    with pytest.raises(NotFoundError, match="No file"):
        folders(home).find(ref)


def test_a_circle_of_links_is_no_file(home):
    (home / "a").symlink_to(home / "b")
    (home / "b").symlink_to(home / "a")
    with pytest.raises((NotFoundError, ForeignFileError)):
        folders(home).find("~/a")
