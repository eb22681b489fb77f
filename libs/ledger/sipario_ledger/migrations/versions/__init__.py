"""The revisions of the ledger's tables, oldest first by name."""
