"""Alembic's room: its door and the revisions of the ledger's tables."""
