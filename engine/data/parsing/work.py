"""What the parser's child does: read, type, write Parquet, profile; answer in JSON files."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.data.formats import ColumnType, Parsed, ReadOptions
from engine.data.frames import is_disk_full
from engine.data.parsing.families import READERS
from engine.data.parsing.peeking import peeked
from engine.data.profiling import PROFILED_AT_ONCE, profile_table
from engine.data.sniffing import file_format
from engine.errors import EngineError
from operators.contract.tables import lazy, schema_of

ROWS_PER_GROUP: Final = 250_000


def work(request: Mapping[str, Any]) -> int:
    """Answer a request in its folder and return the exit status: 0 done, 3 refused with a sentence."""
    folder, path = Path(request["folder"]), Path(request["path"])
    options = ReadOptions.model_validate(request["options"])
    scratch = folder / "scratch"
    scratch.mkdir()
    try:
        if request.get("peek"):
            (folder / "peeked.json").write_text(json.dumps(peeked(path, options, scratch)), encoding="utf-8")
            return 0
        parsed = _parse(path, options, folder, scratch)
    except EngineError as error:
        return _refuse(folder, str(error), error.hint)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, KeyError) as error:
        if is_disk_full(error):
            return _refuse(folder, "disk full", "")
        said = str(error).strip().splitlines() or [type(error).__name__]
        return _refuse(folder, f"{path.name} cannot be read: {said[0][:200]}.", "Is it whole, and what its name says?")
    except MemoryError:
        return _refuse(folder, f"{path.name} needs more memory than a parser may take.", "Split the file.")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    (folder / "parsed.json").write_text(parsed.model_dump_json(), encoding="utf-8")
    if request["profile"] and len(parsed.columns) <= PROFILED_AT_ONCE:
        profile = profile_table(folder / "table.parquet")
        (folder / "profile.json").write_text(json.dumps(profile, ensure_ascii=False), encoding="utf-8")
    return 0


def write_table(table: pl.LazyFrame, path: Path) -> None:
    """Write rows as a dataset's Parquet: the same rows give the same bytes."""
    table.sink_parquet(path, compression="zstd", compression_level=1, row_group_size=ROWS_PER_GROUP)


def columns_of(path: Path) -> tuple[ColumnType, ...]:
    """Return the columns of a Parquet file as a manifest names them."""
    schema = schema_of(lazy(pl.scan_parquet(path, glob=False)))
    return tuple(ColumnType(name=column.name, type=column.type) for column in schema)


def _parse(path: Path, options: ReadOptions, folder: Path, scratch: Path) -> Parsed:
    reader = READERS[options.format or file_format(path)]
    reading = reader(path, options, scratch)
    table = folder / "table.parquet"
    write_table(reading.table, table)
    if reading.rejects.height:
        reading.rejects.write_parquet(folder / "rejects.parquet", compression="zstd")
    return Parsed(
        sniffed=reading.sniffed,
        columns=columns_of(table),
        rows=pl.scan_parquet(table, glob=False).select(pl.len()).collect().item(),
        rejected=reading.rejects.height,
        blank_lines=reading.blank_lines,
        findings=(*reading.sniffed.findings, *reading.findings),
    )


def _refuse(folder: Path, sentence: str, hint: str) -> int:
    (folder / "error.json").write_text(json.dumps({"sentence": sentence, "hint": hint}), encoding="utf-8")
    return 3
