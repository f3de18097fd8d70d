"""The check of licences finds what may not be used, and all that the project depends on may be."""

import importlib
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PINS = {canonicalize_name(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text().split()}
MIT = "Classifier: License :: OSI Approved :: MIT License"
GPL = "Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)"


@pytest.fixture
def licences(monkeypatch):
    """The program that checks licences, as a module."""
    monkeypatch.syspath_prepend(ROOT / ".ci")
    return importlib.import_module("licences")


def invent(folder, name, *lines):
    """Write what an installed distribution says of itself."""
    home = folder / f"{name}-1.0.dist-info"
    home.mkdir()
    (home / "METADATA").write_text(
        "\n".join(["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *lines, "", ""])
    )


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["License-Expression: GPL-3.0-only"], id="GPL"),
        pytest.param(["License-Expression: AGPL-3.0-or-later"], id="AGPL"),
        pytest.param(["License-Expression: BUSL-1.1"], id="BUSL"),
        pytest.param(["License-Expression: MIT AND (GPL-2.0-only OR LGPL-3.0-only)"], id="in part"),
        pytest.param(["License-Expression: LicenseRef-Proprietary"], id="a licence of its own"),
        pytest.param(["License-Expression: Free for all"], id="no expression"),
        pytest.param(["License: GPLv2"], id="old field"),
        pytest.param(["License: GNU General Public License", MIT], id="old field beside a classifier"),
        pytest.param([GPL], id="classifier"),
        pytest.param([MIT, GPL], id="one of two classifiers"),
        pytest.param(["License: MIT", GPL], id="classifier beside the old field"),
        pytest.param(["Classifier: License :: Other/Proprietary License"], id="proprietary"),
        pytest.param(["Classifier: License :: OSI Approved"], id="only approved"),
        pytest.param(["License: UNKNOWN"], id="unknown"),
        pytest.param([], id="nothing"),
        pytest.param(["License-Expression: MPL-2.0"], id="MPL without an exception"),
    ],
)
def test_what_may_not_be_used_is_named_with_a_hint(licences, tmp_path, capsys, lines):
    invent(tmp_path, "good", "License-Expression: MIT", "Requires-Dist: Odd_one")
    invent(tmp_path, "odd.one", *lines)
    assert licences.main([str(tmp_path)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith("odd-one 1.0: it states ")
    assert "do without it" in said[0] or "write an exception" in said[0]
    assert said[0].endswith("It is needed by good.")


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["License-Expression: MIT"], id="MIT"),
        pytest.param(["License-Expression: MIT OR GPL-3.0-only"], id="a choice"),
        pytest.param(["License-Expression: apache-2.0 with llvm-exception and (MIT or GPL-2.0-only)"], id="nested"),
        pytest.param(["License: Apache 2.0"], id="old field in words"),
        pytest.param(["License: BSD-3-Clause", "Classifier: License :: OSI Approved :: BSD License"], id="both"),
        pytest.param(["License: Copyright (c) 2026 by its authors", MIT], id="classifier beside a text"),
    ],
)
def test_what_asks_for_no_more_than_its_text_may_be_used(licences, tmp_path, lines):
    invent(tmp_path, "good", *lines)
    assert licences.main([str(tmp_path)]) == 0


def test_what_nothing_needs_can_be_uninstalled(licences, tmp_path, capsys):
    invent(tmp_path, "left-over", "License: GPLv2")
    licences.main([str(tmp_path)])
    assert "Nothing needs it: pip uninstall left-over" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("states", "lines"),
    [
        pytest.param("nothing", ["License: GPLv3"], id="it states another"),
        pytest.param("nothing", ["License-Expression: MIT"], id="it states one that is clear"),
        pytest.param("MIT", ["License-Expression: MIT"], id="it needs no exception"),
    ],
)
def test_an_exception_ends_when_it_is_not_what_a_release_states(licences, tmp_path, states, lines):
    written = {"vague": {"states": states, "licence": "MIT", "reason": "Its file says so."}}
    invent(tmp_path, "vague", *lines)
    assert f"its exception is for {states}" in licences.faults(licences.installed([str(tmp_path)]), written)[0]


def test_an_exception_holds_for_what_it_names(licences, tmp_path):
    written = {"vague": {"states": "nothing", "licence": "MIT", "reason": "Its file says so."}}
    invent(tmp_path, "vague")
    invent(tmp_path, "other")
    said = licences.faults(licences.installed([str(tmp_path)]), written)
    assert [one.split()[0] for one in said] == ["other"]


def test_all_that_is_pinned_may_be_used(licences):
    found = {name: one for name, one in licences.installed().items() if name in PINS}
    assert len(found) > 100
    assert licences.faults(found, licences.exceptions("licences")) == []


def test_every_exception_is_for_something_that_is_pinned_and_has_a_reason(licences):
    written = licences.exceptions("licences")
    assert written.keys() <= PINS
    assert all(one.keys() == {"states", "licence", "reason"} and len(one["reason"]) > 20 for one in written.values())


def test_everything_that_tandem_needs_is_pinned(licences):
    installed = importlib.import_module("installed")
    needed = installed.reached(installed.needs(installed.installed(), ["dev"])) - {installed.PROJECT}
    assert {"ray", "uvloop", "ruff"} <= needed
    assert needed - PINS == {"pip"}  # it comes with the environment
