"""A service answers programs of this machine, not pages of other sites, and takes JSON only as JSON."""

import pytest
from starlette.testclient import TestClient

from engine.config import Settings
from engine.serving.callers import names
from engine.serving.gateway import create_app

JSON = "application/json"


@pytest.fixture
def ask(served, row):
    """Ask the service with other headers than usual; a header that is None is left out."""
    with TestClient(create_app(served), "http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        content = client.build_request("POST", "/predict", json=row).content

        def asked(method="POST", path="/predict", **headers):
            named = {"content-type": JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
            request = client.build_request(method, path, content=content if method == "POST" else None)
            for name, value in named.items():
                request.headers.pop(name, None)
                if value is not None:
                    request.headers[name] = value
            return client.send(request)

        yield asked


def refused(response, status):
    """Return the sentence of a refusal, after checking its shape."""
    assert response.status_code == status, response.text
    assert set(response.json()) == {"error", "hint", "field", "row"}
    return response.json()["error"]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000"])
def test_it_answers_under_the_names_of_this_machine(ask, host):
    assert ask(host=host).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8000",
        "localhost@evil.example",
        "localhost:8000, evil.example",
        "localhost:x",
        "10.0.0.7",
        "[::2]",
        "",
    ],
)
@pytest.mark.parametrize(("method", "route"), [("POST", "/predict"), ("GET", "/health"), ("GET", "/openapi.json")])
def test_a_name_that_leads_here_is_not_enough(ask, host, method, route):
    """A page may make a name of its own lead to this machine."""
    assert repr(host) in refused(ask(method, route, host=host), 403)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "file://",
        "http://127.0.0.1:8501",
        "http://localhost:8000",
        "http://127.0.0.1:8000.evil.example",
    ],
)
@pytest.mark.parametrize(("method", "route"), [("POST", "/predict"), ("POST", "/invocations"), ("GET", "/metrics")])
def test_a_page_of_another_site_is_refused(ask, origin, method, route):
    assert repr(origin) in refused(ask(method, route, origin=origin), 403)


def test_a_page_of_the_service_itself_may_ask(ask):
    assert ask(origin="http://127.0.0.1:8000").status_code == 200


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json, text/plain",
        "application/json; charset=latin-1",
    ],
)
def test_json_is_taken_only_as_json(ask, kind):
    """A page may send text and forms anywhere without asking for leave."""
    assert "not JSON" in refused(ask(content_type=kind), 415)


@pytest.mark.parametrize(
    "kind", ["Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"']
)
def test_json_may_say_its_encoding(ask, kind):
    assert ask(content_type=kind).status_code == 200


def test_a_packed_body_is_refused_by_name(ask):
    assert "'gzip'" in refused(ask(content_encoding="gzip"), 415)


def test_the_settings_name_more(monkeypatch):
    monkeypatch.setenv("TANDEM_SERVICE_HOSTS", "models.lan, Churn.lan")
    assert names(Settings()) == {"127.0.0.1", "localhost", "::1", "models.lan", "churn.lan"}
