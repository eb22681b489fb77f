"""The ledger's first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_sequence = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make entries, heads, claims, deliveries, the positions of relays and the floor of versions."""
    _make_entries()
    _make_heads()
    _make_claims()
    _make_deliveries()
    op.create_table(
        "ledger_position",
        sa.Column("relay", sa.String, primary_key=True),
        sa.Column("generation", sa.String, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("heads_published", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_floor", sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False)
    )


def _make_entries() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("seq", _sequence, primary_key=True, autoincrement=False),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("identity", sa.String, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("key", sa.String, nullable=False, server_default=""),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("repository", sa.String, nullable=False),
        sa.Column("commit", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("committed_at", sa.BigInteger),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("topic", "identity", "version", name="ledger_entry_version"),
    )


def _make_heads() -> None:
    op.create_table(
        "ledger_head",
        sa.Column("topic", sa.String, primary_key=True),
        sa.Column("identity", sa.String, primary_key=True),
        sa.Column("seq", _sequence, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ledger_head_seq", "ledger_head", ["seq"], unique=True)
    op.create_index("ledger_head_origin", "ledger_head", ["origin"])


def _make_claims() -> None:
    op.create_table(
        "ledger_claim",
        sa.Column("identity", sa.String, primary_key=True),
        sa.Column("topic", sa.String, primary_key=True),
        sa.Column("origin", sa.String, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ledger_claim_origin", "ledger_claim", ["origin"])


def _make_deliveries() -> None:
    op.create_table(
        "ledger_delivery",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ledger_delivery_at", "ledger_delivery", ["at"])
