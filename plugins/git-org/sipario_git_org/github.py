"""Members and teams of organisations of GitHub, asked for by its GraphQL API."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sipario_plugin import GitHost, Provider, Surroundings, Unreadable

from sipario_git_org.directory import Directory, Person, Team, valid_name, valid_namespace
from sipario_git_org.entry import Entry, host_of, is_on, provider, texts
from sipario_git_org.pages import MOST_PAGES, Pages

_MEMBERS = """query($org: String!, $after: String, $verified: Boolean!) { organization(login: $org) {
  found: membersWithRole(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
    login databaseId name email avatarUrl bio
    organizationVerifiedDomainEmails(login: $org) @include(if: $verified)
  } } } }"""
_TEAMS = """query($org: String!, $after: String) { organization(login: $org) {
  found: teams(first: 50, after: $after) { pageInfo { hasNextPage endCursor } nodes {
    slug combinedSlug name description avatarUrl editTeamUrl parentTeam { slug }
    members(first: 100, membership: IMMEDIATE) { pageInfo { hasNextPage } nodes { login } }
  } } } }"""
_TEAM = """query($org: String!, $team: String!, $after: String) { organization(login: $org) { team(slug: $team) {
  found: members(first: 100, after: $after, membership: IMMEDIATE) {
    pageInfo { hasNextPage endCursor } nodes { login } } } } }"""


def organisation(_name: str, entry: Entry, surroundings: Surroundings) -> Provider:
    """Make a provider of an entry of `githubOrg`; raises ValueError."""
    host = host_of("github", entry, "githubUrl", surroundings)
    transformer = entry.get("defaultUserTransformer") or {}
    orgs = texts(entry, "orgs")
    reading = _Reading(host, surroundings, orgs, is_on(transformer.get("useVerifiedEmails")))
    return provider(host, reading.fill, orgs)


@dataclass(frozen=True, slots=True)
class _Reading:
    host: GitHost
    surroundings: Surroundings
    orgs: Sequence[str]
    verified: bool

    def fill(self, directory: Directory) -> None:
        orgs = self.orgs or self.host.owners()
        if not orgs:
            raise Unreadable(
                "orgs: name the organisations, or have them install a GitHub App of integrations"
            )
        for org in orgs:
            # As Backstage: only a single organisation that is named has its teams in the default namespace.
            namespace = "" if len(self.orgs) == 1 else valid_namespace(org)
            pages = Pages(self.surroundings.ask, self.host, org)
            for each in self._all(pages, _MEMBERS, org=org, verified=self.verified):
                directory.add(self._person(each))
            for each in self._all(pages, _TEAMS, org=org):
                directory.add_team(self._team(each, org, namespace, self._members(pages, org, each)))

    def _all(self, pages: Pages, query: str, **variables: Any) -> Iterator[Mapping[str, Any]]:
        """Give the nodes of all pages of what a query calls `found`."""
        after = None
        for _ in range(MOST_PAGES):
            data = pages.graphql(self._graphql(), query, after=after, **variables)["organization"]
            if data is None:
                raise Unreadable(f"{self.host.url} shows no organisation {variables['org']} to this login")
            found = data.get("team", data)["found"]
            yield from found["nodes"]
            if not found["pageInfo"]["hasNextPage"]:
                return
            before, after = after, found["pageInfo"]["endCursor"]
            if after == before:
                raise Unreadable(f"{self.host.url} gives the same page again and again")
        raise Unreadable(f"{self.host.url} has more than {MOST_PAGES} pages of people or teams")

    def _members(self, pages: Pages, org: str, team: Mapping[str, Any]) -> tuple[str, ...]:
        members = team["members"]
        whole = not members["pageInfo"]["hasNextPage"]
        nodes = members["nodes"] if whole else self._all(pages, _TEAM, org=org, team=team["slug"])
        return tuple(str(each["login"]) for each in nodes)

    def _graphql(self) -> str:
        """Return where GraphQL is: on a server of one's own, beside the REST API."""
        return f"{self.host.api.removesuffix('/v3')}/graphql"

    def _person(self, node: Mapping[str, Any]) -> Person:
        login = str(node["login"])
        verified = node.get("organizationVerifiedDomainEmails") or [""]
        annotations = {"github.com/user-login": login}
        if node.get("databaseId"):
            annotations["github.com/user-id"] = str(node["databaseId"])
        return Person(
            login,
            f"{self.host.url}/{login}",
            name=str(node.get("name") or ""),
            email=str(verified[0] or node.get("email") or ""),
            picture=str(node.get("avatarUrl") or ""),
            about=str(node.get("bio") or ""),
            annotations=annotations,
        )

    def _team(self, node: Mapping[str, Any], org: str, namespace: str, members: tuple[str, ...]) -> Team:
        slug = str(node["slug"])
        annotations = {"github.com/team-slug": str(node["combinedSlug"])}
        if node.get("editTeamUrl"):
            annotations["backstage.io/edit-url"] = str(node["editTeamUrl"])
        return Team(
            valid_name(slug),
            f"{self.host.url}/orgs/{org}/teams/{slug}",
            title=str(node.get("name") or ""),
            about=str(node.get("description") or ""),
            picture=str(node.get("avatarUrl") or ""),
            parent=valid_name(str(node["parentTeam"]["slug"])) if node.get("parentTeam") else "",
            namespace=namespace,
            members=members,
            annotations=annotations,
        )
