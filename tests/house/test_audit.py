"""The audit fails on known faults, and never says that there are none where no source of advisories answered."""

import importlib
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

ROOT = Path(__file__).parents[2]
PROBE = {"django": ["PYSEC-2017-1"]}
FAULT = {"id": "PYSEC-2019-9", "aliases": ["CVE-2019-1"], "fix_versions": [], "description": "Bad."}
CLEAN = {**PROBE, "jinja2": [], "rich": []}


@pytest.fixture
def audit(monkeypatch):
    """The program that audits, as a module."""
    monkeypatch.syspath_prepend(ROOT / ".ci")
    return importlib.import_module("audit")


@pytest.fixture
def ask(audit, tmp_path, capsys):
    """Return a function that audits two pins, with options, and returns the exit status and all that was printed."""

    def run(program, *options):
        (tmp_path / "pins.txt").write_text("Jinja2==2.10\nrich==15.0.0\n")
        fixed = ["--pins", str(tmp_path / "pins.txt"), "--program", str(program), "--cache-dir", str(tmp_path)]
        status = audit.main([*fixed, *options])
        return status, "".join(capsys.readouterr())

    return run


@pytest.fixture
def sources(tmp_path):
    """Return a function that starts two sources on loopback, and returns the real pip-audit, which then asks those.

    It takes what each source knows, `{name: ids of faults}`, or what it answers everything with, `(status, body)`.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), Source)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def start(pypi, osv=(404, "{}")):
        server.pypi, server.osv = pypi, osv
        return tool(tmp_path / "pip-audit", f"http://127.0.0.1:{server.server_port}")

    yield start
    server.shutdown()
    server.server_close()


class Source(BaseHTTPRequestHandler):
    """Answers as an index does (GET), and as a database of advisories does (POST)."""

    def do_GET(self):
        known = self.known(self.server.pypi, self.path.split("/")[2])
        self.say(known if isinstance(known, tuple) else (200, json.dumps({"vulnerabilities": known})))

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = self.known(self.server.osv, asked["package"]["name"])
        self.say(known if isinstance(known, tuple) else (200, json.dumps({"vulns": known} if known else {})))

    def known(self, source, name):
        if isinstance(source, tuple) or name not in source:
            return source if isinstance(source, tuple) else (404, "{}")
        more = {"aliases": ["CVE-2019-1"], "fixed_in": ["2.10.1"], "summary": "Bad.", "affected": []}
        return [{"id": one, **more} for one in source[name]]

    def say(self, answer):
        status, body = answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        """Print nothing."""


def told(tmp_path, dependencies):
    """Write a program that prints what pip-audit would, for both sources."""
    (tmp_path / "told.json").write_text(json.dumps({"dependencies": dependencies, "fixes": []}))
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\ncat {tmp_path / 'told.json'}\n")
    program.chmod(0o755)
    return program


def tool(path, address):
    """Write a program that is the real pip-audit, but for the addresses of its two sources."""
    path.write_text(f"""#!{sys.executable}
import requests
request = requests.Session.request
def to_loopback(self, method, url, **options):
    return request(self, method, {address!r} + "/" + url.split("/", 3)[3], **options)
requests.Session.request = to_loopback
from pip_audit._cli import audit
audit()
""")
    path.chmod(0o755)
    return path


def test_a_known_fault_fails_and_is_named(ask, sources):
    status, said = ask(sources({**CLEAN, "jinja2": ["PYSEC-2019-9"]}))
    assert status == 1
    assert "jinja2 2.10: PYSEC-2019-9, CVE-2019-1 (mended by 2.10.1)" in said
    assert "Checked 2 of 2 pinned versions; known faults: 1." in said


@pytest.mark.slow
def test_what_one_source_does_not_know_is_asked_of_the_other(ask, sources):
    program = sources({**PROBE, "jinja2": []}, {**PROBE, "rich": []})
    assert ask(program) == (0, "Checked 2 of 2 pinned versions; known faults: 0.\n")


def test_where_an_index_has_no_advisories_it_is_said_that_nothing_was_checked(ask, sources):
    status, said = ask(sources((404, "{}"), (404, "{}")))
    assert status == 0
    assert said.startswith("NOT CHECKED: none of the 2 pinned versions. pypi: it knows none of them. osv: ")
    assert "known faults" not in said


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((503, "{}"), id="sources that are down"),
        pytest.param((200, "<html>Log in first.</html>"), id="a page that asks who one is"),
        pytest.param({"jinja2": [], "rich": [], "django": []}, id="a mirror without advisories"),
    ],
)
def test_where_no_source_answers_it_is_said_that_nothing_was_checked(ask, sources, answer):
    status, said = ask(sources(answer, answer))
    assert status == 0
    assert said.startswith("NOT CHECKED: none of the 2 pinned versions. pypi: ")
    assert "known faults:" not in said


def test_what_no_source_knows_is_named(ask, tmp_path):
    jinja2, django = (
        {"name": name, "version": "1", "vulns": faults} for name, faults in [("Jinja2", []), ("django", [FAULT])]
    )
    status, said = ask(told(tmp_path, [jinja2, django, {"name": "rich", "skip_reason": "Dependency not found"}]))
    assert status == 0
    assert "Checked 1 of 2 pinned versions; known faults: 0." in said
    assert "NOT CHECKED: rich. pypi: it does not know them. osv: it does not know them." in said


def test_a_fault_counts_though_the_source_does_not_know_those_of_the_probe(ask, tmp_path):
    status, said = ask(told(tmp_path, [{"name": "jinja2", "version": "2.10", "vulns": [FAULT]}]))
    assert status == 1
    assert "jinja2 2.10: PYSEC-2019-9, CVE-2019-1 (mended by no release yet)" in said
    assert "NOT CHECKED: rich." in said


def test_a_fault_with_a_written_exception_is_accepted(audit):
    lines = [audit.told_of({"jinja2": [FAULT]}, {"jinja2": "2.10"}, {one: {}}) for one in ("CVE-2019-1", "CVE-2019-2")]
    assert lines == [[], ["jinja2 2.10: PYSEC-2019-9, CVE-2019-1 (mended by no release yet)"]]


@pytest.mark.parametrize(("options", "wanted"), [([], 0), (["--required"], 2)])
def test_without_the_tool_nothing_was_checked(ask, tmp_path, options, wanted):
    status, said = ask(tmp_path / "absent", *options)
    assert status == wanted
    assert said.startswith("NOT CHECKED: none of the 2 pinned versions. pypi: ")


def test_the_probe_is_no_dependency(audit):
    names = {line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().split()}
    assert audit.PROBE[0] not in names
