"""What a run has kept, read from its ledger."""

from collections.abc import Iterable

from engine.records.events import EventRow
from engine.runs.recall import ports
from engine.stores.outputs import OutputRef


def kept_outputs(happened: Iterable[EventRow]) -> dict[str, dict[str, OutputRef]]:
    """Return the outputs of every stage that is done or was reused, by the stage's last node and port."""
    return {
        str(event.payload["stage"]): ports(event.payload["outputs"])
        for event in happened
        if event.kind in {"succeeded", "reused"}
    }
