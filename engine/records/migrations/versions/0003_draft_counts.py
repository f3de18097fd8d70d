"""What a list of drafts shows without their documents, who changed a draft last, and drafts put away."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("nodes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("drafts", sa.Column("problems", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("drafts", sa.Column("change", sa.JSON(), nullable=True))
    op.add_column("drafts", sa.Column("deleted", sa.Float(), nullable=True))


def downgrade() -> None:
    for name in ("deleted", "change", "problems", "nodes"):
        op.drop_column("drafts", name)
