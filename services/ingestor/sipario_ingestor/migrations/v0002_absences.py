"""How often a host denied having a source is counted no more: nothing was decided by it."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Drop the count."""
    op.drop_column("source", "absences")
