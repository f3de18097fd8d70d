"""Every error an operator raises: one sentence, a hint, and the field it is about.

```
OperatorError
├── MissingColumnError   a column named in the parameters is not in the table
├── ColumnTypeError      a column has a type the operator cannot use
├── EmptyTableError      there are too few rows to do the work
├── ParameterError       parameters that contradict each other or the data
├── ExpressionError      a SQL expression or query that is wrong or forbidden
├── UserCodeError        code written by a user failed or overran its limits
├── LearnerError         a learner cannot fit this data
├── StoredModelError     a stored model that cannot be read here
└── CancelledError       the run was cancelled while the operator worked
```
"""

import difflib
from collections.abc import Iterable
from typing import Any, Self


class OperatorError(Exception):
    """What went wrong, in one sentence; `hint` says what to do; `field` names the parameter.

    The sentence is positional and everything else has a default, so that an
    error survives pickling and Ray.
    """

    def __init__(self, message: str = "", *, hint: str = "", field: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.field = field

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), str(self), self.hint, self.field))


def _rebuild(kind: type[OperatorError], message: str, hint: str, field: str) -> OperatorError:
    return kind(message, hint=hint, field=field)


class MissingColumnError(OperatorError):
    """A column named in the parameters is not in the table; `missing` is its name, where one is named."""

    missing: str = ""

    @classmethod
    def among(cls, missing: str, available: Iterable[str], *, field: str = "") -> Self:
        """Name the column that is missing and the ones it may have been meant to be."""
        names = sorted(available)
        near = difflib.get_close_matches(missing, names, n=3) or names[:5]
        hint = f"Did you mean one of {', '.join(map(repr, near))}?" if near else "The table has no columns."
        error = cls(f"No column {missing!r}.", hint=hint, field=field)
        error.missing = missing
        return error

    def __reduce__(self) -> tuple[Any, ...]:
        return (*super().__reduce__(), {"missing": self.missing})


class ColumnTypeError(OperatorError):
    """A column has a type the operator cannot use."""


class EmptyTableError(OperatorError):
    """There are too few rows to do the work."""


class ParameterError(OperatorError):
    """Parameters that contradict each other or the data."""


class ExpressionError(OperatorError):
    """A SQL expression or query that is wrong or forbidden."""


class UserCodeError(OperatorError):
    """Code written by a user failed or overran its limits."""


class LearnerError(OperatorError):
    """A learner cannot fit this data."""


class StoredModelError(OperatorError):
    """A stored model that cannot be read here."""


class CancelledError(OperatorError):
    """The run was cancelled while the operator worked."""
