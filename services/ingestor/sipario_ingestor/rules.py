"""Which kinds may come from where: `catalog.rules`, with Backstage's meaning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sipario_model import LocationRef
from sipario_scm.glob import Glob

DEFAULT_KINDS = ("Component", "API", "Location")


@dataclass(frozen=True, slots=True)
class Where:
    """A location that a rule is meant for; what is empty fits all."""

    type: str = ""
    exact: str = ""
    pattern: str = ""

    def fits(self, location: LocationRef) -> bool:
        """Tell whether the rule is meant for this location."""
        if self.type and self.type != location.type:
            return False
        if self.exact and self.exact != location.target:
            return False
        return not self.pattern or Glob.of(self.pattern, any_case=True).matches(location.target)


@dataclass(frozen=True, slots=True)
class Rule:
    """Kinds, in lower case, that may come from any of some places; from anywhere when there are none."""

    kinds: frozenset[str]
    places: tuple[Where, ...] = ()

    def allows(self, kind: str, location: LocationRef) -> bool:
        """Tell whether this rule lets the kind come from that location."""
        if kind.lower() not in self.kinds:
            return False
        return not self.places or any(place.fits(location) for place in self.places)


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules together: one that allows is enough. Nothing is refused when `all_kinds` may come."""

    rules: tuple[Rule, ...]
    all_kinds: bool = False

    def allow(self, kind: str, origins: Iterable[LocationRef], *, defined: bool = False) -> bool:
        """Tell whether a kind may come from any of the locations that led to it.

        One that a definition added may come from anywhere, unless a rule names it.
        """
        if self.all_kinds or (defined and not any(kind.lower() in rule.kinds for rule in self.rules)):
            return True
        return any(rule.allows(kind, origin) for origin in origins for rule in self.rules)

    @classmethod
    def of(cls, catalog: Mapping[str, Any]) -> Self:
        """Read `rules` and the additional ones of each entry of `locations` in the section `catalog`."""
        given = catalog.get("rules")
        rules = [Rule(_lower(DEFAULT_KINDS))] if given is None else [_rule(each) for each in given]
        for location in catalog.get("locations") or ():
            place = Where(str(location.get("type") or "url"), str(location["target"]))
            more = location.get("rules") or ()
            rules += [Rule(_lower(each.get("allow") or ()), (place,)) for each in more]
        return cls(tuple(rules))


PROVIDED = Rules((), all_kinds=True)
"""For what a provider declares itself: to configure it is to allow it."""


def _rule(entry: Mapping[str, Any]) -> Rule:
    places = tuple(
        Where(str(each.get("type") or ""), str(each.get("exact") or ""), str(each.get("pattern") or ""))
        for each in entry.get("locations") or ()
    )
    return Rule(_lower(entry.get("allow") or ()), places)


def _lower(kinds: Sequence[Any]) -> frozenset[str]:
    names = (kind.get("kind", "") if isinstance(kind, Mapping) else kind for kind in kinds)
    return frozenset(str(name).lower() for name in names)
