"""Where the trouble lies, in one sentence: in the schema, in the data, in the model, or nowhere."""

from collections.abc import Mapping, Sequence

from engine.monitoring.values import ColumnReport, Diagnosis, Finding

_SCHEMA = {"missing_column", "type_change"}
_FINDINGS = 3
_NAMES = 5


def diagnose(columns: Sequence[ColumnReport], quality: Sequence[Finding], nodes: Mapping[str, str]) -> Diagnosis:
    """Return the first stage at which the rows differ from the reference.

    A broken schema explains drifting data, and drifting data explains drifting predictions;
    predictions that drift alone point at the model.

    Args:
        columns: All columns, drifted ones first, the largest effect leading.
        quality: Findings, the gravest first.
        nodes: The node of the pipeline that reads a column first, by name of the column, as far as known.
    """
    grave = [finding for finding in quality if finding.severity != "info"]
    if broken := [finding for finding in grave if finding.kind in _SCHEMA]:
        return Diagnosis(stage="schema", node=_node(broken[0].column, nodes), sentence=_joined(broken))
    drifted = [column for column in columns if column.drifted]
    features = [column for column in drifted if column.role == "feature"]
    if grave:
        sentence = _joined(grave) + (f" {_named(features)}" if features else "")
        return Diagnosis(stage="data", node=_node(grave[0].column, nodes), sentence=sentence)
    if features:
        also = " The predictions moved with it." if len(drifted) > len(features) else ""
        return Diagnosis(stage="data", node=_node(features[0].name, nodes), sentence=f"{_named(features)}{also}")
    if drifted:
        sentence = f"The predictions drifted although no column did. {drifted[0].sentence}"
        return Diagnosis(stage="model", sentence=sentence)
    return Diagnosis(stage="none", sentence=_quiet(columns, quality))


def _quiet(columns: Sequence[ColumnReport], quality: Sequence[Finding]) -> str:
    few = [finding for finding in quality if finding.kind == "too_few_rows"]
    if few:
        return few[0].sentence
    slight = [column.name for column in columns if column.verdict == "negligible"]
    if slight:
        return f"Differences are detectable but negligible in {_listed(slight)}; nothing drifted."
    return "Nothing drifted."


def _named(features: Sequence[ColumnReport]) -> str:
    names = [column.name for column in features]
    if len(names) == 1:
        return features[0].sentence
    return f"{len(names)} columns drifted: {_listed(names)}. {features[0].sentence}"


def _joined(findings: Sequence[Finding]) -> str:
    more = f" {len(findings) - _FINDINGS} more faults follow." if len(findings) > _FINDINGS else ""
    return " ".join(finding.sentence for finding in findings[:_FINDINGS]) + more


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:_NAMES])
    return f"{shown} and {len(names) - _NAMES} more" if len(names) > _NAMES else shown


def _node(column: str | None, nodes: Mapping[str, str]) -> str | None:
    return nodes.get(column) if column else None
