"""The form of an operator's parameters, drawn from what the catalogue says of it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.forms.form import FormResult, schema_form
from app.forms.sheet import Around, Column
from app.session import read_only, workbench


def operator_form(  # noqa: PLR0913 - each is a part of the form
    kind: str,
    values: Mapping[str, Any],
    *,
    key: str,
    columns: Mapping[str, Sequence[Column] | None] | None = None,
    problems: Sequence[Mapping[str, Any]] = (),
    datasets: Sequence[str] | None = None,
    models: Sequence[str] | None = None,
    in_form: bool = False,
    without: Collection[str] = (),
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
        without: Fields that are not asked for.

    Nothing can be changed where the workbench only shows.

    Raises:
        UnknownOperatorError: There is no such operator.
    """
    bench = workbench()
    shown = bench.operators.show(kind)

    def names(wanted: str) -> Sequence[str]:
        if wanted == "dataset":
            return [entry["name"] for entry in bench.datasets.list()] if datasets is None else datasets
        if wanted == "model_version":
            of_model = [one for one in bench.models.list() if one["name"] == values.get("model")]
            return [" ".join([one["version"], *one["aliases"]]) for one in of_model]
        return sorted({entry["name"] for entry in bench.models.list()}) if models is None else models

    def faults(out: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        found = bench.operators.check(kind, out)
        return [fault for fault in found if str(fault["field"]).partition(".")[0] not in without]

    return schema_form(
        _less(shown["schema"], without),
        values,
        key=key,
        problems=problems,
        examine=faults,
        around=Around(
            columns,
            ports=[port["name"] for port in shown["inputs"] if port["type"] == "Table"],
            names=names,
            in_form=in_form,
            disabled=read_only(),
        ),
    )


def _less(schema: Mapping[str, Any], without: Collection[str]) -> Mapping[str, Any]:
    properties = {name: part for name, part in (schema.get("properties") or {}).items() if name not in without}
    required = [name for name in schema.get("required") or () if name not in without]
    return {**schema, "properties": properties, "required": required} if without else schema
