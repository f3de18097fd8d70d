"""What each project has used in the last month."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.previews import draw_table, table_of
from app.text import t


def draw_accounts(accounts: Sequence[Mapping[str, Any]]) -> None:
    """Draw runs and hours by project; nothing where nobody has used anything."""
    if not accounts:
        return
    with st.expander(t("resources.accounts"), icon=":material/account_balance_wallet:"):
        keys = ("project", "runs", "attempts", "cpu_hours", "gpu_hours")
        rows = [
            (one["project"], one["runs"], one["attempts"], round(one["cpu_hours"], 3), round(one["gpu_hours"], 3))
            for one in accounts
        ]
        draw_table(table_of([t(f"resources.{key}") for key in keys], rows), "accounts")
