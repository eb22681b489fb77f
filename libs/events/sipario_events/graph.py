"""What catalog-graph says once a change can be seen."""

from typing import ClassVar

from sipario_model import Relation

from sipario_events.event import Event

GRAPH = "graph.changes.v1"


class GraphChanged(Event):
    """An entity's new version is in the graph and in the read model: whoever asks now, sees it.

    `added` and `removed` are relations that came and went with it, canonical direction; `affected` names the refs
    at their other ends.
    """

    topic: ClassVar[str] = GRAPH

    ref: str
    version: int
    gone: bool = False
    added: tuple[Relation, ...] = ()
    removed: tuple[Relation, ...] = ()
    affected: tuple[str, ...] = ()

    def key(self) -> str:
        """Keep the changes of one entity in order."""
        return self.ref
