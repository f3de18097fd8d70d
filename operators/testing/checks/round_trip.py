"""Parameters survive JSON."""

import json

from operators.contract.operator import Example
from operators.testing.checks.running import require


def check_round_trip(example: Example) -> None:
    """The parameters survive JSON, whole and as a pipeline file holds them."""
    operator = example.operator
    kind = type(operator)
    whole = kind.model_validate_json(operator.model_dump_json())
    written = kind(**json.loads(json.dumps(operator.as_document()["with"])))
    require(whole == operator, f"{operator!r} becomes {whole!r} through JSON")
    require(written == operator, f"{operator!r} becomes {written!r} through a pipeline file")
