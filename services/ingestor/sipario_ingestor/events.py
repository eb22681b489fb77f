"""What the ingestor hears, and what it says: that the relay takes from the ledger."""

from sipario_events import ENTITIES, SCM, EntityChanged, RepositoryChanged
from sipario_kit.projector import Projector
from sipario_kit.subscription import Subscription

from sipario_ingestor import NAME
from sipario_ingestor.inbox import Inbox

SAYS = ((SCM, RepositoryChanged), (ENTITIES, EntityChanged))


def subscriptions(inbox: Inbox) -> tuple[Subscription, ...]:
    """Make the table of topics."""
    projector = Projector("sources", inbox, decode=RepositoryChanged.read)
    return (Subscription(SCM, RepositoryChanged, projector, tellers=(NAME,)),)
