"""The kinds at this moment: the built-in ones, and those whose definitions the ledger holds."""

import asyncio

from sipario_events import ENTITIES, EntityChanged
from sipario_ledger import Ledger
from sipario_model import BUILT_IN, Vocabulary
from sipario_model.definition import KIND

from sipario_ingestor.store_ledger import Sources, SourceStore

DEFINITIONS = f"{KIND.lower()}:"


class Kinds:
    """A fold of the definitions. When it comes out otherwise, everything that was read before is read again.

    `configured` is the digest of the configuration; sources keep it together with that of the kinds.
    """

    def __init__(self, ledger: Ledger, store: SourceStore, configured: str) -> None:
        self._ledger = ledger
        self._store = store
        self._configured = configured
        self._one_at_a_time = asyncio.Lock()
        self._first = True
        self.vocabulary = BUILT_IN

    def digest(self, vocabulary: Vocabulary) -> str:
        """Return what a source keeps when it was read with this vocabulary."""
        return self._configured + vocabulary.digest

    async def refresh(self) -> None:
        """Fold anew, and ask for all sources that were read otherwise. Raises LedgerError.

        A definition that has an error comes last: it keeps its last good version, but nobody has to make way for it.
        Of the others the order is that of their names, so that nothing depends on when they were changed.
        """
        async with self._one_at_a_time:
            held = [EntityChanged.read(each.body) for each in await self._ledger.named(ENTITIES, DEFINITIONS)]
            held.sort(key=lambda each: (any(item.level == "error" for item in each.status), each.ref))
            before, self.vocabulary = self.vocabulary, Vocabulary.of(each.entity for each in held)
            if self._first or before.digest != self.vocabulary.digest:
                await self._store.write(self._ask)
            self._first = False

    def _ask(self, table: Sources) -> None:
        digest = self.digest(self.vocabulary)
        for source in table.all():
            if source.digest != digest:  # also of what is being read at this moment, with the former kinds
                table.ask([source.id], source.wanted, source.actor)
