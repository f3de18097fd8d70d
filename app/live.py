"""Parts of a page that draw themselves again and again, and how one of them has the whole page drawn anew.

Streamlit forgets what was pressed where `st.rerun` is called before the button was drawn: a press that comes with the
tick that sees a change would do nothing. So a part is drawn to its end first, when its buttons have answered; it never
begins the page anew in a run that draws the page, whose buttons are still to come; and what was asked for meanwhile
(another page, a press elsewhere) goes before.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st

from app.session import began, drew, notes


def watched(draw: Callable[..., bool | None], every: float | None, *args: Any, **kwargs: Any) -> None:
    """Draw a part of the page now, and again by itself; the whole page anew once the part says so.

    What stands above a part and comes and goes belongs into a container of its own: Streamlit knows a part by its
    place, and a press in one that has moved meanwhile finds nothing.

    Args:
        draw: Draws the part to its end, and returns whether what stands around it is out of date.
        every: Seconds until it is drawn again; None where it is only when something in it is pressed.
        args: For `draw`.
        kwargs: For `draw`.
    """
    with_page = [True]

    @wraps(draw)
    def part() -> None:
        alone = not with_page[0]
        with_page[0] = False
        noted = alone and every is None  # one that ticks would note its own ends alone, each too near the last
        if noted:
            began()
        if draw(*args, **kwargs) and alone:
            notes("live")  # here a run gives way to what was asked for since it began; `st.rerun` would forget a link
            st.rerun()
        if noted:
            drew()

    st.fragment(part, run_every=every)()
