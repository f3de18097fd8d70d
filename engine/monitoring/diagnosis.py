"""Where the trouble lies, in one sentence: in the schema, in the data, in the model, or nowhere."""

from collections.abc import Mapping, Sequence

from engine.monitoring.values import ColumnReport, Diagnosis, Finding, Told

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
        node = _node(broken[0].column, nodes)
        return Diagnosis(stage="schema", node=node, sentence=_joined(broken), told=_joined_told(broken))
    drifted = [column for column in columns if column.drifted]
    features = [column for column in drifted if column.role == "feature"]
    if grave:
        sentence = _joined(grave) + (f" {_named(features)}" if features else "")
        told = _joined_told(grave) + (_named_told(features) if features else ())
        return Diagnosis(stage="data", node=_node(grave[0].column, nodes), sentence=sentence, told=told)
    if features:
        moved = len(drifted) > len(features)
        sentence = _named(features) + (" The predictions moved with it." if moved else "")
        told = _named_told(features) + ((Told(code="predictions_moved"),) if moved else ())
        return Diagnosis(stage="data", node=_node(features[0].name, nodes), sentence=sentence, told=told)
    if drifted:
        sentence = f"The predictions drifted although no column did. {drifted[0].sentence}"
        return Diagnosis(stage="model", sentence=sentence, told=(Told(code="predictions_alone"), *_own(drifted[0])))
    sentence, told = _quiet(columns, quality)
    return Diagnosis(stage="none", sentence=sentence, told=told)


def _quiet(columns: Sequence[ColumnReport], quality: Sequence[Finding]) -> tuple[str, tuple[Told, ...]]:
    few = [finding for finding in quality if finding.kind == "too_few_rows"]
    if few:
        return few[0].sentence, _own(few[0])
    later = [column.name for column in columns if column.verdict == "later"]
    if later:
        sentence = f"Only time went on: dates are later than all before in {_listed(later)}; nothing drifted."
        return sentence, (Told(code="only_later", values=_names(later)),)
    slight = [column.name for column in columns if column.verdict == "negligible"]
    if slight:
        sentence = f"Differences are detectable but negligible in {_listed(slight)}; nothing drifted."
        return sentence, (Told(code="only_negligible", values=_names(slight)),)
    return "Nothing drifted.", (Told(code="nothing_drifted"),)


def _named(features: Sequence[ColumnReport]) -> str:
    names = [column.name for column in features]
    if len(names) == 1:
        return features[0].sentence
    return f"{len(names)} columns drifted: {_listed(names)}. {features[0].sentence}"


def _named_told(features: Sequence[ColumnReport]) -> tuple[Told, ...]:
    names = [column.name for column in features]
    first = _own(features[0])
    return first if len(names) == 1 else (Told(code="columns_drifted", values=_names(names)), *first)


def _joined(findings: Sequence[Finding]) -> str:
    more = f" {len(findings) - _FINDINGS} more faults follow." if len(findings) > _FINDINGS else ""
    return " ".join(finding.sentence for finding in findings[:_FINDINGS]) + more


def _joined_told(findings: Sequence[Finding]) -> tuple[Told, ...]:
    first = tuple(told for finding in findings[:_FINDINGS] for told in _own(finding))
    more = len(findings) - _FINDINGS
    return (*first, Told(code="more_faults", values={"count": more})) if more > 0 else first


def _own(found: ColumnReport | Finding) -> tuple[Told, ...]:
    return () if found.told is None else (found.told,)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:_NAMES])
    return f"{shown} and {len(names) - _NAMES} more" if len(names) > _NAMES else shown


def _names(names: Sequence[str]) -> dict[str, object]:
    """Return names as values of a sentence: how many, the first of them, and a sign that there are more."""
    return {"count": len(names), "names": ", ".join(names[:_NAMES]) + ("…" if len(names) > _NAMES else "")}


def _node(column: str | None, nodes: Mapping[str, str]) -> str | None:
    return nodes.get(column) if column else None
