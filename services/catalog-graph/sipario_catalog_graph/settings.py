"""What catalog-graph needs to know of its graph."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The Neo4j that keeps the graph, and more, from `CATALOG_GRAPH_*` variables.

    `neo4j_database`: empty means the server's home database. `impact_limit` bounds the entities of one answer;
    a longer one is cut, and says so. `ingestor_url` is where former times are remembered, when the ingestor does not
    live in this process.
    """

    model_config = SettingsConfigDict(env_prefix="CATALOG_GRAPH_", frozen=True)

    neo4j_url: str = "bolt://127.0.0.1:7687"
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr = SecretStr("")
    neo4j_database: str = ""
    impact_limit: int = 5_000
    ingestor_url: str = ""
