"""How a file would be read, on a screen: what was sniffed, what may be changed, and the rows that come of it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app.errors import draw_error
from app.findings import draw_findings
from app.previews import badge, clipped, few_columns, fitted, rows_of, table_of
from app.sentences import in_words
from app.session import workbench
from app.text import plain, t, word
from engine.errors import DataError

Options = dict[str, Any]
Found = Mapping[str, Any]

DELIMITERS = (",", ";", "\t", "|", " ", ":")
ENCODINGS = ("utf-8", "gb18030", "gbk", "big5", "utf-16", "latin-1", "cp1252", "shift_jis")
TYPES = ("string", "int64", "float64", "boolean", "date", "datetime")
QUOTES = ('"', "'", "")
_TYPED = ("csv", "xlsx")
_EDITED = 300


def draw_reading(path: Path, key: str) -> tuple[Options, list[str]]:
    """Draw how a file would be read, with what may be changed; return what was changed, and the columns it then has.

    There are no columns where it cannot be read so.

    Args:
        path: The file, under our own name.
        key: Begins the keys of the widgets.

    Raises:
        UnreadableFileError: It is no table, whatever the options.
    """
    with st.spinner(t("reading.looking")):
        sniffed = _peeked(path, {})["sniffed"]
    options = _options(sniffed, key)
    found = _peeked(path, options)
    if found["error"] is None and sniffed["format"] in _TYPED:
        types = _types(found, key)
        if types:
            options, found = {**options, "types": types}, _peeked(path, {**options, "types": types})
    if found["error"] is not None:
        draw_error(DataError(found["error"]["sentence"], hint=found["error"]["hint"]))
    else:
        _draw_rows(found, key)
    if found["lines"]:
        with st.expander(t("reading.lines"), key=f"{key}.lines"):
            st.code("\n".join(found["lines"]), language=None)
    return options, [column["name"] for column in found["columns"]]


@st.cache_data(show_spinner=False, max_entries=200)
def _asked(path: str, options: str) -> dict[str, Any]:
    return workbench().datasets.peek(path, **json.loads(options))


def _peeked(path: Path, options: Options) -> dict[str, Any]:
    return _asked(str(path), json.dumps(options, sort_keys=True))


def _options(sniffed: Found, key: str) -> Options:
    """Draw what may be changed about a file of this kind, and return what differs from what was sniffed."""
    chosen = _OPTIONS[sniffed["format"]](sniffed, key) if sniffed["format"] in _OPTIONS else {}
    return {name: value for name, value in chosen.items() if value is not None and value != sniffed.get(name)}


def _text_options(sniffed: Found, key: str) -> Options:
    columns = st.columns(4, vertical_alignment="bottom")
    chosen: Options = {"encoding": _encoding(columns[0], sniffed, key)}
    delimiters = list(dict.fromkeys([sniffed.get("delimiter") or ",", *DELIMITERS]))
    with columns[1]:
        chosen["delimiter"] = st.selectbox(
            t("reading.delimiter"), delimiters, format_func=_sign, key=f"{key}.delimiter", accept_new_options=True
        )
    quotes = list(dict.fromkeys([sniffed.get("quote") or '"', *QUOTES]))
    with columns[2]:
        chosen["quote"] = st.selectbox(t("reading.quote"), quotes, format_func=_sign, key=f"{key}.quote")
    with columns[3]:
        chosen["header"] = st.toggle(t("reading.header"), sniffed.get("header", True), key=f"{key}.header")
    with st.expander(t("reading.more"), key=f"{key}.more"):
        return {**chosen, **_value_options(key, marks=True)}


def _sheet_options(sniffed: Found, key: str) -> Options:
    columns = st.columns([3, 1], vertical_alignment="bottom")
    chosen: Options = {}
    with columns[0]:
        sheets = list(sniffed.get("sheets") or [])
        chosen["sheet"] = st.selectbox(t("reading.sheet"), sheets, format_func=clipped, key=f"{key}.sheet")
    with columns[1]:
        chosen["header"] = st.toggle(t("reading.header"), sniffed.get("header", True), key=f"{key}.header")
    with st.expander(t("reading.more"), key=f"{key}.more"):
        return {**chosen, **_value_options(key, marks=False)}


def _lines_options(sniffed: Found, key: str) -> Options:
    return {"encoding": _encoding(st.columns(4)[0], sniffed, key)}


_OPTIONS = {"csv": _text_options, "xlsx": _sheet_options, "jsonl": _lines_options}


def _encoding(place: Any, sniffed: Found, key: str) -> Any:
    told = sniffed.get("encoding")
    encodings = list(dict.fromkeys([told, *ENCODINGS] if told else ENCODINGS))
    return place.selectbox(
        t("reading.encoding"),
        encodings,
        index=0 if told else None,
        placeholder=t("reading.choose"),
        accept_new_options=True,
        key=f"{key}.encoding",
    )


def _value_options(key: str, *, marks: bool) -> Options:
    """Draw how numbers, dates and gaps are written, and return what was chosen."""
    chosen: Options = {}
    columns = st.columns(4, vertical_alignment="bottom")
    if marks:
        chosen["decimal"] = columns[0].selectbox(t("reading.decimal"), [".", ","], key=f"{key}.decimal")
        chosen["thousands"] = columns[1].selectbox(
            t("reading.thousands"), [None, ",", ".", " ", "'"], format_func=_sign, key=f"{key}.thousands"
        )
    orders = {"": None, "day": True, "month": False}
    order = columns[2].selectbox(
        t("reading.dates"), list(orders), format_func=lambda o: t(f"reading.dates_{o or 'told'}"), key=f"{key}.dates"
    )
    chosen["day_first"] = orders[str(order)]
    words = columns[3].text_input(
        t("reading.gaps"), placeholder="NA, N/A, null, -", help=t("reading.gaps_help"), key=f"{key}.gaps"
    )
    if words.strip():
        chosen["null_words"] = [part.strip() for part in words.split(",") if part.strip()]
    return {name: value for name, value in chosen.items() if (name, value) != ("decimal", ".")}


def _types(found: Found, key: str) -> dict[str, str]:
    """Draw the columns with their types, and return the types that were chosen, by name of the column."""
    columns = found["columns"][:_EDITED]
    with st.expander(t("reading.columns", count=f"{len(found['columns']):,}"), key=f"{key}.columns"):
        if badges := few_columns(len(found["columns"]), _EDITED):
            st.markdown(" ".join(badges))
        rows = [
            (clipped(column["name"]), word("type", column["type"]), _examples(found, place), None)
            for place, column in enumerate(columns)
        ]
        labels = [t(f"reading.{name}") for name in ("column", "type", "examples", "read_as")]
        config = {
            labels[-1]: st.column_config.SelectboxColumn(
                options=list(TYPES), format_func=lambda name: word("type", name), help=t("reading.read_as_help")
            )
        }
        edited = st.data_editor(
            table_of(labels, rows), hide_index=True, disabled=labels[:-1], column_config=config, key=f"{key}.types"
        )
    chosen = edited[labels[-1]].to_list()
    return {column["name"]: name for column, name in zip(columns, chosen, strict=True) if name}


def _examples(found: Found, place: int) -> str:
    seen = dict.fromkeys(str(row[place]) for row in found["rows"][:30] if row[place] is not None)
    return clipped(", ".join(clipped(text, 40) for text in list(seen)[:4]))


def _draw_rows(found: Found, key: str) -> None:
    counts = {"rows": f"{found['read']:,}", "columns": f"{len(found['columns']):,}"}
    badges = [badge(t("reading.whole", **counts) if found["whole"] else t("reading.beginning", **counts))]
    if found["rejected"]:
        badges.append(badge(t("reading.rejected", count=f"{found['rejected']:,}"), "orange"))
    st.markdown(" ".join([*badges, *few_columns(len(found["columns"]))]))
    if len(found["columns"]) == 1 and found["sniffed"]["format"] == "csv":
        st.warning(t("reading.one_column"), icon=":material/warning:")
    shown = fitted({"columns": found["columns"], "rows": found["rows"][:50]})
    st.dataframe(rows_of(shown), hide_index=True, placeholder="–", height=240, key=f"{key}.rows", alt=t("view.preview"))
    draw_findings([finding for finding in found["findings"] if finding["kind"] != "one_column"], key)
    if found["rejects"]:
        _draw_rejects(found["rejects"], key)


def _draw_rejects(rejects: Sequence[Sequence[Any]], key: str) -> None:
    with st.expander(t("reading.some_rejects"), key=f"{key}.rejects"):
        for line, _, reason, raw in rejects[:5]:
            st.markdown(t("reading.reject", line=line, reason=plain(clipped(in_words(str(reason))))))
            st.code(clipped(str(raw), 300), language=None)


def _sign(sign: str | None) -> str:
    """Return the name of a sign that cannot be seen."""
    names = {"\t": t("reading.tab"), " ": t("reading.space"), None: t("reading.none"), "": t("reading.none")}
    return names.get(sign, str(sign))
