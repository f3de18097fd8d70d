"""Uploads that break off, come twice or are too large, sent to the screens as a process: nothing half-made stays."""

import asyncio
import http.client
import socket
import time
from urllib.parse import urlsplit

import pytest

from tests.pages.chromium import process_of
from tests.pages.protocol import memory, open_files, run, session, token_of

MEGABYTE = 2**20
MOST = 8  # megabytes, so that what is too large need not be a gigabyte here
BOUNDARY = "xxxxxxxx"
HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'.encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture(scope="module")
def screens(tmp_path_factory):
    """Address and process of screens that take eight megabytes, whose files go into a folder of their own; and that."""
    scratch = tmp_path_factory.mktemp("scratch")
    limits = {"STREAMLIT_SERVER_MAX_UPLOAD_SIZE": str(MOST), "TMPDIR": str(scratch)}
    with process_of(tmp_path_factory.mktemp("uploads"), **limits) as (address, pid):
        yield address, pid, scratch


class Upload:
    """Sends a file to a session as a browser does."""

    def __init__(self, address, to, file="one"):
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        token = token_of(address)
        self.path = f"/_stcore/upload_file/{to}/{file}"
        self.headers = {
            "Cookie": f"_streamlit_xsrf={token}",
            "X-Xsrftoken": token,
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        }

    def whole(self, size):
        """Send a file of so many bytes and return the status of the answer."""
        self.connection.request("PUT", self.path, HEAD + b"x" * size + TAIL, self.headers)
        return self._status()

    def endless(self, most):
        """Send so many megabytes without saying how many, and return the status of the answer."""
        self.connection.putrequest("PUT", self.path)
        for name, value in {**self.headers, "Transfer-Encoding": "chunked"}.items():
            self.connection.putheader(name, value)
        self.connection.endheaders()
        for part in (HEAD, *[b"x" * MEGABYTE] * most):
            self.connection.send(b"%x\r\n%b\r\n" % (len(part), part))
        return self._status()

    def remove(self):
        """Take a file back and return the status of the answer."""
        self.connection.request("DELETE", self.path, headers=self.headers)
        return self._status()

    def half(self, size):
        """Send half of what was announced, and break off."""
        self.connection.request("PUT", self.path, b"", {**self.headers, "Content-Length": str(size)})
        self.connection.send(HEAD + b"x" * (size // 2))
        self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def _status(self):
        answer = self.connection.getresponse()
        answer.read()
        self.connection.close()
        return answer.status


def with_session(address, play):
    """Return what `play(id)` returns, done beside a page that is open, which draws itself after it."""

    async def opened():
        async with session(address) as page:
            await page.ask(page="data")
            found = await asyncio.to_thread(play, page.id)
            await page.ask()
            return found

    return run(opened())


def left(pid, scratch):
    """Return files that an upload left: in the folder, or removed and still held open."""
    return [*scratch.rglob("*"), *[name for name in open_files(pid) if name.endswith("(deleted)")]]


def holds_within(seconds, holds):
    """Return whether something holds before long."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    return holds()


def test_what_breaks_off_leaves_nothing_and_can_be_sent_again(screens):
    address, pid, scratch = screens
    before = len(left(pid, scratch))

    def play(to):
        Upload(address, to).half(6 * MEGABYTE)
        assert holds_within(10, lambda: len(left(pid, scratch)) == before)
        return Upload(address, to).whole(6 * MEGABYTE)

    assert with_session(address, play) == 204


def test_what_comes_twice_is_there_once(screens):
    address, pid, scratch = screens
    before = len(left(pid, scratch))
    assert with_session(address, lambda to: [Upload(address, to).whole(MEGABYTE) for _ in range(3)]) == [204] * 3
    assert holds_within(10, lambda: len(left(pid, scratch)) == before)


def test_what_is_too_large_is_refused_whatever_it_says_of_itself(screens):
    address, pid, scratch = screens
    before, most = len(left(pid, scratch)), memory(pid)[1]
    for send in (lambda upload: upload.whole((MOST + 1) * MEGABYTE), lambda upload: upload.endless(200)):
        assert with_session(address, lambda to, send=send: send(Upload(address, to))) == 413
    assert memory(pid)[1] - most < 100 * MEGABYTE
    assert holds_within(10, lambda: len(left(pid, scratch)) == before)


def test_nothing_is_taken_for_a_page_that_is_not_open(screens):
    assert Upload(screens[0], "no-such-session").whole(1000) == 400


@pytest.mark.slow
def test_three_hundred_megabytes_are_held_once_until_they_are_removed(tmp_path):
    with process_of(tmp_path) as (address, pid):
        with_session(address, lambda to: None)
        before = memory(pid)[0]

        def play(to):
            assert Upload(address, to).whole(300 * MEGABYTE) == 204
            assert Upload(address, to).remove() == 204
            return memory(pid)

        after, most = with_session(address, play)
    assert most - before < 350 * MEGABYTE
    assert after - before < 50 * MEGABYTE
