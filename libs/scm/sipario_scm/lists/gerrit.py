"""Projects of Gerrit."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sipario_scm.address import address
from sipario_scm.hosts import Host
from sipario_scm.lists.page import PAGE, Answer, Dialect, Listed, Page, Scope, number, with_query

_GUARD = ")]}'"
"""What stands before each JSON, so that no page can load it as a script."""


def _first(host: Host, scope: Scope) -> Sequence[str]:
    query = scope.query.lstrip("?&") or "state=ACTIVE&type=CODE"
    return (with_query(f"{host.api}/projects/?{query}", n=PAGE, S=0),)


def _read(host: Host, answer: Answer) -> Page:
    """Read a page: an object by names, or, for `query=`, a list of objects with names."""
    content = json.loads(answer.response.text.removeprefix(_GUARD))
    objects = isinstance(content, Mapping)
    named = dict(content) if objects else {str(each["name"]): each for each in content}
    more = any(each.get("_more_projects") for each in named.values())
    found = tuple(_listed(host, name, each) for name, each in named.items())
    following = with_query(answer.url, S=number(answer.url, "S") + len(found)) if more else ""
    return Page(found, following)


def _listed(host: Host, name: str, entry: Mapping[str, Any]) -> Listed:
    return Listed(
        address(f"{host.url}/{quote(name)}", lower=False),
        archived=entry.get("state", "ACTIVE") != "ACTIVE",
        name=name.rpartition("/")[2],
        path=name,
        project=name.rpartition("/")[0],
    )


GERRIT = Dialect(_first, _read)
