"""Members and teams of organisations of Gitea and Forgejo."""

from dataclasses import dataclass
from urllib.parse import quote

from sipario_plugin import GitHost, Provider, Surroundings

from sipario_git_org.directory import Directory, Person, Team, valid_name, valid_namespace
from sipario_git_org.entry import Entry, domain, host_of, provider, texts
from sipario_git_org.pages import Pages

_PAGES = "limit=50"
"""More than this a Gitea does not give, unless its own configuration says so."""


def organisation(_name: str, entry: Entry, surroundings: Surroundings) -> Provider:
    """Make a provider of an entry of `giteaOrg`; raises ValueError."""
    host = host_of("gitea", entry, "host", surroundings)
    orgs = texts(entry, "orgs")
    return provider(host, _Reading(Pages(surroundings.ask, host), orgs).fill, orgs)


@dataclass(frozen=True, slots=True)
class _Reading:
    pages: Pages
    orgs: tuple[str, ...]

    @property
    def host(self) -> GitHost:
        return self.pages.host

    def fill(self, directory: Directory) -> None:
        orgs = self.orgs or tuple(str(each["username"]) for each in self.pages.linked(f"/orgs?{_PAGES}"))
        for org in orgs:
            namespace = "" if len(self.orgs) == 1 else valid_namespace(org)
            owner = quote(org, safe="")
            for each in self.pages.linked(f"/orgs/{owner}/members?{_PAGES}"):
                directory.add(self._person(each))
            for each in self.pages.linked(f"/orgs/{owner}/teams?{_PAGES}"):
                directory.add_team(self._team(each, org, namespace, directory))

    def _person(self, user: Entry) -> Person:
        login = str(user["login"])
        return Person(
            login,
            f"{self.host.url}/{login}",
            name=str(user.get("full_name") or ""),
            email=str(user.get("email") or ""),
            picture=str(user.get("avatar_url") or ""),
            about=str(user.get("description") or ""),
            annotations={f"{domain(self.host)}/user-login": login},
        )

    def _team(self, team: Entry, org: str, namespace: str, directory: Directory) -> Team:
        members = list(self.pages.linked(f"/teams/{int(team['id'])}/members?{_PAGES}"))
        for each in members:
            directory.add(self._person(each))
        name = str(team["name"])
        return Team(
            valid_name(name),
            f"{self.host.url}/org/{org}/teams/{quote(name.lower(), safe='')}",
            title=name,
            about=str(team.get("description") or ""),
            namespace=namespace,
            members=tuple(str(each["login"]) for each in members),
            annotations={f"{domain(self.host)}/team-slug": f"{org}/{name}"},
        )
