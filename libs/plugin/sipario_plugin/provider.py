"""Providers: whatever is no Git repository and still has entities, asked now and then for all of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sipario_plugin.surroundings import Surroundings

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Found:
    """Either an entity, or the bytes of a YAML file with entities, and where it was found.

    `location` is a location ref or URL; the entities get it as both of their location annotations. An entity may be
    of any kind, since the provider is configured; those of a file are judged by `catalog.rules` for that location.
    """

    location: str
    entity: Mapping[str, Any] | None = None
    content: bytes | None = None

    def __post_init__(self) -> None:
        """Refuse both and neither."""
        if (self.entity is None) == (self.content is None):
            raise ValueError("something that is found is either an entity, or the content of a file")


@dataclass(frozen=True, slots=True)
class Provider:
    """One entry of `catalog.providers`, ready to be asked.

    - `read` gives everything there is, whole: what it does not give any more is gone. It blocks, on a thread of its
      own, for `schedule.timeout` at most. It raises Unreadable, or anything else, when it can't give all: then what
      was there stays. With `later` it is tried again soon, otherwise when it is its time.
    - `seconds` pass between two readings, when its entry has no `schedule.frequency`.
    - `hears` is asked for what is heard of Git hosts: the change (`pushed`, `removed`, `membership`, …) and the fields
      of the event in `scm.events.v1`. With True it is read again at once. It must answer at once.
    """

    read: Callable[[], Iterable[Found]]
    seconds: float = HOUR
    hears: Callable[[str, Mapping[str, Any]], bool] | None = None


Making: TypeAlias = Callable[[str, Mapping[str, Any], Surroundings], Provider | None]
"""Makes a provider of the name and the keys of an entry; None when the entry asks for no entities.

Raises ValueError that names the key that is wrong.
"""
