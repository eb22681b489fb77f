"""Users and groups of a GitLab: of a group and those below it, or of a whole instance of one's own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sipario_plugin import GitHost, Provider, Surroundings

from sipario_git_org.directory import Directory, Person, Team, valid_name
from sipario_git_org.entry import Entry, domain, host_of, is_on, provider, texts
from sipario_git_org.pages import PAGE, Pages

SHARED = "gitlab.com"
"""Where more people are than one's own."""
_PAGES = f"per_page={PAGE}"
_BOT = re.compile(r"(project|group)_\d+_bot(_.*)?")


def organisation(_name: str, entry: Entry, surroundings: Surroundings) -> Provider | None:
    """Make a provider of an entry of `gitlab`; None without `orgEnabled`. Raises ValueError."""
    if not is_on(entry.get("orgEnabled")):
        return None
    host = host_of("gitlab", entry, "host", surroundings)
    group = str(entry.get("group") or "").strip("/")
    if not group and domain(host) == SHARED:
        raise ValueError("group: gitlab.com has more groups than yours, so a group must be named")
    reading = _Reading(
        Pages(surroundings.ask, host),
        group,
        groups=_patterns(entry, "groupPattern"),
        users=_patterns(entry, "userPattern"),
        people=_people(entry, group, host),
        inherited=is_on(entry.get("allowInherited")) or "INHERITED" in texts(entry, "relations"),
    )
    return provider(host, reading.fill)


@dataclass(frozen=True, slots=True)
class _Reading:
    """`group` is the one whose groups are read, `people` the one whose members are users; empty: all of the instance.

    `inherited` members of a group are those of the groups above it too.
    """

    pages: Pages
    group: str
    groups: tuple[re.Pattern[str], ...]
    users: tuple[re.Pattern[str], ...]
    people: str
    inherited: bool

    @property
    def host(self) -> GitHost:
        return self.pages.host

    def fill(self, directory: Directory) -> None:
        groups = {int(each["id"]): each for each in self._groups()}
        for each in self.pages.linked(self._everybody()):
            self._add(directory, each)
        for each in groups.values():
            members = [member for member in self._members(each) if self._is_wanted(member)]
            for member in members:
                self._add(directory, member)
            above = groups.get(int(each.get("parent_id") or 0))
            logins = tuple(str(member["username"]) for member in members)
            directory.add_team(self._team(each, self._name(above) if above else "", logins))

    def _everybody(self) -> str:
        if self.people:
            return f"/groups/{quote(self.people, safe='')}/members/all?{_PAGES}"
        return f"/users?active=true&without_project_bots=true&{_PAGES}"

    def _groups(self) -> Iterator[Entry]:
        """Give the groups; below the one that is named, which as in Backstage is none itself."""
        below = f"/{quote(self.group, safe='')}/descendant_groups" if self.group else ""
        for each in self.pages.linked(f"/groups{below}?all_available=true&{_PAGES}"):
            if any(pattern.search(str(each["full_path"])) for pattern in self.groups):
                yield each

    def _members(self, group: Entry) -> Iterator[Entry]:
        inherited = "/all" if self.inherited else ""
        return self.pages.linked(f"/groups/{group['id']}/members{inherited}?{_PAGES}")

    def _is_wanted(self, user: Entry) -> bool:
        login = str(user["username"])
        wanted = any(pattern.search(login) for pattern in self.users)
        return wanted and user.get("state", "active") == "active" and not _BOT.fullmatch(login)

    def _add(self, directory: Directory, user: Entry) -> None:
        if self._is_wanted(user):
            directory.add(self._person(user))

    def _person(self, user: Entry) -> Person:
        login = str(user["username"])
        page = str(user.get("web_url") or f"{self.host.url}/{login}")
        return Person(
            login,
            page,
            name=str(user.get("name") or ""),
            email=str(user.get("email") or user.get("public_email") or ""),
            picture=str(user.get("avatar_url") or ""),
            annotations={f"{domain(self.host)}/user-login": page},
        )

    def _team(self, group: Mapping[str, Any], parent: str, members: tuple[str, ...]) -> Team:
        path = str(group["full_path"])
        return Team(
            self._name(group),
            f"{self.host.url}/{path}",
            title=str(group.get("name") or ""),
            about=str(group.get("description") or ""),
            picture=str(group.get("avatar_url") or ""),
            parent=parent,
            members=members,
            annotations={f"{domain(self.host)}/team-path": path},
        )

    def _name(self, group: Entry) -> str:
        """Return a group's path with hyphens, without that of the group which the entry names."""
        path = str(group["full_path"])
        return valid_name(path.removeprefix(f"{self.group}/" if self.group else "").replace("/", "-"))


def _people(entry: Entry, group: str, host: GitHost) -> str:
    """Return the group whose members are users: on gitlab.com the one at the top, as long as nothing else is said."""
    if is_on(entry.get("restrictUsersToGroup")):
        return group
    return group.partition("/")[0] if domain(host) == SHARED else ""


def _patterns(entry: Entry, key: str) -> tuple[re.Pattern[str], ...]:
    """Read one regular expression, or a list of which one must fit; without any, all does."""
    value = entry.get(key) or ""
    try:
        return tuple(re.compile(str(each)) for each in (value if isinstance(value, list) else [value]))
    except re.error as error:
        raise ValueError(f"{key}: this is no regular expression: {error}") from error
