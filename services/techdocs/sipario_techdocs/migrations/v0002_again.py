"""Builds that are put off: how often, until when, and whether what is known was told already."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Let every job that waits be due now."""
    op.add_column("docs_job", sa.Column("tries", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("docs_job", sa.Column("due", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("docs_job", sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("docs_job_due", "docs_job", ["due"])
