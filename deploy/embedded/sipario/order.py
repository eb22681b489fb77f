"""Which services there are, and in which order they start."""

# Who listens starts before who speaks, and the door opens last.
ORDER = ("catalog-graph", "search", "techdocs", "ingestor", "gateway")
