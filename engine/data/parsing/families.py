"""The reader of each kind of file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from engine.data.formats import ReadOptions
from engine.data.parsing.columnar import read_columnar
from engine.data.parsing.delimited import read_delimited
from engine.data.parsing.json_lines import read_json_lines
from engine.data.parsing.reading import Reading
from engine.data.parsing.workbook import read_workbook

READERS: Final[Mapping[str, Callable[[Path, ReadOptions, Path], Reading]]] = {
    "csv": read_delimited,
    "parquet": read_columnar,
    "arrow": read_columnar,
    "jsonl": read_json_lines,
    "xlsx": read_workbook,
}
