"""Read Parquet and Arrow files, refusing whatever asks for code to be run.

Extension types are refused by what the file says of its columns, before a row is read and without the
libraries that would bring them to life.
"""

from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.data.formats import Finding, ReadOptions, Sniffed
from engine.data.parsing import noticing
from engine.data.parsing.deciding import decide
from engine.data.parsing.plain import plain_types
from engine.data.parsing.reading import Reading
from engine.data.parsing.rows import REJECTS_SCHEMA
from engine.data.wide import require_columns
from engine.errors import UnreadableFileError

HEAD: Final = 1_000
"""Rows by which text is compared with what it looks like."""
DIGITS: Final = 38
"""The most digits of a decimal (128 bits)."""
_EXTENSION: Final = b"ARROW:extension:name"


def read_columnar(path: Path, options: ReadOptions, scratch: Path) -> Reading:
    """Return the rows of a Parquet or Arrow file; column types become those of a dataset.

    Raises:
        UnreadableFileError: It is damaged, or holds extension types.
    """
    del scratch
    sniffed = Sniffed(format=options.format or _format(path))
    schema = _schema(path, sniffed.format)
    require_columns(len(schema), path)
    for position in range(len(schema)):
        _refuse_extensions(schema.field(position), schema.field(position).name)
        _refuse_unknown(schema.field(position), schema.field(position).name, sniffed.format)
    table = pl.scan_parquet(path, glob=False) if sniffed.format == "parquet" else pl.scan_ipc(path, glob=False)
    plain, findings = plain_types(table, nan_is_missing=True)
    findings += _about_text(plain)
    sniffed = sniffed.model_copy(update={"columns": tuple(plain.collect_schema().names())})
    return Reading(plain, pl.DataFrame(schema=REJECTS_SCHEMA), sniffed, findings=tuple(findings))


def _about_text(table: pl.LazyFrame) -> list[Finding]:
    """Say which columns are text here and would be dates or booleans in a CSV file; of numbers the profile says so."""
    names = [name for name, dtype in table.collect_schema().items() if dtype == pl.String]
    head = table.select(pl.col(name).alias(f"c{place}") for place, name in enumerate(names)).head(HEAD)
    findings = []
    for decision in decide(head, names, ReadOptions()) if names else []:
        kind = decision.reader.type if decision.reader else ""
        if kind in ("date", "datetime", "boolean"):
            findings.append(noticing.stored_as_text(decision.name, is_date=kind != "boolean"))
    return findings


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


def _refuse_unknown(field: Any, name: str, kind: str) -> None:
    """Refuse a field, or anything inside it, of a type that nothing here can hold."""
    import pyarrow as pa

    too_long = pa.types.is_decimal256(field.type) and (kind == "arrow" or field.type.precision > DIGITS)
    if too_long or pa.types.is_interval(field.type):
        raise UnreadableFileError(
            f"Column {name!r} has the type {field.type}, which is not read.",
            hint=f"Write it as text, or as a decimal of at most {DIGITS} digits.",
        )
    for position in range(field.type.num_fields):
        _refuse_unknown(field.type.field(position), name, kind)
