"""The one Spark session of a process: local, bound to loopback, quiet."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"


def process_folder() -> Path:
    """Return a folder for what engines spill, of this process alone; removed when it ends."""
    return _folder_of(os.getpid())


@cache
def _folder_of(pid: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"tandem-{pid}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def spark_session() -> Any:
    """Return this process's Spark session, starting it on first use (6-9 s, about 1 GB).

    Column names keep their case, timestamps are UTC microseconds, and nothing listens beyond loopback.
    """
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_LOCAL_IP", LOOPBACK)
    folder = process_folder() / "spark"
    settings = {
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.caseSensitive": "true",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.parquet.compression.codec": "lz4_raw",
        "spark.sql.shuffle.partitions": "8",
    }
    builder = SparkSession.builder.appName("tandem").master("local[*]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
