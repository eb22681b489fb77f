"""The shapes of what is asked, in the words of the wire."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field
from sipario_kit.errors import InvalidInput

from sipario_catalog_graph.cursor import Question, decode
from sipario_catalog_graph.fields import parse_fields
from sipario_catalog_graph.reading import ordering

MOST_REFS = 10_000
MOST_FACETS = 100
PAGE = 200


class Listing(BaseModel):
    """What `GET /entities` is asked."""

    filter: list[str] = []
    fields: list[str] = []
    order: list[str] = []
    limit: int | None = Field(None, ge=1)
    offset: int = Field(0, ge=0)
    after: str = ""


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
    fields: list[str] = []
    query: dict[str, Any] | None = None

    def question(self, filters: Sequence[str] = ()) -> Question | None:
        """What they are narrowed by; None when by nothing."""
        narrowed = bool(filters or self.query)
        return Question(filters=tuple(filters), predicate=self.query) if narrowed else None


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

    cursor: str = ""
    limit: int = Field(PAGE, ge=0)
    offset: int = Field(0, ge=0)
    orderBy: list[OrderBy] = []  # noqa: N815 - as above
    fullTextFilter: FullText = FullText()  # noqa: N815 - as above
    fields: list[str] = []
    query: dict[str, Any] | None = None
    totalItems: Literal["include", "exclude"] = "include"  # noqa: N815 - as above

    def question(self) -> Question:
        """What is meant; as for `Querying`."""
        if self.cursor:
            return decode(self.cursor)
        order = self.orderBy[0] if self.orderBy else OrderBy(field="")
        return Question(
            predicate=self.query,
            order=order.field.lower(),
            descending=order.order == "desc",
            term=self.fullTextFilter.term,
            fields=tuple(field.lower() for field in self.fullTextFilter.fields),
        )


class Counting(BaseModel):
    """What `GET /entity-facets` is asked."""

    facet: list[str] = Field([], max_length=MOST_FACETS)
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

    facets: list[str] = Field(min_length=1, max_length=MOST_FACETS)
    query: dict[str, Any] | None = None

    def names(self) -> list[str]:
        """The keys whose values are counted."""
        return self.facets

    def question(self) -> Question:
        """Among which entities."""
        return Question(predicate=self.query)
