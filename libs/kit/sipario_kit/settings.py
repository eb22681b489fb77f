"""What every service needs to know of its surroundings."""

from pathlib import Path

from pydantic import PrivateAttr, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from sipario_kit.attention import NoticeBoard
from sipario_kit.lookout import Lookout
from sipario_kit.precedence import Precedence


class CommonSettings(BaseSettings):
    """Surroundings of a service, from `SIPARIO_*` variables.

    `fetch_max_wait_ms`: how long a broker may hold a fetch with nothing to say. Apache Kafka answers as soon as there
    is data (500 is fine); the embedded broker looks again only when half of it is over (small is quick, and costs CPU).
    `rests`: everybody who speaks to the broker lives in this process, so consumers need not ask for news all the time.
    `service_key` signs the tokens by which services know each other's callers; `config` lists configuration files.
    """

    model_config = SettingsConfigDict(env_prefix="SIPARIO_", frozen=True)

    kafka: str = "127.0.0.1:9092"
    fetch_max_wait_ms: int = 500
    rests: bool = False
    partitions: int = 6
    replication: int = 1
    service_key: SecretStr = SecretStr("")
    config: tuple[Path, ...] = ()
    log_level: str = "info"
    log_format: str = "text"
    _notice_board: NoticeBoard = PrivateAttr(default_factory=NoticeBoard)
    _lookout: Lookout = PrivateAttr(default_factory=Lookout)
    _precedence: Precedence = PrivateAttr(default_factory=Precedence)

    @property
    def notice_board(self) -> NoticeBoard:
        """What this process published: the services that share these settings share it."""
        return self._notice_board

    @property
    def lookout(self) -> Lookout:
        """What this process saw of the broker's life: the services that share these settings share it."""
        return self._lookout

    @property
    def precedence(self) -> Precedence:
        """Who of this process catches up first: the services that share these settings share it."""
        return self._precedence
