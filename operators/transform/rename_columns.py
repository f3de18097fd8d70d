"""Give columns other names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.errors import ParameterError
from operators.contract.fields import hint
from operators.contract.operator import Example, frame
from operators.contract.table_operator import TableOperator
from operators.contract.tables import LazyTable, names_of, require_columns


class RenameColumns(TableOperator):
    """Give columns other names; two columns may swap theirs.

    Rows, their order, the order of columns and nulls stay as they are.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Rename columns", "zh": "重命名列"},
        category="transform",
        engines=ALL_ENGINES,
        online="row",
        about={"zh": "给列改名；两列可以互换名称。\n\n行、行序、列序和空值都不变。"},
    )

    names: Mapping[str, str] = Field(
        min_length=1,
        description="New name of each column to rename, by its old name",
        json_schema_extra=hint("旧列名到新列名的映射", "names"),
    )

    def transform(self, table: LazyTable) -> LazyTable:
        """Return `table` with the new names.

        Raises:
            MissingColumnError: A column to rename is not in `table`.
            ParameterError: A new name is empty, or two columns would have the same name.
        """
        require_columns(table, list(self.names), field="names")
        renamed = [self.names.get(name, name) for name in names_of(table)]
        for name, count in Counter(renamed).items():
            if not name:
                raise ParameterError("A column needs a name.", hint="Write at least one character.", field="names")
            if count > 1:
                raise ParameterError(
                    f"Two columns would be called {name!r}.", hint="Choose another name.", field="names"
                )
        return table.rename(dict(self.names))

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a new name in Chinese, and a swap."""
        people = frame(name=["Ann", None], age=[30, 40])
        return [
            Example(cls(names={"age": "年龄"}), {"table": people}),
            Example(cls(names={"age": "name", "name": "age"}), {"table": people}),
        ]
