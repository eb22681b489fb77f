"""What a forge is told when it starts."""

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1024 * 1024


class SystemHook(BaseModel, frozen=True):
    """An address that hears of every repository, also of those made later."""

    url: str
    secret: SecretStr = SecretStr("")


class Settings(BaseSettings):
    """Read from FORGE_* in the environment; lists and hooks as JSON."""

    model_config = SettingsConfigDict(env_prefix="FORGE_", frozen=True)

    data: Path
    user: str = "sipario"
    token: SecretStr = Field(min_length=1)
    host: str = "127.0.0.1"
    port: int = 0
    url: str = ""
    hosts: tuple[str, ...] = ()
    hooks: tuple[SystemHook, ...] = ()
    most_push_bytes: int = 1024 * MEBIBYTE
