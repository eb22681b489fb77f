"""What people said of proposals is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "proposal_verdict",
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("dismissed", sa.Boolean, nullable=False),
        sa.Column("pull_request", sa.String, nullable=False),
    )
