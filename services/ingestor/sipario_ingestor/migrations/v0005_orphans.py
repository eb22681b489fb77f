"""What nothing declares any more may stay for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "orphan",
        sa.Column("ref", sa.String, primary_key=True),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("kept", sa.Boolean, nullable=False),
    )
    op.create_index("orphan_source", "orphan", ["source"])
