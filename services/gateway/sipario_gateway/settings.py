"""What the gateway can be told."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sipario_kit.waiting import LONGEST_SECONDS

from sipario_gateway import NAME


class Settings(BaseSettings):
    """The gateway's own settings, from `GATEWAY_*` variables.

    `ledger` is where sessions are kept. `upstreams` maps a service to its address, for those that do not live in
    this process. `public_url` is how browsers reach it (sign-in needs it). `guest` lets anybody in who comes over
    loopback: for the demo. `operator_token` opens every API. Session limits are in seconds,
    and so is `wait`: how long a read waits for a write at most.
    """

    model_config = SettingsConfigDict(env_prefix=f"{NAME.upper()}_", frozen=True)

    ledger: str = "sqlite:///gateway.db"
    upstreams: dict[str, str] = {}
    public_url: str = "http://127.0.0.1:7007"
    guest: bool = False
    operator_token: SecretStr = SecretStr("")
    session_idle: int = 30 * 60
    session_absolute: int = 12 * 60 * 60
    session_key: SecretStr = SecretStr("")
    wait: float = Field(10.0, gt=0, le=LONGEST_SECONDS)
