"""The gateway's first table: sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the sessions' table."""
    op.create_table(
        "gateway_session",
        sa.Column("fingerprint", sa.String, primary_key=True),
        sa.Column("ref", sa.String, nullable=False),
        sa.Column("display_name", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("picture", sa.String, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("seen", sa.Float, nullable=False),
    )
