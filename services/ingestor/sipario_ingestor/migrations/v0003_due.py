"""What is due is found by an index of those alone that somebody waits for, however many sources there are."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the index."""
    waited_for = sa.text("asked > answered")
    op.create_index(
        "source_due",
        "source",
        ["due_at", "id"],
        sqlite_where=waited_for,
        postgresql_where=waited_for,
    )
