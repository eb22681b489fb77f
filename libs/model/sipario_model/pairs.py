"""Pairs of relation types: those that are built in, and those that definitions add, in the order they come."""

from types import MappingProxyType

from sipario_model.relation import PAIRS, RelationType

_BUILT_IN = ""


class Pairs:
    """Every type has one inverse. Who names a pair first decides its direction, and its impact."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str]] = {}
        self._alike: dict[str, str] = {}
        self._types: dict[str, RelationType] = {}
        for forward, backward in PAIRS.items():
            self._keep(forward, backward, by=_BUILT_IN)

    def copy(self) -> "Pairs":
        """Return pairs that learn for themselves."""
        other = Pairs()
        other._known, other._alike, other._types = {**self._known}, {**self._alike}, {**self._types}
        return other

    @property
    def types(self) -> MappingProxyType[str, RelationType]:
        """The types that are not built in, by both of their names."""
        return MappingProxyType(self._types)

    @property
    def names(self) -> tuple[str, ...]:
        """All types, in both directions."""
        return tuple(self._known)

    def learn(self, type_: str, inverse: str | None, *, by: str, impact: bool = False) -> str | None:
        """Take in a pair; tells why it can't be, when it can't."""
        known = self._known.get(type_)
        if inverse is None and known is None:
            return f"{type_} needs an inverse"
        inverse = inverse or (known[0] if known else "")
        if refused := self._refusal(type_, inverse) or self._refusal(inverse, type_):
            return refused
        if known is None:
            self._keep(type_, inverse, by=by)
            self._types[type_] = self._types[inverse] = RelationType(type_, inverse, impact)
        return None

    def _refusal(self, type_: str, inverse: str) -> str | None:
        if _folded(type_) == _folded(inverse):
            return f"{type_} can't be its own inverse"
        known, like = self._known.get(type_), self._alike.get(_folded(type_))
        if known and known[0] != inverse:
            return f"{type_} has the inverse {known[0]}{_whose(known[1])}, so it can't have {inverse}"
        if like and like != type_:
            return f"{type_} is too like {like}{_whose(self._known[like][1])}"
        return None

    def _keep(self, type_: str, inverse: str, *, by: str) -> None:
        self._known[type_], self._known[inverse] = (inverse, by), (type_, by)
        self._alike |= {_folded(type_): type_, _folded(inverse): inverse}


def _folded(type_: str) -> str:
    return type_.replace("_", "").lower()


def _whose(definition: str) -> str:
    return f" (kinddefinition:default/{definition})" if definition else ""
