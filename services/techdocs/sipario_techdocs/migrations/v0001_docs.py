"""The first tables: where docs come from, what is to be built, and what is served."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    _make_sources()
    _make_sites()
    op.create_table(
        "docs_place",
        sa.Column("projection", sa.String, primary_key=True),
        sa.Column("generation", sa.String, nullable=False),
        sa.Column("positions", sa.LargeBinary, nullable=False),
    )


def _make_sources() -> None:
    op.create_table(
        "docs_source",
        sa.Column("ref", sa.String, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("documented", sa.Boolean, nullable=False),
        sa.Column("repository", sa.String, nullable=False),
        sa.Column("location", sa.String, nullable=False),
        sa.Column("entity", sa.LargeBinary, nullable=False),
    )
    op.create_index("docs_source_repository", "docs_source", ["repository"])
    op.create_table(
        "docs_job",
        sa.Column("ref", sa.String, primary_key=True),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("hint", sa.String, nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
    )
    op.create_index("docs_job_turn", "docs_job", ["turn"])


def _make_sites() -> None:
    op.create_table(
        "docs_site",
        sa.Column("ref", sa.String, primary_key=True),
        sa.Column("etag", sa.String, nullable=False),
        sa.Column("commit", sa.String, nullable=False),
        sa.Column("built_at", sa.BigInteger, nullable=False),
        sa.Column("about", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "docs_page",
        sa.Column("ref", sa.String, primary_key=True),
        sa.Column("path", sa.String, primary_key=True),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("blob", sa.String, nullable=False),
        sa.Column("facts", sa.LargeBinary, nullable=False),
    )
    op.create_index("docs_page_url", "docs_page", ["ref", "url"])
    op.create_table(
        "docs_asset",
        sa.Column("ref", sa.String, primary_key=True),
        sa.Column("path", sa.String, primary_key=True),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("blob", sa.String, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
    )
