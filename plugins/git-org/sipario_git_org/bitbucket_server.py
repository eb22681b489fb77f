"""Users and groups of Bitbucket Server and Data Center; its API tells them to administrators."""

from dataclasses import dataclass
from urllib.parse import quote

from sipario_plugin import Provider, Surroundings

from sipario_git_org.directory import Directory, Person, Team, valid_name
from sipario_git_org.entry import Entry, domain, host_of, provider
from sipario_git_org.pages import Pages


def organisation(_name: str, entry: Entry, surroundings: Surroundings) -> Provider:
    """Make a provider of an entry of `bitbucketServerOrg`; raises ValueError."""
    host = host_of("bitbucketServer", entry, "host", surroundings)
    return provider(host, _Reading(Pages(surroundings.ask, host)).fill)


@dataclass(frozen=True, slots=True)
class _Reading:
    pages: Pages

    def fill(self, directory: Directory) -> None:
        for each in self.pages.counted("/admin/users"):
            if each.get("active", True):
                directory.add(self._person(each))
        for each in self.pages.counted("/admin/groups"):
            directory.add_team(self._team(str(each["name"])))

    def _person(self, user: Entry) -> Person:
        url, slug = self.pages.host.url, str(user["slug"])
        return Person(
            str(user["name"]),
            f"{url}/users/{quote(slug, safe='')}",
            name=str(user.get("displayName") or ""),
            email=str(user.get("emailAddress") or ""),
            annotations={f"{domain(self.pages.host)}/user-login": slug},
        )

    def _team(self, name: str) -> Team:
        context = quote(name, safe="")
        members = self.pages.counted(f"/admin/groups/more-members?context={context}")
        return Team(
            valid_name(name),
            f"{self.pages.host.url}/admin/groups/view?name={context}",
            title=name,
            members=tuple(str(each["name"]) for each in members),
            annotations={f"{domain(self.pages.host)}/group-name": name},
        )
