"""Processors: what is done with each entity between its file and the catalog."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sipario_model import LocationRef

from sipario_plugin.emit import Emit
from sipario_plugin.sight import Sight

Entity: TypeAlias = dict[str, Any]


def everything(_entity: Entity) -> bool:
    """Want every entity."""
    return True


@dataclass(frozen=True, slots=True)
class Processor:
    """Hooks, in the order in which they are called; those left out are skipped.

    `wants` is asked on the spot for each entity of the catalog and must answer at once, from the entity alone. Hooks
    are called only for what it wants; each has a few seconds, and works on a copy that is its own. What a hook raises
    becomes a problem of the entity, which goes on as it was before that hook.

    - `pre_process` returns the entity as it is to be checked. Kind, namespace and name stay as they are.
    - `validate_kind` tells whether this is an entity of a kind that the processor knows; ValueError says what is
      wrong with one.
    - `read_location` is asked for each target of a Location whose type nobody else reads; the first that returns
      True has read it, and emitted what is there.
    - `post_process` returns the entity as it is to be catalogued: checked, with namespace and annotations.
    """

    wants: Callable[[Entity], bool] = everything
    pre_process: Callable[[Entity, Sight, Emit], Entity] | None = None
    validate_kind: Callable[[Entity, Sight, Emit], bool] | None = None
    read_location: Callable[[LocationRef, Sight, Emit], bool] | None = None
    post_process: Callable[[Entity, Sight, Emit], Entity] | None = None
