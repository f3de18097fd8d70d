"""The bill of materials is one by the schema of CycloneDX 1.6, and says what is installed and what needs it."""

import importlib
import json
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sbom(monkeypatch):
    """The program that writes bills, as a module."""
    monkeypatch.syspath_prepend(ROOT / ".ci")
    return importlib.import_module("sbom")


@pytest.fixture
def written(sbom, tmp_path):
    """Return a function that writes the bill of invented distributions, `{name: [version, *lines]}`, and reads it."""

    def write(**distributions):
        for name, (version, *lines) in {
            "tandem-workbench": ["0.1.0", *distributions.pop("ours", [])],
            **distributions,
        }.items():
            home = tmp_path / f"{name}-{version}.dist-info"
            home.mkdir()
            head = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}"]
            (home / "METADATA").write_text("\n".join([*head, *lines, "", ""]))
        assert sbom.main(str(tmp_path / "out" / "bill.json"), str(tmp_path)) == 0
        return valid((tmp_path / "out" / "bill.json").read_text("utf-8"))

    return write


def valid(text):
    """Return a bill that has been compared with the schema and whose references all lead to one component."""
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    refs = [one["bom-ref"] for one in [bill["metadata"]["component"], *bill["components"]]]
    assert len(refs) == len(set(refs))
    assert [one["ref"] for one in bill["dependencies"]] == refs
    assert {other for one in bill["dependencies"] for other in one["dependsOn"]} <= set(refs)
    return bill


def test_the_bill_of_this_environment_is_one_and_names_all_that_is_installed(sbom, tmp_path):
    sbom.main(str(tmp_path / "bill.json"))
    bill = valid((tmp_path / "bill.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "tandem-workbench"
    named = {one["name"]: one["version"] for one in bill["components"]}
    assert named == {
        one.metadata["Name"]: one.version for name, one in sbom.installed().items() if name != "tandem-workbench"
    }
    assert all(one["purl"] and one["licenses"] for one in bill["components"])


def test_a_bill_that_is_none_is_seen():
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str('{"bomFormat": "CycloneDX"}') is not None


def test_addresses_have_names_as_an_index_has_them(written):
    bill = written(**{"Some_Thing.More": ["2.0+cpu"]})
    assert [one["purl"] for one in bill["components"]] == ["pkg:pypi/some-thing-more@2.0%2Bcpu"]
    assert bill["metadata"]["component"]["purl"] == "pkg:generic/tandem-workbench@0.1.0"


@pytest.mark.parametrize(
    ("lines", "licences"),
    [
        (["License-Expression: MIT"], [{"license": {"id": "MIT", "acknowledgement": "declared"}}]),
        (["License-Expression: MIT OR ISC"], [{"expression": "MIT OR ISC", "acknowledgement": "declared"}]),
        (["License: Our own"], [{"license": {"name": "Our own", "acknowledgement": "declared"}}]),
        ([], None),
    ],
)
def test_licences_are_identifiers_expressions_or_names(written, lines, licences):
    assert written(thing=["1", *lines])["components"][0].get("licenses") == licences


def test_a_licence_that_an_exception_names_is_concluded(written):
    concluded = written(huey=["3"])["components"][0]["licenses"]
    assert concluded == [{"license": {"id": "MIT", "acknowledgement": "concluded"}}]


def test_what_needs_what_follows_the_extras_that_are_asked_for(written):
    bill = written(
        ours=["Requires-Dist: a[more]", 'Requires-Dist: d; extra == "dev"', "Requires-Dist: absent"],
        a=["1", 'Requires-Dist: b[back]; extra == "more"', 'Requires-Dist: c; extra == "other"'],
        b=["1", 'Requires-Dist: a[more]; extra == "back"', 'Requires-Dist: c; python_version < "3"'],
        c=["1"],
        d=["1"],
    )
    edges = {one["ref"][4:]: [other[9:] for other in one["dependsOn"]] for one in bill["dependencies"]}
    assert edges == {
        "generic/tandem-workbench@0.1.0": ["a@1", "d@1"],
        "pypi/a@1": ["b@1"],
        "pypi/b@1": ["a@1"],
        "pypi/c@1": [],
        "pypi/d@1": [],
    }
    scopes = {one["name"]: one["scope"] for one in bill["components"]}
    assert scopes == {"a": "required", "b": "required", "c": "excluded", "d": "excluded"}


def test_without_tandem_there_is_a_sentence(sbom, tmp_path, capsys):
    assert sbom.main(str(tmp_path / "bill.json"), str(tmp_path)) == 1
    assert capsys.readouterr().err == "tandem-workbench is not installed there: make install.\n"
