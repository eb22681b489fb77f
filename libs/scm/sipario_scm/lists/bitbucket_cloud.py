"""Repositories of a workspace of Bitbucket Cloud."""

from collections.abc import Sequence
from urllib.parse import quote

from sipario_scm.address import address
from sipario_scm.hosts import Host
from sipario_scm.lists.page import PAGE, Answer, Dialect, Listed, Page, Scope, entries


def _first(host: Host, scope: Scope) -> Sequence[str]:
    where = f"/{quote(scope.owner, safe='')}" if scope.owner else ""
    mine = "" if scope.owner else "&role=member"
    return (f"{host.api}/repositories{where}?pagelen={PAGE}&sort=created_on{mine}",)


def _read(host: Host, answer: Answer) -> Page:
    del host
    content = answer.content
    found = tuple(
        Listed(
            address(str(each["links"]["html"]["href"])),
            str((each.get("mainbranch") or {}).get("name") or ""),
            fork=bool(each.get("parent")),
            name=str(each.get("slug") or each["full_name"].rpartition("/")[2]),
            path=str(each["full_name"]),
            project=str((each.get("project") or {}).get("key") or ""),
            visibility="private" if each.get("is_private") else "public",
        )
        for each in entries(content["values"])
    )
    return Page(found, str(content.get("next") or ""))


BITBUCKET_CLOUD = Dialect(_first, _read)
