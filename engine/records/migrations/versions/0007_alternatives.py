"""What share a decision gave, and what else could have been."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions", sa.Column("share", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("decisions", sa.Column("alternatives", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for name in ("alternatives", "share"):
        op.drop_column("decisions", name)
