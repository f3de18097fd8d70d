"""Work of a second or more that a page starts and only watches; a closed tab does not stop it."""

import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from app.errors import draw_error
from app.session import started, watch
from app.text import t

Done = Callable[[Any], None]


@dataclass
class _Office:
    """The work of this process by id, and the threads that do it."""

    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, "work"))
    futures: dict[str, Future[Any]] = field(default_factory=dict)


@st.cache_resource(show_spinner=False)
def _office() -> _Office:
    return _Office()


def begin(kind: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """Start `function` unless this session's last work of that kind still goes on."""
    if busy(kind):
        return
    forget(kind)
    identity = secrets.token_hex(8)
    _office().futures[identity] = _office().threads.submit(function, *arguments, **options)
    watch(kind, identity)


def busy(kind: str) -> bool:
    """Return whether work of this kind, started in this session, still goes on."""
    future = _future(kind)
    return future is not None and not future.done()


def followed(kind: str, sentence: str, done: Done) -> None:
    """Draw the state of the work of this kind: `sentence` while it goes on, `done(result)` when it is done.

    An error is drawn as its sentence; both stay until work of that kind starts again.
    """
    future = _future(kind)
    if future is None:
        return
    if not future.done():
        _waiting(kind, sentence)
    elif (error := future.exception()) is not None:
        draw_error(error if isinstance(error, Exception) else RuntimeError())
    else:
        done(future.result())


def forget(kind: str) -> None:
    """Draw nothing more of the last work of this kind."""
    _office().futures.pop(started(kind) or "", None)
    watch(kind, None)


@st.fragment(run_every=0.5)
def _waiting(kind: str, sentence: str) -> None:
    if busy(kind):
        st.status(sentence, state="running")
        st.caption(t("work.goes_on"))
    else:
        st.rerun()


def _future(kind: str) -> Future[Any] | None:
    return _office().futures.get(started(kind) or "")
