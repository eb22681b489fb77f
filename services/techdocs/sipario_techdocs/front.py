"""What a page says of itself before its text begins."""

import re
from dataclasses import dataclass

from sipario_model import read

_MATTER = re.compile(r"---[ \t]*\n(?P<matter>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Front:
    """The title and description from a page's front matter, and the text below it."""

    text: str
    title: str = ""
    description: str = ""


def front_of(text: str) -> Front:
    """Split the front matter off; what is no YAML object there says nothing."""
    match = _MATTER.match(text)
    if match is None:
        return Front(text)
    reading = read(match["matter"], "")
    values = reading.documents[0].value if reading.documents else {}
    return Front(
        text[match.end() :].lstrip("\n"), _line(values.get("title")), _line(values.get("description"))
    )


def _line(value: object) -> str:
    return " ".join(str(value).split())[:500] if isinstance(value, str | int | float) else ""
