"""The ledger's tables. Times are whole microseconds since 1970, UTC: the same on every database."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()

# An INTEGER primary key is the row's address on SQLite; a BIGINT would cost an index of its own.
_Sequence = BigInteger().with_variant(Integer, "sqlite")

entries = Table(
    "ledger_entry",
    metadata,
    Column("seq", _Sequence, primary_key=True, autoincrement=False),
    Column("topic", String, nullable=False),
    Column("identity", String, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("key", String, nullable=False, server_default=""),  # empty: the same as identity
    Column("gone", Boolean, nullable=False),
    Column("digest", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("repository", String, nullable=False),
    Column("commit", String, nullable=False),
    Column("author", String, nullable=False),
    Column("committed_at", BigInteger),
    Column("actor", String, nullable=False),
    Column("body", LargeBinary, nullable=False),  # zlib
    UniqueConstraint("topic", "identity", "version", name="ledger_entry_version"),
)

heads = Table(
    "ledger_head",
    metadata,
    Column("topic", String, primary_key=True),
    Column("identity", String, primary_key=True),
    Column("seq", _Sequence, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("digest", String, nullable=False),
    Column("origin", String, nullable=False),
    sqlite_with_rowid=False,
)
Index("ledger_head_seq", heads.c.seq, unique=True)
Index("ledger_head_origin", heads.c.origin)

claims = Table(
    "ledger_claim",
    metadata,
    Column("identity", String, primary_key=True),
    Column("topic", String, primary_key=True),
    Column("origin", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("ledger_claim_origin", claims.c.origin)

deliveries = Table(
    "ledger_delivery",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("ledger_delivery_at", deliveries.c.at)

positions = Table(
    "ledger_position",
    metadata,
    Column("relay", String, primary_key=True),
    Column("generation", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("heads_published", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

floors = Table(
    "ledger_floor",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
)
