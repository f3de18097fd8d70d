"""What operators that read files share."""

from collections.abc import Mapping

from operators.errors import ParameterError
from operators.tables import Schema


def schema_of_file(path: str, sources: Mapping[str, Schema]) -> Schema:
    """Return the schema of the file at `path`, as it was found before the run.

    Raises:
        ParameterError: It was not found, or is no table.
    """
    if path not in sources:
        raise ParameterError(
            f"No file {path!r} that can be read as a table.", hint="Check the path and its spelling.", field="path"
        )
    return sources[path]
