"""Projects of GitLab, those of subgroups too."""

from collections.abc import Sequence
from urllib.parse import quote

from sipario_scm.address import address
from sipario_scm.hosts import Host
from sipario_scm.lists.page import PAGE, Answer, Dialect, Listed, Page, Scope, entries, linked

_SORTED = f"per_page={PAGE}&order_by=id&sort=asc"


def _first(host: Host, scope: Scope) -> Sequence[str]:
    """A group's or a user's; without a name, all of an instance, but only one's own where everybody's are."""
    if scope.owner:
        owner = quote(scope.owner.strip("/"), safe="")
        group = f"{host.api}/groups/{owner}/projects?include_subgroups=true&with_shared=false&{_SORTED}"
        return (group, f"{host.api}/users/{owner}/projects?{_SORTED}")
    mine = "&membership=true" if host.name == "gitlab.com" else ""
    return (f"{host.api}/projects?{_SORTED}{mine}",)


def _read(host: Host, answer: Answer) -> Page:
    del host
    found = tuple(
        Listed(
            address(str(each["web_url"])),
            str(each.get("default_branch") or ""),
            archived=bool(each.get("archived")),
            fork=bool(each.get("forked_from_project")),
            name=str(each["path"]),
            path=str(each["path_with_namespace"]),
            project=str(each["path_with_namespace"]).rpartition("/")[0],
            topics=tuple(map(str, each.get("topics") or each.get("tag_list") or ())),
            visibility=str(each.get("visibility") or ""),
        )
        for each in entries(answer.content)
        if not each.get("marked_for_deletion_on")
    )
    return Page(found, linked(answer))


GITLAB = Dialect(_first, _read)
