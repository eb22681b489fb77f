"""The relations of all entities, seen from both ends."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from sipario_model.relation import Relation, inverse


class Relations:
    """What each ref is related to, counted: two entities may declare the same relation, from one end each."""

    def __init__(self) -> None:
        self._around: dict[str, dict[str, int]] = defaultdict(dict)

    def of(self, ref: str) -> Mapping[str, int]:
        """The relations of a ref as `type ref` texts; the ref need not be an entity."""
        return self._around.get(ref, {})

    def related(self, ref: str, type_: str) -> list[str]:
        """The refs that a ref is related to in one way."""
        return [text.partition(" ")[2] for text in self.of(ref) if text.startswith(f"{type_} ")]

    def add(self, relations: Iterable[Relation]) -> set[Relation]:
        """Count relations in; returns those that were not there."""
        return {each for each in relations if self._count(each, 1)}

    def remove(self, relations: Iterable[Relation]) -> set[Relation]:
        """Count relations out; returns those that nobody declares any more."""
        return {each for each in relations if self._count(each, -1)}

    def _count(self, relation: Relation, step: int) -> bool:
        moved = False
        for ref, text in ends(relation):
            around = self._around[ref]
            now = around.get(text, 0) + step
            moved = now == (1 if step > 0 else 0)
            if now:
                around[text] = now
            else:
                around.pop(text, None)
                if not around:
                    del self._around[ref]
        return moved


def ends(relation: Relation) -> Iterator[tuple[str, str]]:
    """Tell who shows what of a relation: its source the type itself, its target the inverse."""
    yield relation.source, f"{relation.type} {relation.target}"
    yield relation.target, f"{inverse(relation.type)} {relation.source}"


def relation_rows(texts: Iterable[str]) -> dict[str, list[str | None]]:
    """The rows by which relations are filtered: `relations.<type>`."""
    rows: dict[str, list[str | None]] = {}
    for text in texts:
        type_, _, ref = text.partition(" ")
        rows.setdefault(f"relations.{type_.lower()}", []).append(ref)
    return rows
