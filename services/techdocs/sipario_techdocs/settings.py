"""What techdocs can be told."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from sipario_techdocs import NAME


class Settings(BaseSettings):
    """The service's own settings, from `TECHDOCS_*` variables.

    `data` is its own folder: rendered pages, assets and mirrors. `ledger` is its database; empty means SQLite in that
    folder. `builders` is how many sites are built at once. `page_seconds` is how much of a processor
    one page may take to render. `look_seconds` is how often repositories are looked at that only docs are in.
    """

    model_config = SettingsConfigDict(env_prefix=f"{NAME.upper()}_", frozen=True)

    data: Path = Path("techdocs")
    ledger: str = ""
    builders: int = 2
    page_seconds: float = 10.0
    look_seconds: float = 900.0

    @property
    def database(self) -> str:
        """The URL of the ledger."""
        return self.ledger or f"sqlite:///{self.data / 'techdocs.db'}"
