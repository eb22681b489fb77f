"""A question that was asked of one life of the index while a rebuild went over to the next."""

import pytest
from sipario_kit.errors import StoreForgotten, Unavailable
from sipario_kit.service import Health
from sipario_search.projection import Entities
from sipario_search.serving import Serving
from sipario_search.store import Found, Question
from sipario_search.store_opensearch import OpenSearchIndex


class Shelf(OpenSearchIndex):
    """An index of which one life is left; whoever asks another comes too late."""

    def __init__(self, life: str) -> None:
        self.life = life
        self.moved: list[Entities] = []

    async def find(self, life: str, question: Question) -> Found:
        for each in self.moved:
            each.life = self.life  # the rebuild goes over while this is being asked
        if life != self.life:
            raise StoreForgotten(life)
        return Found([], 0, question.term, "")


def serving(shelf: Shelf, life: str) -> tuple[Serving, Entities]:
    entities = Entities(shelf)
    entities.life = life
    return Serving(shelf, [entities], lambda: Health(ready=True)), entities


async def test_it_is_answered_by_the_next_life() -> None:
    shelf = Shelf("next")
    asked, entities = serving(shelf, "former")
    shelf.moved.append(entities)
    assert (await asked.find(Question("seats"))).before == "seats"


async def test_without_a_next_life_the_index_is_being_filled() -> None:
    asked, _ = serving(Shelf("none"), "former")
    with pytest.raises(Unavailable, match="being filled again"):
        await asked.find(Question("seats"))
