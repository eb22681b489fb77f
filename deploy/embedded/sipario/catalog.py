"""`sipario catalog`: the catalog from the command line."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from sipario_model import EntityRef, RefError
from sipario_model.writing import write

from sipario.asking import Portal
from sipario.data import DataError

PAGE = 500
OTHERS = 40  # columns that a terminal must leave to all but the first
WORDS = "metadata.name,metadata.title,metadata.description,metadata.tags,spec.owner"


@dataclass(frozen=True)
class Answer:
    """What a command found, and the rows by which a person reads it; `rest` tells what was left out."""

    found: Any
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    rest: str = ""

    def show(self, console: Console, *, as_json: bool) -> None:
        """Print it: a table, or JSON for programs."""
        if as_json:
            return console.print_json(json.dumps(self.found))
        longest = [max(map(cell_len, each)) for each in zip(self.columns, *self.rows, strict=True)]
        # What the row is about is never shortened, and nothing at all where no terminal limits the width.
        least = longest[0] + OTHERS if console.is_terminal else sum(longest) + 2 * len(longest)
        first = Column(self.columns[0], no_wrap=True, min_width=longest[0])
        table = Table(
            first, *(Column(each, overflow="fold") for each in self.columns[1:]), box=None, pad_edge=False
        )
        for row in self.rows:
            table.add_row(*map(Text, row))
        console.width = max(console.width, least)
        return console.print(table)


def get(portal: Portal, ref: str, as_of: str | None = None) -> str:
    """Return an entity as YAML."""
    params = {"asOf": as_of} if as_of else None
    return write([portal.get(f"/api/catalog/entities/by-name/{_path(ref)}", params)])


def query(portal: Portal, filters: Sequence[str], text: str, limit: int) -> Answer:
    """Find entities: filters as Backstage writes them (`kind=component,spec.type=service`), and words."""
    words = {"fullTextFilterTerm": text, "fullTextFilterFields": WORDS} if text else {}
    found, total = _found(portal, {"filter": list(filters), **words}, limit)
    rest = f"{len(found)} of {total}; --limit N for more" if total > len(found) else ""
    rows = [[_ref(each), _spec(each, "type"), _spec(each, "owner"), _title(each)] for each in found]
    return Answer(found, ("entity", "type", "owner", "title"), rows, rest)


def facets(portal: Portal, keys: Sequence[str], filters: Sequence[str]) -> Answer:
    """Count the values of some keys."""
    found = portal.get("/api/catalog/entity-facets", {"facet": list(keys), "filter": list(filters)})["facets"]
    rows = [
        [key, each["value"], str(each["count"])]
        for key in keys
        for each in sorted(found[key], key=lambda each: -each["count"])
    ]
    return Answer(found, ("key", "value", "count"), rows)


def history(portal: Portal, ref: str, limit: int) -> Answer:
    """List versions of an entity, newest first."""
    found = portal.get(f"/api/history/entities/{_path(ref)}", {"limit": limit})["items"]
    rows = [
        [
            str(each["version"]),
            each["at"][:19].replace("T", " "),
            each["happened"],
            each["cause"]["author"] or each["cause"]["actor"],
            each["cause"]["commit"][:10],
            ", ".join(change["path"] for change in each["changes"]),
        ]
        for each in found
    ]
    return Answer(found, ("version", "at", "", "by", "commit", "changed"), rows)


def restore(portal: Portal, ref: str) -> str:
    """Bring an entity back that is gone; returns it as YAML."""
    return write([portal.post(f"/api/catalog/entities/by-name/{_path(ref)}/restore", {})])


def register(portal: Portal, target: str) -> str:
    """Register a location; returns its id."""
    made = portal.post("/api/catalog/locations", {"type": "url", "target": target})
    return str(made["location"]["id"])


def _found(portal: Portal, asked: Mapping[str, Any], limit: int) -> tuple[list[Mapping[str, Any]], int]:
    """Return as many as are wanted, and how many there are."""
    found: list[Mapping[str, Any]] = []
    params = asked
    while True:
        left = limit - len(found)
        page = portal.get("/api/catalog/entities/by-query", {**params, "limit": min(left, PAGE)})
        found += page["items"]
        cursor = page["pageInfo"].get("nextCursor", "")
        if not cursor or len(found) >= limit:
            return found, page["totalItems"]
        params = {"cursor": cursor}


def _path(ref: str) -> str:
    try:
        parsed = EntityRef.parse(ref, default_kind="component", default_namespace="default")
    except RefError as error:
        raise DataError(str(error)) from error
    return "/".join(quote(part, safe="") for part in (parsed.kind, parsed.namespace, parsed.name))


def _ref(entity: Mapping[str, Any]) -> str:
    return str(EntityRef.of(entity))


def _spec(entity: Mapping[str, Any], key: str) -> str:
    value = (entity.get("spec") or {}).get(key, "")
    return value if isinstance(value, str) else ""


def _title(entity: Mapping[str, Any]) -> str:
    return str(entity["metadata"].get("title") or "")
