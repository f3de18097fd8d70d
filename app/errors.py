"""How an error looks on a screen: one sentence and what to do, never a traceback."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app.sentences import in_words
from app.text import plain, t
from engine.errors import EngineError
from operators.contract.errors import OperatorError
from resources.errors import ResourceError

KNOWN = (EngineError, OperatorError, ResourceError)
_KEPT, _UPLOADS = re.compile(r"\b[0-9a-f]{32}\.[a-z]+\b"), 1000


@contextmanager
def shown(*, stop: bool = True) -> Iterator[None]:
    """Draw an error of the block in place of what it would have drawn.

    Args:
        stop: Draw nothing more of the page after an error.
    """
    try:
        yield
    except KNOWN as error:
        draw_error(error)
        if stop:
            st.stop()


def name_upload(kept: str, label: str) -> None:
    """Call a file that came from a browser by its own name in errors, not by the one under which it is kept."""
    names = _names()
    names[kept] = label
    if len(names) > _UPLOADS:
        del names[next(iter(names))]


@st.cache_resource(show_spinner=False)
def _names() -> dict[str, str]:
    return {}


def _theirs(sentence: str) -> str:
    return _KEPT.sub(lambda found: _names().get(found[0], found[0]), sentence)


def draw_error(error: Exception) -> None:
    """Draw the sentence and the hint of an error."""
    hint = in_words(_theirs(str(getattr(error, "hint", ""))))
    known = isinstance(error, KNOWN)
    sentence = plain(in_words(_theirs(str(error)))) if known else t("error.unexpected", kind=type(error).__name__)
    st.error(f"{sentence}  \n{plain(hint)}" if hint else sentence, icon=":material/error:")
