"""Read Parquet and Arrow files, refusing whatever asks for code to be run.

Extension types are refused by what the file says of its columns, before a row is read and without the
libraries that would bring them to life.
"""

from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.data.formats import Finding, ReadOptions, Sniffed
from engine.data.parsing.reading import Reading
from engine.data.parsing.rows import REJECTS_SCHEMA
from engine.errors import UnreadableFileError

_EXTENSION: Final = b"ARROW:extension:name"


def read_columnar(path: Path, options: ReadOptions, scratch: Path) -> Reading:
    """Return the rows of a Parquet or Arrow file; column types become those of a dataset.

    Raises:
        UnreadableFileError: It is damaged, or holds extension types.
    """
    del scratch
    sniffed = Sniffed(format=options.format or _format(path))
    schema = _schema(path, sniffed.format)
    for position in range(len(schema)):
        _refuse_extensions(schema.field(position), schema.field(position).name)
    table = pl.scan_parquet(path, glob=False) if sniffed.format == "parquet" else pl.scan_ipc(path, glob=False)
    plain, findings = plain_types(table)
    sniffed = sniffed.model_copy(update={"columns": tuple(plain.collect_schema().names())})
    return Reading(plain, pl.DataFrame(schema=REJECTS_SCHEMA), sniffed, findings=tuple(findings))


def plain_types(table: pl.LazyFrame) -> tuple[pl.LazyFrame, list[Finding]]:
    """Return `table` with each type that datasets do not have as the nearest that they have.

    Nested values become JSON text, decimals floats, times of other precision microseconds in UTC.
    """
    columns: list[pl.Expr] = []
    findings: list[Finding] = []
    for name, dtype in table.collect_schema().items():
        expression, told = _plain(name, dtype)
        columns.append(expression.alias(name))
        if told:
            sentence = f"Column {name!r} of type {dtype} is stored as {told}."
            values = {"type": str(dtype)[:60], "told": told}
            findings.append(
                Finding(kind="converted_type", column=name, sentence=sentence, severity="info", values=values)
            )
    return table.select(columns), findings


def _plain(name: str, dtype: Any) -> tuple[pl.Expr, str]:  # noqa: C901 (one line per family of types)
    column = pl.col(name)
    if isinstance(dtype, (pl.Categorical, pl.Enum)):
        return column.cast(pl.String), ""
    if isinstance(dtype, pl.Null):
        return column.cast(pl.String), ""
    if isinstance(dtype, pl.Decimal):
        return column.cast(pl.Float64), "float64"
    if isinstance(dtype, (pl.Int128, pl.UInt128)):
        return column.cast(pl.String), "text"
    if isinstance(dtype, pl.Float16):
        return column.cast(pl.Float32), ""
    if isinstance(dtype, pl.Datetime) and (dtype.time_zone or dtype.time_unit != "us"):
        moment = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if dtype.time_zone else column
        return moment.dt.cast_time_unit("us"), "UTC, to the microsecond" if dtype.time_zone else "microseconds"
    if isinstance(dtype, pl.Duration) and dtype.time_unit != "us":
        return column.dt.cast_time_unit("us"), "microseconds"
    if isinstance(dtype, pl.Struct):
        return column.struct.json_encode(), "JSON text"
    if isinstance(dtype, (pl.List, pl.Array)):
        wrapped = pl.struct(column.cast(pl.List(dtype.inner)) if isinstance(dtype, pl.Array) else column)
        text = wrapped.struct.json_encode().str.replace(r"^\{[^:]*:", "").str.replace(r"\}$", "")
        return pl.when(column.is_not_null()).then(text), "JSON text"
    return column, ""


def _format(path: Path) -> Any:
    with path.open("rb") as file:
        return "arrow" if file.read(6) == b"ARROW1" else "parquet"


def _schema(path: Path, kind: str) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        if kind == "parquet":
            return pq.read_schema(path)
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).schema
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(
            f"{path.name} is not a whole {'Parquet' if kind == 'parquet' else 'Arrow'} file.",
            hint="It may have been cut short: copy or write it again.",
        ) from error


def _refuse_extensions(field: Any, name: str) -> None:
    """Refuse a field, or anything inside it, of an extension type."""
    import pyarrow as pa

    metadata = field.metadata or {}
    is_extension = isinstance(field.type, pa.BaseExtensionType)
    if is_extension or _EXTENSION in metadata:
        said = field.type.extension_name if is_extension else metadata[_EXTENSION].decode(errors="replace")
        raise UnreadableFileError(
            f"Column {name!r} has the extension type {said[:60]!r}, which is refused: it may run code when read.",
            hint="Write the table again with plain columns: numbers, text, dates.",
        )
    for position in range(field.type.num_fields):
        _refuse_extensions(field.type.field(position), name)
