"""What search needs to know of its index."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The OpenSearch that keeps the index, from `SEARCH_*` variables.

    `index` is what the names of its indices and aliases begin with. `opensearch_ca`: the certificates to trust, when
    they are not the system's. `shards` counts for indices made from now on; a rebuild makes one.
    """

    model_config = SettingsConfigDict(env_prefix="SEARCH_", frozen=True)

    opensearch_url: str = "http://127.0.0.1:9200"
    opensearch_user: str = ""
    opensearch_password: SecretStr = SecretStr("")
    opensearch_ca: Path | None = None
    index: str = "sipario-search"
    shards: int = 1
    replicas: str = "0-1"
