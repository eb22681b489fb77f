"""Where webhooks knock: what is genuine and new is recorded, and nothing else happens here."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from sipario_events import SCM, RepositoryChanged
from sipario_kit.errors import InvalidInput, NotAllowed, Unavailable
from sipario_ledger import Ledger, LedgerUnavailable, Recorded
from sipario_scm import ForgedWebhook, Host, Sender, UnreadableWebhook, delivery_of, hear

ENDS = ("removed", "renamed")


class Door:
    """Verifies against several secrets, remembers deliveries, and writes down what happened in one transaction."""

    def __init__(self, ledger: Ledger, secrets: Sequence[str], hosts: Iterable[Host] = ()) -> None:
        self._ledger = ledger
        self._hosts = tuple(hosts)
        self._secrets = tuple(secrets)

    async def knock(self, sender: Sender, headers: Mapping[str, str], body: bytes) -> Recorded:
        """Record the changes that a webhook told and that are new.

        Raises NotAllowed for a bad signature, InvalidInput for nonsense, Unavailable when it can't be kept.
        """
        try:
            changes = hear(sender, headers, body, self._secrets, self._hosts)
        except ForgedWebhook as error:
            raise NotAllowed(f"This webhook is not believed: {error}.") from error
        except UnreadableWebhook as error:
            raise InvalidInput(f"This webhook can't be read: {error}.") from error
        if not changes:
            return Recorded()
        delivery = delivery_of(sender, headers, body)
        end = delivery or hashlib.sha256(body).hexdigest()
        try:
            marked = [await self._marked(change, end) for change in changes]
            return await self._ledger.record(marked, delivery=delivery)
        except LedgerUnavailable as error:
            raise Unavailable(str(error)) from error

    async def _marked(self, change: RepositoryChanged, end: str) -> RepositoryChanged:
        """Tell one removal or new name from the next, and what is pushed after it from what was pushed before.

        Else a repository that comes back at the commit that it was removed at would say nothing new.
        """
        if change.change in ENDS:
            return change.model_copy(update={"mark": end})
        last = await self._ledger.head(SCM, change.repository) if change.change == "pushed" else None
        return change.model_copy(update={"mark": RepositoryChanged.read(last.body).mark}) if last else change
