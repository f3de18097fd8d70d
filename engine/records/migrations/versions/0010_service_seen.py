"""When an engine last looked at a service."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("services", sa.Column("seen", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("services", "seen")
