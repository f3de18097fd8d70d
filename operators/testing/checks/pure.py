"""Runs are repeatable and leave their inputs alone."""

import copy

from operators.contract.operator import Example
from operators.contract.values.model import Model
from operators.testing.checks.running import outputs_of, require_same


def check_pure(example: Example) -> None:
    """Running twice gives the same, and leaves the inputs alone."""
    before = copy.deepcopy({port: value for port, value in example.inputs.items() if not isinstance(value, Model)})
    first, second = outputs_of(example), outputs_of(example)
    for port, value in first.items():
        require_same(value, second[port], f"two runs differ at {port}")
    for port, value in before.items():
        require_same(value, example.inputs[port], f"the input {port} was changed")
