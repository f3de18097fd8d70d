"""Put the rows of several tables one under the other."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import narwhals as nw
from pydantic import Field, model_validator

from operators.contract.card import ALL_ENGINES, Card
from operators.contract.contradictions import contradiction
from operators.contract.errors import MissingColumnError, ParameterError
from operators.contract.fields import hint
from operators.contract.losses import Loss, came_from
from operators.contract.operator import Example, frame
from operators.contract.ports import Beside
from operators.contract.table_operator import TableOperator
from operators.contract.tables import LazyTable, Schema, names_of
from operators.transform.common_types import common_types

Columns = Literal["same", "all", "shared"]


class UnionRows(TableOperator):
    """Put the rows of two to six tables one under the other; columns are matched by name.

    `same` refuses tables whose columns differ, `all` fills what a table lacks with nulls, `shared` keeps the columns
    that every table has. Columns stand as in the first table that has them. Whole numbers of different size become
    int64 (uint64 with other unsigned ones), with fractions float64, a date with a moment a moment; other types must
    agree, and no whole number has room for both uint64 and negative ones. Equal rows stay; Polars
    and DuckDB keep the rows in order, table after table. At a service a row is one of the first table.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Union rows", "zh": "合并行"},
        category="transform",
        engines=ALL_ENGINES,
        version=2,
        online="row",
        about={
            "zh": (
                "把二到六个表的行上下合并，列按名称对应。\n\n`same` 要求各表的列相同；`all` 用空值补齐缺少的列；"
                "`shared` 只保留各表共有的列。列的顺序取自第一个含有该列的表。"
                "不同长度的整数变为 int64（uint64 与其他无符号整数合并为 uint64，"
                "不能与有符号整数合并），"
                "与小数合并变为 float64，日期与时刻合并变为时刻；其他类型必须一致。相同的行都保留；"
                "Polars 和 DuckDB 按表依次保持行序。在线服务时，一行数据视为第一个表的行。"
            )
        },
    )

    mixes_signs: ClassVar[bool] = False
    columns: Columns = Field(
        "same",
        description="Columns that come out: the same in every table, all of them with nulls in the gaps, "
        "or those that every table has",
        json_schema_extra=hint("输出哪些列：要求各表列相同、保留全部列（缺失处为空值）、只保留各表共有的列"),
    )
    origin: str | None = Field(
        None,
        min_length=1,
        description="Column to add that says which table a row is from; none when unset",
        json_schema_extra=hint("要添加的来源列的名称，用于标明每行来自哪个表；不填则不添加"),
    )
    labels: tuple[str, ...] = Field(
        (),
        description="What `origin` says of the tables, in order; the names of the inputs when empty",
        json_schema_extra=hint("来源列中各表的名称，按顺序填写；留空则使用输入端口的名称", "names"),
    )

    @model_validator(mode="after")
    def _labels_have_a_column(self) -> "UnionRows":
        if self.labels and self.origin is None:
            raise contradiction("origin", "labels need a column to stand in: origin", "填写各表名称时需要指定来源列")
        if len(set(self.labels)) < len(self.labels):
            raise contradiction(
                "labels",
                "each table needs a label of its own, not {labels}",
                "各表的名称不能重复，而 {labels} 有重复",
                labels=list(self.labels),
            )
        return self

    def transform(
        self,
        first: LazyTable,
        second: Beside,
        third: Beside | None = None,
        fourth: Beside | None = None,
        fifth: Beside | None = None,
        sixth: Beside | None = None,
    ) -> LazyTable:
        """Return the rows of all tables.

        Raises:
            MissingColumnError: A table lacks a column, and the columns must be the same.
            ColumnTypeError: A column has types that do not go together.
            ParameterError: No column is shared, a label is missing, or `origin` is taken.
        """
        given = {"first": first, "second": second, "third": third, "fourth": fourth, "fifth": fifth, "sixth": sixth}
        tables = {port: table for port, table in given.items() if table is not None}
        kept = self._kept({port: names_of(table) for port, table in tables.items()})
        return nw.concat(self._aligned(tables, kept), how="vertical")

    def losses(self, schemas: Mapping[str, Schema], values: Mapping[str, Any] | None = None) -> Sequence[Loss]:
        """Return the rows that get a null in a column which their table lacks."""
        del values
        if self.columns != "all":
            return ()
        found, every = [], nw.any_horizontal(*map(came_from, schemas), ignore_nulls=True)
        for name in dict.fromkeys(column.name for schema in schemas.values() for column in schema):
            ports = [port for port, schema in schemas.items() if name in {column.name for column in schema}]
            if len(ports) < len(schemas):
                there = nw.any_horizontal(*map(came_from, ports), ignore_nulls=True)
                found.append(Loss("filled", name, every & ~there, every, marks=tuple(schemas)))
        return found

    def apply_step(
        self, table: LazyTable, values: Mapping[str, Any] | None, beside: Mapping[str, LazyTable]
    ) -> LazyTable:
        """Return rows of the first table as the union has them; the other tables' rows stay out.

        A column that `shared` leaves out of the union stays here: whoever applies the step may need it beside.
        """
        del values
        tables = {"first": table, **beside}
        kept = [name for name in names_of(table) if name != self.origin]
        if self.columns == "all":
            kept = list(dict.fromkeys([*kept, *(name for other in beside.values() for name in names_of(other))]))
        return self._aligned(tables, kept)[0]

    def _aligned(self, tables: Mapping[str, LazyTable], kept: Sequence[str]) -> list[LazyTable]:
        """Return every table with the columns `kept`, in type and order, and the origin."""
        types = common_types(tables, kept, mixes_signs=self.mixes_signs)
        aligned = []
        for port, label in zip(tables, self._labels(list(tables)), strict=True):
            own = set(names_of(tables[port]))
            parts = [_column(name, types[name], there=name in own) for name in kept]
            if self.origin is not None:
                parts.append(nw.lit(label).alias(self.origin))
            aligned.append(tables[port].select(*parts) if parts else tables[port])
        return aligned

    def _kept(self, names: Mapping[str, Sequence[str]]) -> list[str]:
        every = list(dict.fromkeys(name for own in names.values() for name in own))
        if self.columns == "same":
            for port, own in [*names.items()][::-1]:  # the first table is the one that others are held against
                _require_all(port, own, every)
        kept = [name for name in every if all(name in own for own in names.values())]
        if self.columns == "shared" and every and not kept:
            raise ParameterError("The tables share no column.", hint="Keep all columns instead.", field="columns")
        if self.columns != "shared":
            kept = every
        if self.origin in kept:
            raise ParameterError(
                f"There is a column {self.origin!r} already.", hint="Give the origin another name.", field="origin"
            )
        return kept

    def _labels(self, ports: Sequence[str]) -> Sequence[str]:
        if not self.labels:
            return ports
        if len(self.labels) < len(ports):
            raise ParameterError(
                f"{len(ports)} tables have {len(self.labels)} labels.",
                hint="Give each table a label, or none of them.",
                field="labels",
            )
        return self.labels[: len(ports)]

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return tables with the same columns in another order, with a gap filled, and shared columns only."""
        spring = frame(name=["Ann", None], age=[30, 40], city=["Oslo", "Rome"])
        summer = frame(city=["Bonn"], age=[50.5], name=["Cy"])
        autumn = frame(name=["Di"], email=["di@example.org"])
        two, three = {"first": spring, "second": summer}, {"first": spring, "second": summer, "third": autumn}
        return [
            Example(cls(), two),
            Example(cls(columns="all", origin="season"), three),
            Example(cls(columns="shared", origin="season", labels=("spring", "summer", "autumn")), three),
        ]


def _column(name: str, dtype: Any, *, there: bool) -> nw.Expr:
    value = nw.col(name) if there else nw.lit(None)
    return (value if dtype is None else value.cast(dtype)).alias(name)


def _require_all(port: str, own: Sequence[str], every: Sequence[str]) -> None:
    missing = [name for name in every if name not in own]
    if missing:
        near = MissingColumnError.among(missing[0], own, field="columns").hint
        raise MissingColumnError(
            f"The table {port!r} has no column {missing[0]!r}, which another table has.",
            hint=f"{near} Keep all columns, or only the shared ones, where tables differ.",
            field="columns",
        )
