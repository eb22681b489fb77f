"""What the properties of one entity come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from struct import pack, unpack

from sipario_model.expression import Value
from sipario_model.status import StatusItem

from sipario_catalog_graph.rows import Rows, text_of

FULL = (1 << 64) - 1
SIGN = 1 << 63
PROPERTIES = "status.properties."


@dataclass(frozen=True)
class Found:
    """Values by property, and why others have none."""

    values: Mapping[str, Value] = field(default_factory=dict)
    problems: tuple[StatusItem, ...] = ()

    def rows(self) -> Rows:
        """The rows by which entities are found, counted and ordered."""
        return {
            f"{PROPERTIES}{name.lower()}": [
                text_of(each) for each in (value if isinstance(value, list) else [value])
            ]
            for name, value in self.values.items()
        }


NOTHING = Found()


def place(value: str) -> str:
    """The text by which a value is ordered: numbers by what they are, before all that is none."""
    try:
        (number,) = unpack(">q", pack(">d", float(value) + 0.0))
    except (ValueError, OverflowError):
        return value.lower()
    # The bits of a double, read as a number without a sign, are in order once those of negative ones are turned.
    return f" {~number & FULL if number < 0 else number | SIGN:016x}"
