"""Ports say what they are for."""

from operators.contract.operator import Example
from operators.testing.checks.running import require


def check_roles(example: Example) -> None:
    """One table that goes in is the main one, the others say what they are for; several that come out differ in it."""
    kind = type(example.operator)
    main = [port.name for port in kind.input_ports() if port.role in ("rows", "train")]
    require(len(main) <= 1, f"{main} are all rows: annotate those beside the main ones with their role")
    roles = [port.role for port in kind.output_ports() if port.has_rows]
    require(len(set(roles)) == len(roles), f"the tables that come out have the roles {roles}: say which side is which")
