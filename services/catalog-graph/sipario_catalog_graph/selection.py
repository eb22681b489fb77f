"""Filters as clients write them, and the entities that they mean.

Grammar: several filters mean any of them; in one, commas mean all of `key` (has it) and `key=value`; a key that
comes again in the same filter means any of its values. Case does not matter.
"""

from collections.abc import Mapping, Sequence

from sipario_kit.errors import InvalidInput

from sipario_catalog_graph.catalog import Catalog

Terms = Mapping[str, Sequence[str]]

LONGEST = 20_000


def parse(texts: Sequence[str]) -> tuple[Terms, ...]:
    """Read filters; raises `InvalidInput`. A filter without any statement means nothing and is left out."""
    if sum(map(len, texts)) > LONGEST:
        raise InvalidInput(f"Invalid filter: longer than {LONGEST} characters")
    return tuple(terms for text in texts if (terms := _terms(text)))


def _terms(text: str) -> Terms:
    terms: dict[str, list[str]] = {}
    for statement in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = (part.strip().lower() for part in statement.partition("="))
        if not key:
            raise InvalidInput(
                f"Invalid filter, '{statement}' is not a valid statement (expected a string on the form a=b or a= or a)"
            )
        values = terms.setdefault(key, [])
        if equals:
            values.append(value)
    return terms


def select(catalog: Catalog, filters: Sequence[Terms]) -> int:
    """The entities that any of the filters means; all of them when there is no filter."""
    if not filters:
        return catalog.live
    catalog.index.want({key for terms in filters for key in terms})
    found = 0
    for terms in filters:
        found |= _all(catalog, terms)
    return found


def _all(catalog: Catalog, terms: Terms) -> int:
    found = catalog.live
    for key, values in terms.items():
        found &= _any(catalog, key, values) if values else catalog.index.present(key)
    return found


def _any(catalog: Catalog, key: str, values: Sequence[str]) -> int:
    found = 0
    for value in values:
        found |= catalog.index.equal(key, value)
    return found
