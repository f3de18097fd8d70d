"""How much memory an attempt took."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempts", sa.Column("memory", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("attempts", "memory")
