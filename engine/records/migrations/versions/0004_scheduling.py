"""How environments schedule and were changed, why tasks wait, what was decided, and which devices are down."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME = sa.String(200)
IDENTIFIER = sa.String(64)
COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("environments", sa.Column("scheduling", sa.String(40), nullable=False, server_default="best_fit"))
    op.add_column("environments", sa.Column("level", sa.String(20), nullable=False, server_default=""))
    op.add_column("environments", sa.Column("projects", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "environment_changes",
        sa.Column("number", COUNTER, autoincrement=True, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("actor", NAME, nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_environment_changes"),
    )
    op.create_index("ix_environment_changes_name", "environment_changes", ["name", "number"])
    op.create_table(
        "waits",
        sa.Column("token", IDENTIFIER, nullable=False),
        sa.Column("environment", NAME, nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("told", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_waits"),
    )
    op.create_table(
        "decisions",
        sa.Column("number", COUNTER, autoincrement=True, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("run", IDENTIFIER, nullable=False),
        sa.Column("node", NAME, nullable=False),
        sa.Column("environment", NAME, nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("devices", sa.JSON(), nullable=False),
        sa.Column("policy", sa.String(40), nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("whom", NAME, nullable=False),
        sa.Column("waited", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_decisions"),
    )
    op.create_table(
        "devices",
        sa.Column("name", NAME, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("actor", NAME, nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", "kind", name="pk_devices"),
    )
    op.create_table(
        "usage",
        sa.Column("number", COUNTER, autoincrement=True, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("environment", NAME, nullable=False),
        sa.Column("cpu", sa.BigInteger(), nullable=False),
        sa.Column("gpu", sa.BigInteger(), nullable=False),
        sa.Column("memory", sa.BigInteger(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_usage"),
    )
    op.create_index("ix_usage_at", "usage", ["at"])


def downgrade() -> None:
    for name in ("usage", "devices", "decisions", "waits", "environment_changes"):
        op.drop_table(name)
    for name in ("projects", "level", "scheduling"):
        op.drop_column("environments", name)
