"""Alembic revisions of the ingestor's own tables."""
