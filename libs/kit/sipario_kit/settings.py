"""What every service needs to know of its surroundings."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class CommonSettings(BaseSettings):
    """Surroundings of a service, from `SIPARIO_*` variables.

    `fetch_max_wait_ms`: how long a broker may hold a fetch with nothing to say. Apache Kafka answers as soon as there
    is data (500 is fine); the embedded broker looks again only when half of it is over (small is quick, and costs CPU).
    `service_key` signs the tokens by which services know each other's callers; `config` lists configuration files.
    """

    model_config = SettingsConfigDict(env_prefix="SIPARIO_", frozen=True)

    kafka: str = "127.0.0.1:9092"
    fetch_max_wait_ms: int = 500
    partitions: int = 6
    replication: int = 1
    service_key: SecretStr = SecretStr("")
    config: tuple[Path, ...] = ()
    log_level: str = "info"
    log_format: str = "text"
