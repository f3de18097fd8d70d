"""Settings (`TANDEM_*`) and the folder a workspace is."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.errors import ConfigError, ReadOnlyError, RecordsError


class Settings(BaseSettings):
    """What may be set from outside; `TANDEM_<NAME>` in the environment overrides each default."""

    model_config = SettingsConfigDict(env_prefix="TANDEM_", extra="ignore", frozen=True)

    workspace: Path = Field(Path("workspace"), description="Folder that holds everything that is kept")
    records_url: str | None = Field(None, description="Database URL; SQLite in the workspace when unset")
    ray: str | None = Field(None, description="Address of a Ray cluster; a local one is started when unset")
    host: str = Field("127.0.0.1", description="Address that screens and services bind to")
    port: int = Field(8501, ge=1, le=65535, description="Port of the workbench")
    project: str = Field("default", description="Project that new records belong to")
    actor: str = Field("local", description="Who acts, as written in the records")
    cpus: float | None = Field(None, gt=0, description="CPUs to give to the local Ray; all when unset")
    gpus: float | None = Field(None, ge=0, description="Logical GPUs to give to the local Ray; all when unset")
    devices: str | None = Field(
        None, description="Logical devices to share out instead of what is here, as `2xA100,T4,4xAscend910B`"
    )
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="Port on 127.0.0.1 at which the engine answers Prometheus; none when unset"
    )
    sql_memory_mb: int = Field(
        512, ge=1, description="Memory in MB that one query of a screen, the command line or a check may use"
    )
    sql_step_memory_mb: int = Field(
        0, ge=0, description="Memory in MB that one query of a run may use; 0: four tenths of the machine's"
    )
    sql_check_s: int = Field(
        10, ge=1, description="Seconds that the check of a pipeline may take to find the columns of one query"
    )
    sql_disk_mb: int = Field(
        16_384, ge=1, description="Disk in MiB that one query's answer may take, and what does not fit into its memory"
    )
    script_disk_mb: int = Field(16_384, ge=1, description="Disk in MiB that the files of one script may take together")
    max_columns: int = Field(10_000, ge=1, description="Columns that a file may have")
    pipeline_file_kb: int = Field(1024, ge=1, description="Size in KiB that a pipeline file may have")
    service_hosts: str = Field(
        "", description="Names besides localhost under which services may be asked, separated by commas"
    )
    service_bodies_mb: int = Field(
        1024, ge=1, description="Memory in MiB that the bodies of requests to services may take together"
    )
    service_answer_s: int = Field(300, ge=1, description="Seconds that a service may take to answer one request")
    keep_outputs_days: float = Field(
        90.0, ge=0, description="Days for which outputs of runs that nothing needs are kept; 0: for ever"
    )
    keep_outputs_mb: int = Field(
        51_200, ge=0, description="Disk in MiB that outputs of runs may take together; 0: without limit"
    )
    keep_captures_days: float = Field(
        365.0, ge=0, description="Days for which what services were asked is kept; 0: for ever"
    )
    keep_captures_mb: int = Field(
        20_480, ge=0, description="Disk in MiB that what services were asked may take together; 0: without limit"
    )
    keep_jobs_days: float = Field(
        1.0, ge=0, description="Days for which uploaded files and what jobs found are kept; 0: for ever"
    )
    keep_jobs_mb: int = Field(
        20_480,
        ge=0,
        description="Disk in MiB that uploaded files and what jobs found may take; 0: without limit",
    )
    job_s: int = Field(
        21_600, ge=1, description="Seconds that a job may take beside the time that its own question was given"
    )
    read_only: bool = Field(False, description="Show what is kept and change nothing")
    data_folders: str = Field(
        "", description="Folders besides your home out of which pipelines may read files, separated as in `PATH`"
    )


_OTHERS = 0o077  # what a mode gives to others than the owner
_SECRET = 32  # bytes
_FOLDERS = ("datasets", "outputs", "mlflow", "captures", "exports", "scratch", "jobs", "logs", "ray")
_DATA = ("datasets", "outputs", "mlflow", "captures")
_FILES = ("records.", "secret.", "engine.")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def require_loopback(host: str) -> str:
    """Return `host` if it is a loopback address.

    Raises:
        ConfigError: Any other address: without authentication it would be open to the network.
    """
    if host not in LOOPBACK:
        raise ConfigError(
            f"Binding to {host} without authentication is refused.",
            hint="Bind to 127.0.0.1 and put an authenticating proxy in front.",
        )
    return host


@dataclass(frozen=True)
class Workspace:
    """The folder everything kept lives in; each property is one of its parts.

    Args:
        root: The folder.
        records_url: Where its records are.
        read_only: Nothing in it may change by way of this value: every writer asks `require_writable` first.
    """

    root: Path
    records_url: str = ""
    read_only: bool = False

    @classmethod
    def at(cls, root: str | Path, *, records_url: str | None = None, read_only: bool = False) -> Self:
        """Return the workspace at `root`, making the folder (mode 0700) where it is missing.

        Raises:
            ConfigError: `root` is a file or cannot be made.
            ReadOnlyError: `root` is missing and nothing may be made.
        """
        path = Path(root).expanduser().resolve()
        url = records_url or os.environ.get("TANDEM_RECORDS_URL") or f"sqlite:///{path / 'records.db'}"
        if read_only:
            if not path.is_dir():
                hint = "Name a workspace that there is, or unset TANDEM_READ_ONLY."
                raise ReadOnlyError(f"There is no workspace {path}, and read-only none can be made.", hint=hint)
            return cls(path, url, read_only)
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ConfigError(
                f"The workspace {path} cannot be made: {error.strerror}.",
                hint="Choose a folder you may write to with --workspace or TANDEM_WORKSPACE.",
            ) from error
        return cls(path, url)

    def require_writable(self) -> None:
        """Do nothing where changes are allowed.

        Raises:
            ReadOnlyError: They are not.
        """
        if self.read_only:
            raise ReadOnlyError(
                "This workbench is read-only, so nothing was changed.", hint="Unset TANDEM_READ_ONLY to change things."
            )

    @property
    def datasets(self) -> Path:
        """Immutable dataset versions."""
        return self._folder("datasets")

    @property
    def outputs(self) -> Path:
        """Content-addressed outputs of nodes."""
        return self._folder("outputs")

    @property
    def mlflow(self) -> Path:
        """The model registry and its artifacts."""
        return self._folder("mlflow")

    @property
    def captures(self) -> Path:
        """Requests and answers of services."""
        return self._folder("captures")

    @property
    def exports(self) -> Path:
        """Files that runs wrote for people to take away."""
        return self._folder("exports")

    @property
    def scratch(self) -> Path:
        """Temporary files of running work; may be emptied when no engine runs. `ReadOnlyError` where none may be."""
        self.require_writable()
        return self._folder("scratch")

    @property
    def jobs(self) -> Path:
        """Files that came in for jobs, and what jobs found; those older than a day are removed."""
        return self._folder("jobs")

    @property
    def logs(self) -> Path:
        """Logs of the engine's own processes."""
        return self._folder("logs")

    @property
    def key(self) -> bytes:
        """The secret this workspace signs with (32 bytes, kept with mode 0600)."""
        path = self.root / "secret.key"
        if not path.exists() and self.read_only:
            return secrets.token_bytes(32)  # nothing was signed yet, and nothing passes for signed with this
        if not path.exists():
            fresh = path.with_name(f"secret.{secrets.token_hex(4)}")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
            try:
                os.link(fresh, path)  # atomic: the first writer wins
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return _secret_in(path)

    def require_void(self) -> None:
        """Do nothing where no data is kept here, so that new records may begin.

        Raises:
            RecordsError: There is some: with new records, it would be lost, and its version numbers given twice.
        """
        kept = [name for name in _DATA if any(_seen(self.root / name))]
        if kept:
            raise RecordsError(
                f"The records of {self.root} are missing or empty, though it holds {', '.join(kept)}.",
                hint="Put a backup of records.db in its place, or choose another workspace.",
            )

    def exposed(self) -> list[Path]:
        """Return what is kept here, file or folder, that others than its owner can read or change."""
        if not self.root.stat().st_mode & _OTHERS:
            return []  # nobody else comes in
        kept = [self.root / name for name in _FOLDERS if (self.root / name).is_dir()]
        kept += [path for path in self.root.iterdir() if path.is_file() and path.name.startswith(_FILES)]
        return sorted(path for path in kept if path.stat().st_mode & _OTHERS)

    def close_off(self) -> None:
        """Let nobody but the owner into what is kept here; a folder that was there before may hold other things too."""
        for path in self.exposed():
            path.chmod(path.stat().st_mode & ~_OTHERS)

    def _folder(self, name: str) -> Path:
        path = self.root / name
        if not self.read_only:
            path.mkdir(exist_ok=True, mode=0o700)
        return path


def _seen(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder and is whole: what begins with a dot, or is only half written, is not."""
    kept = folder.iterdir() if folder.is_dir() else iter(())
    yield from (path for path in kept if not path.name.startswith(".") and path.name != "partial")


def _secret_in(path: Path) -> bytes:
    found = path.read_bytes()
    if len(found) < _SECRET:
        raise ConfigError(
            f"The secret in {path} has {len(found)} bytes, and at least {_SECRET} are needed.",
            hint="Put a backup of it in its place; without it, models that were signed with it cannot be opened.",
        )
    return found
