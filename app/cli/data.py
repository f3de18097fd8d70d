"""`tandem data`: add, list, show, profile and query datasets."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.commands import command, default_command, new_group
from app.cli.errors import UsageError
from app.cli.session import Session

group = new_group("Datasets: add, list, show, profile, query.")

Name = Annotated[str, typer.Argument(help="Name of the dataset, or NAME@VERSION.", show_default=False)]


@command(group, "add")
def add(  # noqa: PLR0913, PLR0917 - each is an option
    session: Session,
    name: Annotated[str, typer.Argument(help="Name to keep it under.", show_default=False)],
    file: Annotated[Path, typer.Argument(help="CSV, TSV, Parquet, JSON lines or XLSX.", show_default=False)],
    delimiter: Annotated[str | None, typer.Option(help="Delimiter of a text file; sniffed when left out.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of a text file; sniffed when left out.")] = None,
    header: Annotated[bool | None, typer.Option("--header/--no-header", help="Whether a row holds the names.")] = None,
    header_row: Annotated[int | None, typer.Option(help="Line that holds the names, from 1.")] = None,
    skip_rows: Annotated[int | None, typer.Option(help="Lines left out at the top.")] = None,
    skip_last: Annotated[int | None, typer.Option(help="Rows left out at the end, such as totals.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook; the first when left out.")] = None,
    decimal: Annotated[str | None, typer.Option(help="Decimal mark of numbers: . or ,")] = None,
    thousands: Annotated[str | None, typer.Option(help="Mark between thousands: , . ' or a space.")] = None,
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help="What 03/04/2024 begins with.")
    ] = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", help="COLUMN=TYPE, such as id=string; for several columns, again.")
    ] = None,
    numbers: Annotated[
        list[str] | None,
        typer.Option("--numbers", help="COLUMN=EXAMPLE of its numbers: price=1.234,5; may come again."),
    ] = None,
) -> None:
    """Read a file and keep it as a new version of a dataset."""
    if not file.is_file():
        raise UsageError(f"There is no file {file}.", hint="Check the path.")
    options = {
        "delimiter": delimiter, "encoding": encoding, "header": header, "header_row": header_row,
        "skip_rows": skip_rows, "skip_last": skip_last, "sheet": sheet, "decimal": decimal, "thousands": thousands,
        "day_first": day_first, "types": _pairs("--type", types), "numbers": _pairs("--numbers", numbers),
    }  # fmt: skip
    given: dict[str, Any] = {option: value for option, value in options.items() if value is not None}
    session.answer(session.bench.datasets.add(name, file, **given), _draw_dataset)


def _pairs(option: str, given: list[str] | None) -> dict[str, str] | None:
    """Return what was given as COLUMN=VALUE, by column."""
    pairs = [text.rpartition("=") for text in given or ()]
    wrong = next((text for text, (column, _, _) in zip(given or (), pairs, strict=True) if not column), None)
    if wrong is not None:
        raise UsageError(f"{option} {wrong!r} names no column.", hint="Write COLUMN=VALUE.")
    return {column: value for column, _, value in pairs} or None


@command(group, "list")
def list_datasets(session: Session) -> None:
    """List the datasets, newest version of each."""
    session.answer(session.bench.datasets.list(), _draw_list)


@command(group, "show")
def show(session: Session, name: Name) -> None:
    """Show the columns, the size and the origin of a dataset."""
    session.answer(session.bench.datasets.show(name), _draw_dataset)


@command(group, "profile")
def profile(session: Session, name: Name) -> None:
    """Show what the columns of a dataset hold, and what is striking about them."""
    session.answer(session.bench.datasets.profile(name), _draw_profile)


@command(group, "query")
def query(
    session: Session,
    sql: Annotated[str, typer.Argument(help="A SELECT over the datasets by name.", show_default=False)],
) -> None:
    """Answer read-only SQL over the datasets."""
    session.answer(session.bench.datasets.query(sql), draw_rows)


default_command(group, list_datasets)


def draw_rows(document: Any) -> Any:
    """Return a document of `columns` and `rows` as a table; one of a `value` that is no table, as its facts."""
    from rich.text import Text

    from app.cli.output import facts, stack, table

    if "value" in document:
        return facts(document["value"]) if isinstance(document["value"], dict) else Text(str(document["value"]))
    names = [column["name"] if isinstance(column, dict) else column for column in document["columns"]]
    drawn = table(names, document["rows"], empty="No rows.")
    total = document.get("total_rows") or len(document["rows"])
    more = document.get("truncated") or total > len(document["rows"])
    return stack(drawn, Text(f"{len(document['rows'])} rows shown, there are more.", style="dim")) if more else drawn


def _draw_list(document: Any) -> Any:
    from app.cli.output import moment, table

    rows = [(entry["name"], entry["version"], entry.get("rows"), moment(entry.get("created"))) for entry in document]
    return table(["name", "version", "rows", "created"], rows, empty="No datasets yet: tandem data add NAME FILE")


def _draw_dataset(document: Any) -> Any:
    from app.cli.output import facts, moment, stack, table

    told = {key: document.get(key) for key in ("name", "version", "rows", "rejected", "source", "content_hash")}
    columns = [(column["name"], column["type"]) for column in document["columns"]]
    parts = [facts({**told, "created": moment(document.get("created"))}), table(["column", "type"], columns)]
    return stack(*parts, *_warnings(document))


def _draw_profile(document: Any) -> Any:
    from app.cli.output import facts, stack, table

    keys = ("name", "type", "missing", "distinct", "min", "max", "mean", "std")
    rows = [[column.get(key) for key in keys] for column in document["columns"]]
    told = facts({key: document[key] for key in ("name", "version", "rows")})
    return stack(told, table(keys, rows), *_warnings(document))


def _warnings(document: Any) -> list[Any]:
    """Return what was noticed, as a list of one table, or of none where nothing was."""
    from app.cli.output import table

    noticed = [(entry.get("severity"), entry["sentence"]) for entry in document.get("warnings") or ()]
    return [table(["noticed", ""], noticed)] if noticed else []
