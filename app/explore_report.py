"""A profile as one HTML file: every text escaped, nothing fetched from anywhere, readable on paper and in the dark."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from app.findings import finding_text, step_text
from app.previews import clipped, short
from app.session import language
from app.text import t, word

Profile = Mapping[str, Any]

_MOST = 2000
_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8886; vertical-align: top; }
td { overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.warning { color: #b35900; } .error { color: #c92a2a; } .info { color: #868e96; }
.fix { opacity: .7; display: block; }
svg { display: block; } rect { fill: #1971c2; }
"""


def report_of(ref: str, profile: Profile) -> str:
    """Return the report of a profile, in the language of this session.

    Args:
        ref: The dataset, as `name@version`.
        profile: As `bench.datasets.profile` gives it.
    """
    counts = {"rows": f"{profile['rows']:,}", "columns": f"{len(profile['columns']):,}"}
    counts |= {"duplicates": f"{profile['duplicate_rows']:,}"}
    columns = profile["columns"][:_MOST]
    title = t("report.title", name=ref)
    parts = [
        f"<!doctype html><html lang='{escape(language())}'><head><meta charset='utf-8'>",
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>",
        f"<p>{escape(t('explore.head', **counts))}</p>",
        _findings(profile["warnings"]),
        f"<h2>{escape(t('explore.columns'))}</h2>",
        _table(
            [t(f"explore.{key}") for key in ("column", "type", "missing", "distinct", "min", "mean", "max", "top")]
            + [t("explore.histogram")],
            [_row(column, profile["rows"]) for column in columns],
        ),
        _pairs((profile.get("associations") or {}).get("pairs") or []),
        "</body></html>",
    ]
    return "\n".join(parts)


def _findings(findings: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for finding in findings[:_MOST]:
        fix = finding.get("fix")
        mended = f"<span class='fix'>{escape(t('finding.fix', step=step_text(fix)))}</span>" if fix else ""
        lines.append(f"<li class='{escape(finding['severity'])}'>{escape(finding_text(finding))}{mended}</li>")
    return f"<ul>{''.join(lines)}</ul>" if lines else f"<p>{escape(t('explore.calm'))}</p>"


def _row(column: Mapping[str, Any], rows: int) -> list[str]:
    missing = f"{column['missing'] / rows:.1%}" if rows else ""
    ends = ["" if column[key] is None else clipped(str(short(column[key])), 60) for key in ("min", "mean", "max")]
    top = ", ".join(f"{clipped(str(value), 40)} ({count})" for value, count in (column["top"] or [])[:5])
    told = (clipped(column["name"], 200), word("type", column["type"]), missing, f"{column['distinct']:,}", *ends, top)
    return [*map(escape, told), _bars(column)]


def _bars(column: Mapping[str, Any]) -> str:
    counts = column["histogram"]["counts"] if column["histogram"] else [count for _, count in column["top"] or []]
    if not counts:
        return ""
    highest = max(counts) or 1
    bars = [
        f"<rect x='{place * 6}' y='{28 - 28 * count / highest:.1f}' width='5' height='{28 * count / highest:.1f}'/>"
        for place, count in enumerate(counts)
    ]
    return f"<svg width='{6 * len(counts)}' height='28' role='img'>{''.join(bars)}</svg>"


def _pairs(pairs: Sequence[Mapping[str, Any]]) -> str:
    if not pairs:
        return ""
    rows = [
        [*map(escape, (clipped(pair["a"], 200), clipped(pair["b"], 200), f"{pair['value']:.2f}")),
         escape(t(f"measure.{pair['measure']}"))]
        for pair in pairs
    ]  # fmt: skip
    labels = [t(f"explore.{key}") for key in ("one", "other", "strength", "measure")]
    return f"<h2>{escape(t('explore.together'))}</h2>{_table(labels, rows)}"


def _table(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; the cells are HTML already."""
    head = "".join(f"<th>{escape(label)}</th>" for label in labels)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
