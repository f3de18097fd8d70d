"""A session with the screens as a browser has one, without a browser: what Streamlit sends and is sent."""

import asyncio
import contextlib
import http.client
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Session:
    """One open page: `id` is that of the session, `texts` what the last run drew, `timers` its parts that ask anew."""

    def __init__(self, socket):
        self.socket, self.id, self.texts, self.timers, self.page = socket, "", [], {}, ""

    async def ask(self, fragment="", **query):
        """Ask for a run, wait for its end and return how many seconds it took."""
        message = BackMsg()
        message.rerun_script.query_string = urlencode(query)
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.page_name = "" if self.page else query.pop("page", "")
        message.rerun_script.query_string = urlencode(query)
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = bool(fragment)
        begun = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        self.texts = []
        while True:
            got = ForwardMsg.FromString(await self.socket.recv())
            self._note(got)
            if got.WhichOneof("type") == "script_finished":
                assert got.script_finished in DONE or got.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
                if got.script_finished in DONE:
                    return time.perf_counter() - begun

    def _note(self, got):
        kind = got.WhichOneof("type")
        if kind == "new_session":
            self.id, self.page = got.new_session.initialize.session_id or self.id, got.new_session.page_script_hash
        elif kind == "auto_rerun":
            self.timers[got.auto_rerun.fragment_id] = got.auto_rerun.interval
        elif kind == "delta":
            self.texts.append(str(got.delta))


@contextlib.asynccontextmanager
async def session(address, before=""):
    """Open a session; with the id of one `before` whose connection was lost, go on with that."""
    protocols = ["streamlit", token_of(address), *([before] if before else [])]
    url = f"ws://{urlsplit(address).netloc}/_stcore/stream"
    async with websockets.connect(url, origin=address, subprotocols=protocols, max_size=2**28) as socket:
        yield Session(socket)


def token_of(address):
    """Return the token that the screens want with each upload."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request("GET", "/_stcore/health")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]


def memory(pid):
    """Return the resident memory of a process and the most it ever had, bytes."""
    lines = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith(("VmRSS", "VmHWM"))
    )
    return tuple(int(lines[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))


def open_files(pid):
    """Return the names of the files that a process has open; one that is removed is called `(deleted)` at its end."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            found.append(link.readlink().name)
    return found


def run(play):
    """Run what a test does with sessions to its end."""
    return asyncio.run(play)
