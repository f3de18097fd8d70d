"""What was deleted: hidden at once, taken back within half a minute, and removed for good after that."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deletions",
        sa.Column("id", sa.String(64), primary_key=True, nullable=False),
        sa.Column("kind", sa.String(40), primary_key=True, nullable=False),
        sa.Column("subject", sa.String(200), primary_key=True, nullable=False),
        sa.Column("part", sa.String(64), primary_key=True, nullable=False),
        sa.Column("project", sa.String(200), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("claimed", sa.Float(), nullable=True),
        sa.Column("freed", sa.Float(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "kind", "subject", "part", name="pk_deletions"),
    )
    op.create_index("ix_deletions_kind", "deletions", ["kind", "subject", "part"])
    op.create_index("ix_deletions_freed", "deletions", ["freed"])


def downgrade() -> None:
    op.drop_table("deletions")
