"""Where webhooks knock: what is genuine and new is recorded, and nothing else happens here."""

from collections.abc import Iterable, Mapping, Sequence

from sipario_kit.errors import InvalidInput, NotAllowed, Unavailable
from sipario_ledger import Ledger, LedgerUnavailable, Recorded
from sipario_scm import ForgedWebhook, Host, Sender, UnreadableWebhook, delivery_of, hear


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
        try:
            return await self._ledger.record(changes, delivery=delivery_of(sender, headers, body))
        except LedgerUnavailable as error:
            raise Unavailable(str(error)) from error
