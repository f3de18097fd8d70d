"""Labels and probabilities to curves: one class against the rest."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from operators.contract.errors import EmptyTableError, ParameterError
from operators.contract.tables import LazyTable
from operators.contract.values.model import Model
from operators.prepare.indicators import text_of
from operators.scoring.truth import label_codes, positive_class, prepared_rows

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Scored:
    """A class of a model on rows whose label is known.

    Args:
        label: The class.
        truth: Shape (n,), true for the rows of the class.
        probabilities: Shape (n,), in [0, 1], what the model says of it.
    """

    label: Any
    truth: Array
    probabilities: Array

    @property
    def defined(self) -> bool:
        """True where there are rows of the class and others."""
        return bool(self.truth.any() and not self.truth.all())


def place_of(positive: Any, model: Model) -> int | None:
    """Return the number of the class that `positive` means; of two the higher when None, else None.

    Booleans mean booleans, numbers mean numbers, and a text means what is written so.

    Raises:
        ParameterError: It is none of the model's labels.
    """
    if positive is None:
        return positive_class(model)
    for place, label in enumerate(model.classes):
        if _means(positive, label):
            return place
    raise ParameterError(
        f"The model has no label {positive!r}.",
        hint=f"Its labels are {', '.join(repr(label) for label in model.classes[:10])}.",
        field="positive",
    )


def _means(positive: Any, label: Any) -> bool:
    if isinstance(positive, str):
        return positive in {label, str(label), text_of(label)}
    return isinstance(positive, bool) == isinstance(label, bool) and bool(positive == label)


def scored_classes(model: Model, table: LazyTable, target: str | None, positive: Any, most: int) -> list[Scored]:
    """Return the positive class, or where there is none each of the `most` classes with the most rows.

    Raises:
        ParameterError: The model is no classifier, or `positive` is none of its labels.
        MissingColumnError: The target, or a column that the model was trained on, is missing.
        EmptyTableError: No row has a label.
    """
    rows, missing = prepared_rows(model, table, target, "classification")
    place = place_of(positive, model)
    if not rows.height:
        raise EmptyTableError(
            f"No row has a label ({missing} rows).", hint="Bring rows whose outcome is known.", field="target"
        )
    codes = label_codes(rows.get_column(target or model.target), model)
    shares = model.answer(rows).drop("prediction").to_numpy()
    if place is None:
        sizes = np.bincount(codes[codes >= 0], minlength=len(model.classes))
        places = sorted(np.argsort(-sizes, kind="stable")[:most].tolist())
    else:
        places = [place]
    return [Scored(model.classes[one], codes == one, shares[:, one]) for one in places]
