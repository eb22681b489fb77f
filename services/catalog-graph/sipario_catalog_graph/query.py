"""Pages of entities: filtered, searched, counted, ordered."""

from collections.abc import Sequence
from dataclasses import dataclass

from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.cursor import Question, encode
from sipario_catalog_graph.order import Item, Order, Place, Window
from sipario_catalog_graph.predicate import satisfying
from sipario_catalog_graph.selection import parse, select

UID = "metadata.uid"


@dataclass(frozen=True)
class Page:
    """Refs in order, how many there are in all, and the cursors to the pages around."""

    refs: list[str]
    total: int
    following: str | None = None
    previous: str | None = None


def page(catalog: Catalog, question: Question, *, limit: int, offset: int = 0) -> Page:
    """Answer a question; entities that lack the field they are ordered by are left out, also of the count."""
    among = meant(catalog, question)
    if question.order:
        column = catalog.index.column(question.order)
        among &= column.present()
        order = column.order(catalog.refs)
    else:
        order = catalog.order()
    return _turned(order, among, question, _window(question, limit, offset))


def meant(catalog: Catalog, question: Question) -> int:
    """The entities that filters, predicate and full text leave."""
    among = select(catalog, parse(question.filters))
    if question.query:
        among &= satisfying(catalog, question.query)
    if question.term.strip():
        among &= _containing(catalog, question)
    return among


def sorted_refs(catalog: Catalog, among: int, fields: Sequence[tuple[str, bool]]) -> list[str]:
    """All of some entities, sorted by several fields (name, whether descending); those that lack one come last."""
    refs = [ref for _, ref, _ in catalog.order().window(among, Window(limit=len(catalog)))]
    catalog.index.want(name for name, _ in fields)
    for name, descending in reversed(fields):
        values = {ref: value for value, ref, _ in catalog.index.column(name).order(catalog.refs).items()}
        having = sorted((ref for ref in refs if ref in values), key=values.__getitem__, reverse=descending)
        refs = [*having, *(ref for ref in refs if ref not in values)]
    return refs


def _containing(catalog: Catalog, question: Question) -> int:
    term = question.term.strip().lower()
    found, fields = 0, question.fields or (question.order or UID,)
    catalog.index.want(fields)
    for field in fields:
        found |= catalog.index.column(field).containing(term)
    return found


def _window(question: Question, limit: int, offset: int) -> Window:
    # One more than asked for tells whether there is a page behind.
    return Window(limit + 1, offset, question.after, question.descending, question.backwards)


def _turned(order: Order, among: int, question: Question, window: Window) -> Page:
    wanted = window.limit - 1
    hits = order.window(among, window) if wanted else []  # who asks only how many there are needs no order
    more = len(hits) > wanted
    shown = (hits[1:] if question.backwards else hits[:-1]) if more else hits
    before = more if question.backwards else bool(question.after or window.offset)
    behind = bool(question.backwards) or more
    return Page(
        [ref for _, ref, _ in shown],
        among.bit_count(),
        _cursor(question, shown[-1:], backwards=False) if behind and wanted else None,
        _cursor(question, shown[:1], backwards=True) if before and wanted else None,
    )


def _cursor(question: Question, edge: list[Item], *, backwards: bool) -> str | None:
    if not edge:
        return None
    place: Place = edge[0][:2]
    return encode(question.from_here(place, backwards=backwards))
