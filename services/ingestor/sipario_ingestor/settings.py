"""What the ingestor can be told."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sipario_scm import PACK_BYTES

from sipario_ingestor import NAME


class Settings(BaseSettings):
    """The ingestor's own settings, from `INGESTOR_*` variables; lists as JSON.

    `ledger` is where versions and sources are kept, `data` the folder of the mirrors. `webhook_secrets`: one that
    fits is enough, so that they can be changed one after the other; without any, no webhook is believed.
    `reconcile_seconds` between two looks at everything, `workers` repositories are read at a time. `entity_files`
    is where entities are looked for in a repository that no configuration says more of.
    `processor_seconds` is how long a processor of a plugin may take for one entity. `most_fetch_bytes` is how much may
    be fetched of a repository at a time, packed as it is sent.
    """

    model_config = SettingsConfigDict(env_prefix=f"{NAME.upper()}_", frozen=True)

    ledger: str = "sqlite:///ingestor.db"
    data: Path = Path("ingestor")
    webhook_secrets: tuple[SecretStr, ...] = ()
    reconcile_seconds: float = 900.0
    workers: int = 4
    entity_files: str = ""
    processor_seconds: float = 10.0
    most_fetch_bytes: int = PACK_BYTES
