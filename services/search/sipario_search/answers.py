"""What search answers, in the shapes that Backstage's search client reads."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, Field
from sipario_kit.errors import InvalidInput

from sipario_search.document import FACTS, fact
from sipario_search.store import Found, Hit, Question

LONGEST_TERM = 100
MOST_VALUES = 100
DEEPEST = 10_000


class Highlight(BaseModel):
    """Fields in which tags enclose what matched. The fields are text, not HTML: escape them."""

    preTag: str  # noqa: N815 - Backstage's name
    postTag: str  # noqa: N815 - as above
    fields: dict[str, str]


class Result(BaseModel):
    """One document found; the first has rank 1."""

    type: str
    document: dict[str, Any]
    highlight: Highlight
    rank: int


class ResultSet(BaseModel):
    """A page of results."""

    results: list[Result]
    nextPageCursor: str | None = Field(default=None)  # noqa: N815 - as above
    previousPageCursor: str | None = Field(default=None)  # noqa: N815 - as above
    numberOfResults: int  # noqa: N815 - as above


class RebuildAnswer(BaseModel):
    """What a rebuild did; see `Rebuilt`."""

    read: int
    skipped: int
    seconds: float


def question(
    term: str, types: Iterable[str], filters: Mapping[str, list[str]], *, cursor: str, limit: int
) -> Question:
    """Check what somebody asks; raises `InvalidInput`."""
    if len(term) > LONGEST_TERM:
        raise InvalidInput(f"The term length {len(term)} exceeds the maximum of {LONGEST_TERM} characters.")
    unknown = sorted(set(filters) - set(FACTS))
    if unknown:
        raise InvalidInput(f"There is no filter {unknown[0][:50]!r}; there are {', '.join(FACTS)}.")
    if sum(map(len, filters.values())) > MOST_VALUES:
        raise InvalidInput(f"At most {MOST_VALUES} values can be filtered by.")
    offset = page_of(cursor) * limit
    if offset + limit > DEEPEST:
        raise InvalidInput(f"Only the first {DEEPEST} results can be paged through; ask more precisely.")
    facts = tuple((key, tuple(fact(key, value) for value in values)) for key, values in filters.items())
    return Question(term.strip(), tuple(types), facts, offset, limit)


def page_of(cursor: str) -> int:
    """Read the number of a page, counted from 0; raises `InvalidInput`."""
    if not cursor:
        return 0
    try:
        number = base64.b64decode(cursor, validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("The page cursor is not one of ours.") from error
    if not number.isdigit() or len(number) > 6:
        raise InvalidInput("The page cursor is not one of ours.")
    return int(number)


def cursor_of(page: int) -> str:
    """Write the number of a page as a cursor."""
    return base64.b64encode(str(page).encode()).decode()


def result_set(found: Found, asked: Question) -> dict[str, Any]:
    """Write a page of results."""
    page, behind = asked.offset // asked.limit, asked.offset + asked.limit
    answer: dict[str, Any] = {
        "results": [_result(hit, found, asked.offset + number) for number, hit in enumerate(found.hits, 1)],
        "numberOfResults": found.total,
    }
    if behind < found.total and behind + asked.limit <= DEEPEST:
        answer["nextPageCursor"] = cursor_of(page + 1)
    if page:
        answer["previousPageCursor"] = cursor_of(page - 1)
    return answer


def _result(hit: Hit, found: Found, rank: int) -> dict[str, Any]:
    highlight = {"preTag": found.before, "postTag": found.after, "fields": dict(hit.marked)}
    return {"type": hit.type, "document": dict(hit.document), "highlight": highlight, "rank": rank}
