"""Small things that clients write into query strings."""

import base64
from collections.abc import Sequence

import orjson
from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from sipario_kit.errors import InvalidInput


@dataclass(frozen=True)
class After:
    """Where a page of `GET /entities` begins, and how long it is: None, all the rest."""

    limit: int | None = None
    offset: int = 0


AFTERS = TypeAdapter(After)


def write_after(here: After) -> str:
    """The `after` of the page that follows."""
    told = {"limit": here.limit, "offset": here.offset + (here.limit or 0)}
    return base64.urlsafe_b64encode(orjson.dumps(told)).decode()


def read_after(text: str, limit: int | None) -> After:
    """Read it back, `limit` being for one that tells none; raises `InvalidInput`."""
    try:
        here = AFTERS.validate_json(base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True))
    except (ValueError, ValidationError) as error:
        raise InvalidInput("Malformed after cursor, could not be parsed") from error
    if (here.limit is not None and here.limit < 1) or here.offset < 0:
        raise InvalidInput("Malformed after cursor, out of range")
    return After(here.limit or limit, here.offset)


def ordering(texts: Sequence[str], separator: str) -> list[tuple[str, bool]]:
    """Read `asc:field` (separator ":") or `field,asc` (","); returns fields and whether they descend."""
    return [_order(text, separator) for text in texts if text]


def _order(text: str, separator: str) -> tuple[str, bool]:
    first, _, second = (part.strip() for part in text.partition(separator))
    direction, field = (first, second) if separator == ":" else (second or "asc", first)
    if direction not in ("asc", "desc") or not field:
        expected = "asc:<field> or desc:<field>" if separator == ":" else "<field>,asc or <field>,desc"
        raise InvalidInput(f"Invalid order parameter '{text}', expected {expected}")
    return field.lower(), direction == "desc"
