"""How repositories were called before is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "former_name",
        sa.Column("former", sa.String, primary_key=True),
        sa.Column("repository", sa.String, nullable=False),
    )
