"""The ingestor's tables beside the ledger's. Times are whole microseconds since 1970, UTC."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, String, Table, Text

metadata = MetaData()

sources = Table(
    "source",
    metadata,
    Column("id", String, primary_key=True),
    Column("repository", String, nullable=False),
    Column("ref", String, nullable=False),
    Column("path", String, nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("answered", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("wanted", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("state", String, nullable=False),
    Column("branch", String, nullable=False),
    Column("commit", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("incomplete", Boolean, nullable=False),
    Column("read_at", BigInteger, nullable=False),
    Column("problems", Text, nullable=False),
)
reasons = Table(
    "source_reason",
    metadata,
    Column("source", String, primary_key=True),
    Column("reason", String, primary_key=True),
)
reads = Table(
    "source_read",
    metadata,
    Column("source", String, primary_key=True),
    Column("repository", String, primary_key=True),  # or the URL of a file that is in none
)
former_names = Table(
    "former_name",
    metadata,
    Column("former", String, primary_key=True),
    Column("repository", String, nullable=False),
)
locations = Table(
    "registered_location",
    metadata,
    Column("id", String, primary_key=True),
    Column("type", String, nullable=False),
    Column("target", String, nullable=False),
)
orphans = Table(
    "orphan",
    metadata,
    Column("ref", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("kept", Boolean, nullable=False),
)
verdicts = Table(
    "proposal_verdict",
    metadata,
    Column("source", String, primary_key=True),
    Column("dismissed", Boolean, nullable=False),
    Column("pull_request", String, nullable=False),
)
places = Table(
    "topic_place",
    metadata,
    Column("place", String, primary_key=True),
    Column("generation", String, nullable=False),
    Column("position", BigInteger, nullable=False),
)
