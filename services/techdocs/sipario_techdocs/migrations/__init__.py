"""The revisions of the tables of techdocs, oldest first by name."""
