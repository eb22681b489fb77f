"""The ingestor's first tables: sources, why they are read, what else they read, locations, and places in topics."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _make_sources()
    op.create_table(
        "source_reason",
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("reason", sa.String, primary_key=True),
    )
    op.create_index("source_reason_reason", "source_reason", ["reason"])
    op.create_table(
        "source_read",
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("repository", sa.String, primary_key=True),
    )
    op.create_index("source_read_repository", "source_read", ["repository"])
    op.create_table(
        "registered_location",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("target", sa.String, nullable=False, unique=True),
    )
    op.create_table(
        "topic_place",
        sa.Column("place", sa.String, primary_key=True),
        sa.Column("generation", sa.String, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
    )


def _make_sources() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("repository", sa.String, nullable=False, index=True),
        sa.Column("ref", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("asked", sa.BigInteger, nullable=False),
        sa.Column("answered", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("wanted", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("branch", sa.String, nullable=False),
        sa.Column("commit", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("incomplete", sa.Boolean, nullable=False),
        sa.Column("absences", sa.Integer, nullable=False),
        sa.Column("read_at", sa.BigInteger, nullable=False),
        sa.Column("problems", sa.Text, nullable=False),
    )
