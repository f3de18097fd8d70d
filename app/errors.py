"""How an error looks on a screen: one sentence and what to do, never a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app.sentences import in_words
from app.text import plain, t
from engine.errors import EngineError
from operators.errors import OperatorError
from resources.errors import ResourceError

KNOWN = (EngineError, OperatorError, ResourceError)


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


def draw_error(error: Exception) -> None:
    """Draw the sentence and the hint of an error."""
    hint = in_words(str(getattr(error, "hint", "")))
    sentence = (
        plain(in_words(str(error))) if isinstance(error, KNOWN) else t("error.unexpected", kind=type(error).__name__)
    )
    st.error(f"{sentence}  \n{plain(hint)}" if hint else sentence, icon=":material/error:")
