"""How to call a service from outside: curl, Python, JavaScript."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.services.trying import fields_of
from app.session import workbench
from app.text import t

Service = Mapping[str, Any]
Row = Mapping[str, Any]


def draw_call(service: Service) -> None:
    """Draw the snippets, with a row that fits, and the other addresses of the service."""
    if not service["url"]:
        st.info(t("services.no_url"), icon=":material/link_off:")
        return
    row = {field["name"]: next(iter(field["top"] or field["examples"]), None) for field in fields_of(service)}
    for title, language, text in snippets(service, row, str(workbench().workspace.root)):
        st.markdown(f"**{title}**")
        st.code(text, language=language, wrap_lines=True)
    st.markdown(f"**{t('services.addresses')}**")
    url = service["url"]
    st.code("\n".join(f"{method} {url}{path}" for method, path in ADDRESSES), language=None)
    st.caption(t("services.about_addresses"))


ADDRESSES = (
    ("POST", "/predict"),
    ("POST", "/invocations"),
    ("GET", "/health"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
)


def snippets(service: Service, row: Row, workspace: str) -> Sequence[tuple[str, str, str]]:
    """Return ways to call a service, each as its title, the language of the code, and the code."""
    url = f"{service['url']}/predict"
    body = json.dumps({"rows": [row]}, ensure_ascii=False)
    quoted = body.replace("'", "'\\''")
    return (
        ("curl", "shell", f"curl {url} -H 'content-type: application/json' -d '{quoted}'"),
        ("Python", "python", _python(url, row)),
        ("JavaScript", "javascript", _javascript(url, body)),
        ("Python · Workbench", "python", _workbench(service["name"], row, workspace)),
    )


def _python(url: str, row: Row) -> str:
    return f"""import json
import urllib.request

body = json.dumps({{"rows": [{dict(row)!r}]}}).encode()
request = urllib.request.Request({url!r}, body, {{"content-type": "application/json"}})
with urllib.request.urlopen(request) as response:
    print(json.load(response)["predictions"])"""


def _javascript(url: str, body: str) -> str:
    return f"""const response = await fetch({json.dumps(url)}, {{
  method: "POST",
  headers: {{ "content-type": "application/json" }},
  body: JSON.stringify({body}),
}});
console.log((await response.json()).predictions);"""


def _workbench(name: str, row: Row, workspace: str) -> str:
    return f"""from engine import Workbench

bench = Workbench.open({workspace!r})
print(bench.services.predict({name!r}, [{dict(row)!r}])["predictions"])"""
