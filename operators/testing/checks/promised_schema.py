"""What is said before the run is what comes out."""

from operators.contract.operator import Example
from operators.contract.tables import lazy, schema_of
from operators.contract.values.model import Model
from operators.testing.checks.running import PEOPLE, outputs_of, require, schemas_of, source_schemas


def check_schema_promise(example: Example) -> None:
    """What `infer` says before the run, where it says anything, is what comes out."""
    schemas = schemas_of(example.inputs)
    promised = example.operator.infer(schemas, source_schemas(example.operator, PEOPLE))
    ports = {port.name for port in example.operator.output_ports()}
    require(set(promised) == ports, f"infer answers for {sorted(promised)}, not for {sorted(ports)}")
    for port, value in outputs_of(example).items():
        if promised[port] is not None:
            found = value.answers if isinstance(value, Model) else schema_of(lazy(value))
            require(promised[port] == found, f"{port} was promised as {promised[port]} and is {found}")
