"""How a file would be read, on a screen: what was sniffed, what may be changed, and the rows that come of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from app.errors import KNOWN, draw_error
from app.findings import draw_findings
from app.pickers import pick
from app.previews import badge, clipped, few_columns, fitted, rows_of
from app.read_as import draw_columns, suggested_numbers
from app.sentences import in_words
from app.session import notes, workbench
from app.text import plain, t
from engine.errors import DataError

Options = dict[str, Any]
Found = Mapping[str, Any]

DELIMITERS = (",", ";", "\t", "|", " ", ":")
ENCODINGS = ("utf-8", "gb18030", "gbk", "big5", "utf-16", "latin-1", "cp1252", "shift_jis")
QUOTES = ('"', "'", "")
_TYPED = ("csv", "xlsx")
_LOUD = ("warning", "error")


@dataclass(frozen=True)
class Looked:
    """How a file is read with `options`: what the engine found, or its `error`; no columns where it cannot be read."""

    options: Options
    found: Found

    @property
    def columns(self) -> list[str]:
        """The names of the columns it then has."""
        return [] if self.found["error"] else [column["name"] for column in self.found["columns"]]


def draw_reading(path: Path, key: str) -> Looked:
    """Draw how a file would be read, with what may be changed.

    Where a change makes it unreadable, the error stands above the rows as they were read before.

    Args:
        path: The file, under our own name.
        key: Begins the keys of the widgets.

    Raises:
        UnreadableFileError: It is no table, whatever the options.
    """
    with st.spinner(t("reading.looking")):
        sniffed = _asked(str(path), "{}")["sniffed"]
    looked = _chosen(path, sniffed, key)
    found, before = looked.found, notes("reading")
    if found["error"] is None:
        before[key] = looked.options
        _draw_rows(found, key)
    else:
        draw_error(DataError(found["error"]["sentence"], hint=found["error"]["hint"]))
        last = _peeked(path, before.get(key, {}))
        if last["error"] is None:
            st.caption(t("reading.before"))
            _draw_rows(last, key)
    if found["lines"]:
        with st.expander(t("reading.lines"), key=f"{key}.lines"):
            st.code("\n".join(found["lines"]), language=None)
    return looked


def state_of(looked: Looked | None) -> str:
    """Return in badges whether a file can be read, how many rows and columns it has, and what is worth a look."""
    if looked is None or looked.found["error"]:
        return badge(t("reading.unreadable"), "red")
    found = looked.found
    counts = {"rows": f"{found['read']:,}", "columns": f"{len(found['columns']):,}"}
    badges = [badge(t("reading.state", **counts) if found["whole"] else t("reading.state_begun", **counts))]
    if found["rejected"]:
        badges.append(badge(t("reading.rejected", count=f"{found['rejected']:,}"), "orange"))
    if noticed := sum(finding["severity"] in _LOUD for finding in found["findings"]):
        badges.append(badge(t("reading.findings", count=noticed), "orange"))
    return " ".join(badges)


def _chosen(path: Path, sniffed: Found, key: str) -> Looked:
    """Draw what may be changed, and return how the file is read with it."""
    options = _options(path, sniffed, key)
    found = _peeked(path, options)
    if sniffed["format"] not in _TYPED:
        return Looked(options, found)
    shown = found if found["error"] is None else _peeked(path, notes("reading").get(key, {}))
    numbers = suggested_numbers(shown["findings"], key)
    chosen = draw_columns(shown, key)
    told = {**options, **chosen, "numbers": {**numbers, **chosen.get("numbers", {})}}
    told = {name: value for name, value in told.items() if value != {}}
    return Looked(told, found if told == options else _peeked(path, told))


@st.cache_data(show_spinner=False, max_entries=200)
def _asked(path: str, options: str) -> dict[str, Any]:
    return workbench().datasets.peek(path, **json.loads(options))


def _peeked(path: Path, options: Options) -> dict[str, Any]:
    """Return how a file would be read; with options that contradict each other, as with none, but with the error."""
    try:
        return _asked(str(path), json.dumps(options, sort_keys=True))
    except KNOWN as error:
        if not options:
            raise
        hint = getattr(error, "hint", "")
        return {**_asked(str(path), "{}"), "error": {"sentence": str(error), "hint": hint}}


def _options(path: Path, sniffed: Found, key: str) -> Options:
    """Draw what may be changed about a file of this kind, and return what differs from what was sniffed."""
    if sniffed["format"] == "jsonl":
        return _changed(_lines_options(sniffed, key), sniffed)
    if sniffed["format"] not in _TYPED:
        return {}
    is_text = sniffed["format"] == "csv"
    chosen = _changed((_text_options if is_text else _sheet_options)(sniffed, key), sniffed)
    seen = _peeked(path, chosen)["sniffed"]
    chosen |= _changed(_place_options(seen, key), seen)
    with st.expander(t("reading.more"), key=f"{key}.more"):
        return {**chosen, **_value_options(key, marks=is_text)}


def _changed(chosen: Options, sniffed: Found) -> Options:
    return {name: value for name, value in chosen.items() if value is not None and value != sniffed.get(name)}


def _text_options(sniffed: Found, key: str) -> Options:
    columns = st.columns(3, vertical_alignment="bottom")
    chosen: Options = {"encoding": _encoding(columns[0], sniffed, key)}
    delimiters = list(dict.fromkeys([sniffed.get("delimiter") or ",", *DELIMITERS]))
    with columns[1]:
        chosen["delimiter"] = pick(t("reading.delimiter"), _signs(delimiters), f"{key}.delimiter", typed=True)
    quotes = list(dict.fromkeys([sniffed.get("quote") or '"', *QUOTES]))
    with columns[2]:
        chosen["quote"] = pick(t("reading.quote"), _signs(quotes), f"{key}.quote")
    return chosen


def _sheet_options(sniffed: Found, key: str) -> Options:
    sheets = list(sniffed.get("sheets") or [])
    first = sniffed.get("sheet") if sniffed.get("sheet") in sheets else next(iter(sheets), None)
    return {"sheet": pick(t("reading.sheet"), {one: clipped(one) for one in sheets}, f"{key}.sheet", first=first)}


def _place_options(sniffed: Found, key: str) -> Options:
    """Draw where the table begins and ends in the file, and return what differs from what was sniffed."""
    columns = st.columns(3, vertical_alignment="bottom")
    with columns[0]:
        header = st.toggle(t("reading.header"), sniffed.get("header", True), key=f"{key}.header")
    top = int(sniffed.get("skipped_lines") or 0)
    name = "header_row" if header else "first_row"
    first = columns[1].number_input(t(f"reading.{name}"), min_value=1, value=top + 1, key=f"{key}.{top}.{name}")
    last = columns[2].number_input(
        t("reading.skip_last"), min_value=0, value=0, help=t("reading.skip_last_help"), key=f"{key}.skip_last"
    )
    chosen: Options = {"header": header, "skip_last": int(last) or None}
    if first != top + 1:
        chosen["header_row" if header else "skip_rows"] = int(first) if header else int(first) - 1
    return chosen


def _lines_options(sniffed: Found, key: str) -> Options:
    return {"encoding": _encoding(st.columns(4)[0], sniffed, key)}


def _encoding(place: Any, sniffed: Found, key: str) -> Any:
    told = sniffed.get("encoding")
    encodings = list(dict.fromkeys([told, *ENCODINGS] if told else ENCODINGS))
    return pick(
        t("reading.encoding"),
        {one: one for one in encodings},
        f"{key}.encoding",
        first=told or None,
        typed=True,
        place=place,
        placeholder=t("reading.choose"),
    )


def _value_options(key: str, *, marks: bool) -> Options:
    """Draw how numbers, dates and gaps are written, and return what was chosen."""
    chosen: Options = {}
    columns = st.columns(4, vertical_alignment="bottom")
    if marks:
        chosen["decimal"] = pick(t("reading.decimal"), {".": ".", ",": ","}, f"{key}.decimal", place=columns[0])
        marks_of = _signs(["", ",", ".", " ", "'"])
        chosen["thousands"] = pick(t("reading.thousands"), marks_of, f"{key}.thousands", place=columns[1]) or None
    orders = {"": None, "day": True, "month": False}
    told = {one: t(f"reading.dates_{one or 'told'}") for one in orders}
    order = pick(t("reading.dates"), told, f"{key}.dates", place=columns[2])
    chosen["day_first"] = orders[str(order)]
    words = columns[3].text_input(
        t("reading.gaps"), placeholder="NA, N/A, null, -", help=t("reading.gaps_help"), key=f"{key}.gaps"
    )
    if words.strip():
        chosen["null_words"] = [part.strip() for part in words.split(",") if part.strip()]
    return {name: value for name, value in chosen.items() if value is not None and (name, value) != ("decimal", ".")}


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


def _signs(signs: Sequence[str]) -> dict[str, str]:
    """Return what signs are called, by the sign."""
    return {sign: _sign(sign) for sign in signs}


def _sign(sign: str | None) -> str:
    """Return the name of a sign that cannot be seen."""
    names = {"\t": t("reading.tab"), " ": t("reading.space"), None: t("reading.none"), "": t("reading.none")}
    return names.get(sign, str(sign))
