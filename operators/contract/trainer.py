"""Operators that learn a model."""

from abc import abstractmethod
from typing import Any, ClassVar

from operators.contract.operator import Operator
from operators.contract.ports import Role


class Trainer(Operator):
    """Learns a model: override `train`, which may also take rows `As("validation")` and a context."""

    entry_method: ClassVar[str] = "train"
    takes: ClassVar[Role] = "train"

    @abstractmethod
    def train(self, *args: Any, **tables: Any) -> Any:
        """Return a model of the training rows."""
