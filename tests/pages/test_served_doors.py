"""The screens as a process, asked as other sites and other names would ask: nobody but the user's own pages gets in."""

import asyncio
import http.client
from urllib.parse import urlsplit

import pytest
import websockets

from tests.pages.chromium import served

UPLOAD = "/_stcore/upload_file/session/file"


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Where the screens of an empty workspace answer."""
    with served(tmp_path_factory.mktemp("doors")) as address:
        yield urlsplit(address).port


def status(port, method, path, **headers):
    """Return the status and the headers of an answer; a header given as None is not sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, b"x" if method == "PUT" else None, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers
    finally:
        connection.close()


def is_open(port, host="127.0.0.1", origin=None):
    """Return whether a live connection is let in."""

    async def knock():
        try:
            place = {"host": "127.0.0.1", "port": port}
            async with websockets.connect(
                f"ws://{host}/_stcore/stream", origin=origin, subprotocols=["streamlit"], **place
            ):
                return True
        except websockets.exceptions.InvalidStatus:
            return False

    return asyncio.run(knock())


OTHERS = ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "169.254.169.254", "[::1]", ""]


@pytest.mark.parametrize("host", OTHERS)
def test_another_name_reaches_nothing(port, host):
    for method, path in (("GET", "/"), ("GET", "/_stcore/health"), ("GET", "/media/a.csv"), ("PUT", UPLOAD)):
        assert status(port, method, path, Host=host)[0] == 400
    assert not is_open(port, host or "evil.example")


def test_its_own_names_are_answered(port):
    for host in ("127.0.0.1", f"localhost:{port}"):
        assert status(port, "GET", "/", Host=host)[0] == 200
        assert is_open(port, host, f"http://{host}")


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1.evil.example", "null"])
def test_a_page_of_another_site_gets_no_live_connection(port, origin):
    assert not is_open(port, origin=origin)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_nothing_is_uploaded_or_removed_without_the_token_of_the_page(port, method):
    for headers in (
        {},
        {"Origin": "http://evil.example"},
        {"X-Xsrftoken": "2|x"},
        {"Cookie": "_streamlit_xsrf=2|a|b|1"},
    ):
        assert status(port, method, UPLOAD, **headers)[0] == 403


def test_no_other_site_may_read_an_answer(port):
    for path in ("/", "/_stcore/health", "/_stcore/host-config"):
        found = status(port, "GET", path, Origin="http://evil.example")[1]
        assert found.get("Access-Control-Allow-Origin") is None
