"""The tables of the records: what is kept of runs, datasets, services and the engine itself.

Times are seconds since 1970 (UTC) by the clock of the machine that wrote them; they are shown, never compared
between machines. Everything a user makes carries `project` and `actor`.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)
NAME = String(200)
IDENTIFIER = String(64)
COUNTER = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only for INTEGER


def _made_by_a_user() -> list[Column[Any]]:
    return [
        Column("project", NAME, nullable=False),
        Column("actor", NAME, nullable=False),
        Column("created", Float, nullable=False),
    ]


def _run() -> Column[Any]:
    return Column("run", IDENTIFIER, ForeignKey("runs.id"), primary_key=True, nullable=False)


RUNS = Table(
    "runs",
    METADATA,
    Column("id", IDENTIFIER, primary_key=True),
    Column("number", Integer, nullable=False),  # 1, 2, ...: the order of request, whatever the clock says
    *_made_by_a_user(),
    Column("pipeline", NAME, nullable=False),
    Column("document", JSON, nullable=False),
    Column("environment", NAME, nullable=False),
    Column("engine", String(20), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("options", JSON, nullable=False),
    Column("status", String(20), nullable=False),
    Column("error", JSON),
    Column("cancel_requested", Boolean, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Column("seconds", Float),
    Column("key", IDENTIFIER),  # of the gesture that asked; the same gesture asks for the same run
    Index("ix_runs_number", "number", unique=True),
    Index("ix_runs_key", "key", unique=True),
    Index("ix_runs_status", "status"),
    Index("ix_runs_pipeline", "project", "pipeline", "number"),
)

EVENTS = Table(
    "events",
    METADATA,
    _run(),
    Column("seq", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("node", NAME),
    Column("attempt", Integer),
    Column("token", IDENTIFIER),
    Column("payload", JSON, nullable=False),
)

ATTEMPTS = Table(
    "attempts",
    METADATA,
    _run(),
    Column("node", NAME, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("token", IDENTIFIER, nullable=False, unique=True),
    Column("status", String(20), nullable=False),
    Column("digest", IDENTIFIER),
    Column("started", Float, nullable=False),
    Column("ended", Float),
    Column("seconds", Float),
    Column("error", JSON),
    Column("memory", BigInteger),
)

RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("digest", IDENTIFIER, primary_key=True),
    Column("parts", JSON, nullable=False),
    Column("outputs", JSON, nullable=False),
    Column("schema", JSON, nullable=False),
    Column("run", IDENTIFIER, nullable=False),
    Column("node", NAME, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("created", Float, nullable=False),
)

LOGS = Table(
    "logs",
    METADATA,
    Column("id", COUNTER, primary_key=True),
    Column("run", IDENTIFIER, nullable=False),
    Column("node", NAME, nullable=False),
    Column("at", Float, nullable=False),
    Column("level", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_logs_run", "run", "id"),
)

PROGRESS = Table(
    "progress",
    METADATA,
    Column("id", COUNTER, primary_key=True),
    Column("run", IDENTIFIER, nullable=False),
    Column("node", NAME, nullable=False),
    Column("step", Integer, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_progress_run", "run", "id"),
)

CHECKPOINTS = Table(
    "checkpoints",
    METADATA,
    Column("run", IDENTIFIER, primary_key=True),
    Column("node", NAME, primary_key=True),
    Column("state", JSON, nullable=False),
    Column("at", Float, nullable=False),
)

DATASETS = Table(
    "datasets",
    METADATA,
    Column("name", NAME, primary_key=True),
    Column("version", Integer, primary_key=True),
    *_made_by_a_user(),
    Column("content_hash", IDENTIFIER, nullable=False),
    Column("manifest", JSON, nullable=False),
    Column("key", IDENTIFIER),  # of the gesture that asked; the same gesture makes one version of a dataset
    Index("ix_datasets_name_key", "name", "key", unique=True),
)

SERVICES = Table(
    "services",
    METADATA,
    Column("name", NAME, primary_key=True),
    *_made_by_a_user(),
    Column("model", NAME, nullable=False),
    Column("version", String(40), nullable=False),
    Column("environment", NAME, nullable=False),
    Column("share", JSON, nullable=False),
    Column("options", JSON, nullable=False),
    Column("wanted", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("message", Text, nullable=False),
    Column("port", Integer),
    Column("url", Text, nullable=False),
    Column("updated", Float, nullable=False),
    Column("devices", JSON, nullable=False, server_default="[]"),
    Column("seen", Float),  # when an engine last looked at it
)

DRIFT_REPORTS = Table(
    "drift_reports",
    METADATA,
    Column("id", COUNTER, primary_key=True),
    *_made_by_a_user(),
    Column("service", NAME, nullable=False),
    Column("window", JSON, nullable=False),
    Column("report", JSON, nullable=False),
    Column("key", IDENTIFIER),  # of the gesture that asked; the same gesture makes one report of a service
    Index("ix_drift_reports_service", "service", "id"),
    Index("ix_drift_reports_service_key", "service", "key", unique=True),
)

LEASES = Table(
    "leases",
    METADATA,
    Column("name", NAME, primary_key=True),
    Column("pid", Integer, nullable=False),
    Column("host", NAME, nullable=False),
    Column("started", Float, nullable=False),
    Column("heartbeat", Float, nullable=False),
    Column("detail", JSON, nullable=False),
)

PROCESSES = Table(
    "processes",
    METADATA,
    Column("host", NAME, primary_key=True),
    Column("pid", Integer, primary_key=True),
    Column("name", NAME, nullable=False),
    Column("started", Float, nullable=False),  # as the kernel says: a pid is used again, a pid and its start are not
)

ENVIRONMENTS = Table(
    "environments",
    METADATA,
    Column("name", NAME, primary_key=True),
    *_made_by_a_user(),
    Column("policy", String(20), nullable=False),
    Column("quota", JSON, nullable=False),
    Column("scheduling", String(40), nullable=False, server_default="best_fit"),
    Column("level", String(20), nullable=False, server_default=""),
    Column("projects", JSON, nullable=False, server_default="{}"),
    Column("pool", JSON, nullable=False, server_default="{}"),
)

ENVIRONMENT_CHANGES = Table(
    "environment_changes",
    METADATA,
    Column("number", COUNTER, primary_key=True, autoincrement=True),
    Column("name", NAME, nullable=False),
    Column("at", Float, nullable=False),
    Column("actor", NAME, nullable=False),
    Column("before", JSON),
    Column("after", JSON),
    Index("ix_environment_changes_name", "name", "number"),
)

WAITS = Table(
    "waits",
    METADATA,
    Column("token", IDENTIFIER, primary_key=True),
    Column("environment", NAME, nullable=False),
    Column("reason", JSON, nullable=False),
    Column("told", Float, nullable=False),
)

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("number", COUNTER, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("run", IDENTIFIER, nullable=False),
    Column("node", NAME, nullable=False),
    Column("environment", NAME, nullable=False),
    Column("what", String(20), nullable=False),
    Column("devices", JSON, nullable=False),
    Column("policy", String(40), nullable=False),
    Column("why", String(40), nullable=False),
    Column("whom", NAME, nullable=False),
    Column("waited", Float, nullable=False),
    Column("share", Integer, nullable=False, server_default="0"),
    Column("alternatives", JSON, nullable=False, server_default="[]"),
)

USAGE = Table(
    "usage",
    METADATA,
    Column("number", COUNTER, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("environment", NAME, nullable=False),
    Column("cpu", BigInteger, nullable=False),
    Column("gpu", BigInteger, nullable=False),
    Column("memory", BigInteger, nullable=False),
    Column("running", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    Index("ix_usage_at", "at"),
)

DEVICES = Table(
    "devices",
    METADATA,
    Column("name", NAME, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("why", JSON, nullable=False),
    Column("actor", NAME, nullable=False),
    Column("since", Float, nullable=False),
)

SETTINGS = Table(
    "settings",
    METADATA,
    Column("key", NAME, primary_key=True),
    *_made_by_a_user(),
    Column("value", JSON, nullable=False),
)

JOBS = Table(
    "jobs",
    METADATA,
    Column("id", IDENTIFIER, primary_key=True),
    Column("number", Integer, nullable=False),  # 1, 2, ...: the order of request
    *_made_by_a_user(),
    Column("kind", String(40), nullable=False),
    Column("subject", NAME, nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("key", IDENTIFIER),  # of the gesture that asked; the same gesture asks for the same job
    Column("status", String(20), nullable=False),
    Column("progress", JSON, nullable=False),
    Column("result", JSON),
    Column("error", JSON),
    Column("cancel_requested", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Column("seconds", Float),
    Index("ix_jobs_number", "number", unique=True),
    Index("ix_jobs_key", "key", unique=True),
    Index("ix_jobs_status", "status"),
    Index("ix_jobs_kind", "kind", "subject", "number"),
)

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("name", NAME, primary_key=True),
    *_made_by_a_user(),
    Column("document", JSON, nullable=False),
    Column("revision", Integer, nullable=False),  # grows with every change, undo included
    Column("position", Integer, nullable=False),  # of the step that the document is at
    Column("updated", Float, nullable=False),
    Column("nodes", Integer, nullable=False, server_default="0"),  # counted when it was changed, for lists
    Column("problems", Integer, nullable=False, server_default="0"),
    Column("change", JSON),  # the last one: {"actor", "operation"}
    Column("deleted", Float),  # when it was put away; such a draft can be taken back
)

DRAFT_STEPS = Table(
    "draft_steps",
    METADATA,
    Column("draft", NAME, ForeignKey("drafts.name", ondelete="CASCADE"), primary_key=True, nullable=False),
    Column("position", Integer, primary_key=True),
    Column("actor", NAME, nullable=False),
    Column("at", Float, nullable=False),
    Column("operation", JSON, nullable=False),
    Column("document", JSON, nullable=False),  # after the operation
)

DRAFT_VERSIONS = Table(
    "draft_versions",
    METADATA,
    Column("draft", NAME, ForeignKey("drafts.name", ondelete="CASCADE"), primary_key=True, nullable=False),
    Column("number", Integer, primary_key=True),
    *_made_by_a_user(),
    Column("label", NAME, nullable=False),
    Column("document", JSON, nullable=False),
)

DELETIONS = Table(
    "deletions",
    METADATA,
    Column("id", IDENTIFIER, primary_key=True),  # of the gesture, which may have deleted several things
    Column("kind", String(40), primary_key=True),
    Column("subject", NAME, primary_key=True),
    Column("part", String(64), primary_key=True),  # a version or a number; empty for the whole
    *_made_by_a_user(),
    Column("place", Integer, nullable=False),  # 0 for what was asked for, more for what goes with it
    Column("claimed", Float),  # when its files began to be removed: from then on it cannot be taken back
    Column("freed", Float),  # when they were gone
    Column("bytes", BigInteger, nullable=False),
    Index("ix_deletions_kind", "kind", "subject", "part"),
    Index("ix_deletions_freed", "freed"),
)
