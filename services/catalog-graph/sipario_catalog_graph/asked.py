"""The shapes of what is asked, in the words of the wire."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, Field
from sipario_kit.errors import InvalidInput

from sipario_catalog_graph.cursor import Question, decode
from sipario_catalog_graph.fields import parse_fields
from sipario_catalog_graph.reading import ordering

MOST_REFS = 10_000
LONGEST_QUERY = 20_000
MOST_FACETS = 100
MOST_ORDERS = 10
PAGE = 200


def _plain(query: dict[str, Any]) -> dict[str, Any]:
    """Let through what a cursor can carry: a predicate of moderate size, made of what JSON can say."""
    try:
        size = len(orjson.dumps(query))
    except TypeError as error:
        raise ValueError(f"cannot be read: {error}") from error
    if size > LONGEST_QUERY:
        raise ValueError(f"longer than {LONGEST_QUERY} bytes")
    return query


Predicate = Annotated[dict[str, Any], AfterValidator(_plain)]
Facets = Annotated[list[str], AfterValidator(lambda names: list(filter(None, dict.fromkeys(names))))]


class Listing(BaseModel):
    """What `GET /entities` is asked."""

    filter: list[str] = []
    fields: list[str] = []
    order: list[str] = Field([], max_length=MOST_ORDERS)
    limit: int | None = Field(None, ge=1)
    offset: int | None = Field(None, ge=0)
    after: str | None = Field(None, min_length=1)


class Querying(BaseModel):
    """What `GET /entities/by-query` is asked."""

    filter: list[str] = []
    fields: list[str] = []
    orderField: list[str] = []  # noqa: N815 - the wire's word
    fullTextFilterTerm: str = ""  # noqa: N815 - as above
    fullTextFilterFields: list[str] = []  # noqa: N815 - as above
    limit: int = Field(PAGE, ge=0)
    offset: int = Field(0, ge=0)
    cursor: str = ""
    totalItems: Literal["include", "exclude"] = "include"  # noqa: N815 - as above

    def question(self) -> Question:
        """What is meant; a cursor keeps the question that it was given for."""
        if self.cursor:
            return decode(self.cursor)
        name, descending = (ordering(self.orderField, ",") or [("", False)])[0]
        searched = tuple(field.lower() for field in parse_fields(self.fullTextFilterFields))
        return Question(tuple(self.filter), None, name, descending, self.fullTextFilterTerm, searched)


class ByRefs(BaseModel):
    """Which entities, and which parts of them."""

    entityRefs: list[str] = Field(max_length=MOST_REFS)  # noqa: N815 - as above
    fields: tuple[str, ...] = ()
    query: Predicate | None = None

    def question(self, filters: Sequence[str] = ()) -> Question | None:
        """What they are narrowed by; None when by nothing."""
        narrowed = bool(filters or self.query)
        return Question(filters=tuple(filters), query=self.query) if narrowed else None


class OrderBy(BaseModel):
    """A field to order by."""

    field: str
    order: Literal["asc", "desc"] = "asc"


class FullText(BaseModel):
    """A text to look for, and where."""

    term: str = ""
    fields: list[str] = []


class ByQuery(BaseModel):
    """A question with a predicate."""

    cursor: str | None = Field(None, min_length=1)
    limit: int = Field(PAGE, ge=0)
    offset: int = Field(0, ge=0)
    orderBy: list[OrderBy] = []  # noqa: N815 - as above
    fullTextFilter: FullText = FullText()  # noqa: N815 - as above
    fields: list[str] = []
    query: Predicate | None = None
    totalItems: Literal["include", "exclude"] = "include"  # noqa: N815 - as above

    def question(self) -> Question:
        """What is meant; as for `Querying`."""
        if self.cursor:
            return decode(self.cursor)
        order = self.orderBy[0] if self.orderBy else OrderBy(field="")
        return Question(
            query=self.query,
            order=order.field.lower(),
            descending=order.order == "desc",
            term=self.fullTextFilter.term,
            fields=tuple(field.lower() for field in self.fullTextFilter.fields),
        )


class Counting(BaseModel):
    """What `GET /entity-facets` is asked."""

    facet: Facets = Field([], max_length=MOST_FACETS)
    filter: list[str] = []

    def names(self) -> list[str]:
        """The keys whose values are counted; raises `InvalidInput` when there are none."""
        if not self.facet:
            raise InvalidInput("Missing facet parameter")
        return self.facet

    def question(self) -> Question:
        """Among which entities."""
        return Question(filters=tuple(self.filter))


class FacetsByQuery(BaseModel):
    """Facets of the entities for which a predicate holds."""

    facets: Facets = Field(max_length=MOST_FACETS)
    query: Predicate | None = None

    def names(self) -> list[str]:
        """The keys whose values are counted; raises as above."""
        if not self.facets:
            raise InvalidInput("Missing or empty facets parameter")
        return self.facets

    def question(self) -> Question:
        """Among which entities."""
        return Question(query=self.query)
