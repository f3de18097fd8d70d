"""Fifty open sessions look at live runs: each is answered, with its own run, and they cost little memory."""

import asyncio
import re

import pytest

from engine import Workbench
from tests.pages.chromium import process_of
from tests.pages.conftest import CHURN, SAMPLES, unstarted
from tests.pages.protocol import memory, open_files, run, session

pytestmark = pytest.mark.slow
SESSIONS = 50
TICKS = 2  # of the part that draws itself again and again


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """A workspace with a live run for each session, and their ids."""
    root = tmp_path_factory.mktemp("live") / "workspace"
    with unstarted():
        bench = Workbench.open(root)
        bench.datasets.add("churn", SAMPLES / "churn.csv")
        return root, [bench.run(CHURN).id for _ in range(SESSIONS)]


async def looking(address, mine, everybody):
    """Look at a live run as an open page does; return what its parts drew, and how many seconds each took."""
    async with session(address) as page:
        await page.ask(page="runs", run=mine)
        await everybody.wait()
        told, seconds = "", []
        for _ in range(TICKS):
            for fragment in list(page.timers):
                seconds.append(await page.ask(fragment))
                told += " ".join(page.texts)
        return told, seconds


async def all_looking(address, pid, ids):
    """Return what each session was told, how long each part took, and the files that are open then."""
    everybody = asyncio.Barrier(SESSIONS)
    found = await asyncio.gather(*[looking(address, one, everybody) for one in ids])
    return [told for told, _ in found], [one for _, each in found for one in each], open_files(pid)


def test_each_of_fifty_sessions_sees_its_own_run(live, record_property):
    root, ids = live
    with process_of(root) as (address, pid):
        told, seconds, files = run(all_looking(address, pid, ids))
        most = memory(pid)[1]
    known = re.compile("|".join(ids))
    assert [set(known.findall(one)) for one in told] == [{one} for one in ids]
    assert len(seconds) >= SESSIONS * TICKS
    assert most < 2 * 10**9
    assert files.count("records.db") <= SESSIONS
    record_property("seconds at 95 %", sorted(seconds)[int(len(seconds) * 0.95)])
    record_property("memory", most)
