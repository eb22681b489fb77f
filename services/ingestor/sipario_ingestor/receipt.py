"""What a write set going, as a text that its author sends back to wait for it."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Self

import orjson
from pydantic import TypeAdapter, ValidationError
from sipario_kit.errors import InvalidInput

LONGEST = 8_000


@dataclass(frozen=True)
class Receipt:
    """A place in the ledger, wishes for sources by their count, and repositories whose change was told by then."""

    seq: int = 0
    sources: Mapping[str, int] = field(default_factory=dict)
    repositories: tuple[str, ...] = ()

    def text(self) -> str:
        """Write it, fit for a header and for a URL."""
        return base64.urlsafe_b64encode(orjson.dumps(asdict(self))).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `text` wrote; raises InvalidInput for anything else."""
        try:
            if len(text) > LONGEST:
                raise InvalidInput(f"A token to wait for has at most {LONGEST} characters")
            told = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
            return cls(**asdict(_FORM.validate_json(told)))
        except (binascii.Error, ValidationError, ValueError) as error:
            raise InvalidInput(
                "That is no token to wait for: send back what Sipario-Wait-For said"
            ) from error


_FORM = TypeAdapter(Receipt)
