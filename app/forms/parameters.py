"""The form of an operator's parameters, drawn from what the catalogue says of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.forms.form import FormResult, schema_form
from app.forms.sheet import Around, Column
from app.session import read_only, workbench


def operator_form(
    kind: str,
    values: Mapping[str, Any],
    *,
    key: str,
    columns: Mapping[str, Sequence[Column] | None] | None = None,
    problems: Sequence[Mapping[str, Any]] = (),
    datasets: Sequence[str] | None = None,
    models: Sequence[str] | None = None,
    in_form: bool = False,
) -> FormResult:
    """Draw the parameters of the operator `kind` and return what they then are.

    Args:
        kind: Registry name.
        values: The node's `with`; what is left out is at its default.
        key: Names the form in this session, such as `draft.node`.
        columns: The columns `{"name", "type"}` at each input port; None where they are not known.
        problems: What `bench.check` says of this node.
        datasets: Names that a picker offers; those of the workspace when None.
        models: Names that a picker offers; those of the workspace when None.
        in_form: It stands inside `st.form`.

    Nothing can be changed where the workbench only shows.

    Raises:
        UnknownOperatorError: There is no such operator.
    """
    bench = workbench()
    shown = bench.operators.show(kind)

    def names(wanted: str) -> Sequence[str]:
        if wanted == "dataset":
            return [entry["name"] for entry in bench.datasets.list()] if datasets is None else datasets
        return sorted({entry["name"] for entry in bench.models.list()}) if models is None else models

    return schema_form(
        shown["schema"],
        values,
        key=key,
        problems=problems,
        examine=lambda out: bench.operators.check(kind, out),
        around=Around(
            columns,
            ports=[port["name"] for port in shown["inputs"] if port["type"] == "Table"],
            names=names,
            in_form=in_form,
            disabled=read_only(),
        ),
    )
