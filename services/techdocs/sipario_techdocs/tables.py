"""The service's own tables, beside its ledger."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, MetaData, String, Table, false

metadata = MetaData()

sources = Table(
    "docs_source",
    metadata,
    Column("ref", String, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("documented", Boolean, nullable=False),
    Column("repository", String, nullable=False),
    Column("location", String, nullable=False),
    Column("entity", LargeBinary, nullable=False),
)
Index("docs_source_repository", sources.c.repository)

jobs = Table(
    "docs_job",
    metadata,
    Column("ref", String, primary_key=True),
    Column("turn", BigInteger, nullable=False),
    Column("hint", String, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("tries", BigInteger, nullable=False, server_default="0"),
    Column("due", BigInteger, nullable=False, server_default="0"),
    Column("told", Boolean, nullable=False, server_default=false()),
)
Index("docs_job_turn", jobs.c.turn)
Index("docs_job_due", jobs.c.due)

sites = Table(
    "docs_site",
    metadata,
    Column("ref", String, primary_key=True),
    Column("etag", String, nullable=False),
    Column("commit", String, nullable=False),
    Column("built_at", BigInteger, nullable=False),
    Column("about", LargeBinary, nullable=False),
)

pages = Table(
    "docs_page",
    metadata,
    Column("ref", String, primary_key=True),
    Column("path", String, primary_key=True),
    Column("url", String, nullable=False),
    Column("title", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("blob", String, nullable=False),
    Column("facts", LargeBinary, nullable=False),
)
Index("docs_page_url", pages.c.ref, pages.c.url)

assets = Table(
    "docs_asset",
    metadata,
    Column("ref", String, primary_key=True),
    Column("path", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("blob", String, nullable=False),
    Column("size", BigInteger, nullable=False),
)

places = Table(
    "docs_place",
    metadata,
    Column("projection", String, primary_key=True),
    Column("generation", String, nullable=False),
    Column("positions", LargeBinary, nullable=False),
)
