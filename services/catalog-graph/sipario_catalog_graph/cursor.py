"""Cursors: where a client stopped reading, and what it was reading."""

import base64
from dataclasses import dataclass, fields, replace
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError
from sipario_kit.errors import InvalidInput

LONGEST = 40_000


@dataclass(frozen=True)
class Question:
    """What `by-query` is asked: it travels in the cursor, so that the next page answers the same.

    `query` is the newer kind of filter, a predicate, which comes in a body (clients look into cursors for that word,
    and then ask for the next page in a body too); `after` is the place (value and ref) behind which
    the page begins, or before which it ends when reading `backwards`.
    """

    filters: tuple[str, ...] = ()
    query: dict[str, Any] | None = None
    order: str = ""
    descending: bool = False
    term: str = ""
    fields: tuple[str, ...] = ()
    after: tuple[str, str] | None = None
    backwards: bool = False

    def from_here(self, place: tuple[str, str], *, backwards: bool) -> "Question":
        """The same question, for the page behind or in front of a place."""
        return replace(self, after=place, backwards=backwards)


FIELDS = fields(Question)
QUESTIONS = TypeAdapter(Question)


def encode(question: Question) -> str:
    """Write a cursor: opaque to clients."""
    told = {field.name: value for field in FIELDS if (value := getattr(question, field.name))}
    return base64.urlsafe_b64encode(orjson.dumps(told)).decode()


def decode(text: str) -> Question:
    """Read a cursor; raises `InvalidInput` for anything that is none."""
    try:
        if len(text) > LONGEST:
            raise ValueError(text)
        return QUESTIONS.validate_json(base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True))
    except (ValueError, ValidationError) as error:
        raise InvalidInput("Malformed cursor, could not be parsed") from error
