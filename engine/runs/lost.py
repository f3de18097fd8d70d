"""What a stage lost, written to the table that it gave: it stays there when the work is reused."""

from dataclasses import replace

from engine.material import Material
from engine.stores.outputs import OutputRef
from operators.contract.losses import told
from operators.contract.tables import collected


def with_losses(ref: OutputRef, material: Material) -> OutputRef:
    """Return the reference of a table that was computed with what was lost on the way to it.

    Args:
        ref: The table that the stage gave.
        material: Of the stage, with the tally of its rows.
    """
    found = [] if material.tally is None else material.tally.findings()
    rows = _rows_in(material)
    operators = [material.bound.operators[name] for name in material.fused]
    repeating = [place for place, operator in enumerate(operators) if operator.may_repeat_rows]
    if rows and ref.rows == 0:
        found.append(told("no_rows", "", rows, rows, _first_empty(material)))
    elif rows and repeating and ref.rows is not None and ref.rows > rows:
        found.append(told("repeated", "", ref.rows, rows, repeating[0]))
    return ref.model_copy(update={"losses": tuple(found)}) if found else ref


def _rows_in(material: Material) -> int | None:
    """Return the rows that came into a stage by its main input; None where nobody knows."""
    link = material.bound.main_link(material.fused[0])
    kept = material.outputs.get(link.node, {}).get(material.bound.port_of(link)) if link else None
    return kept.rows if kept is not None else None


def _first_empty(material: Material) -> int:
    """Return the place of the first node that leaves no row; they are asked once more, as there is nothing to keep."""
    plain = replace(material, tally=None, fresh={})
    for place, name in enumerate(material.fused[:-1]):
        if collected(plain.table_of(name).head(1)).is_empty():
            return place
    return len(material.fused) - 1
