"""People and teams of a Git host, and the entities that they become."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sipario_model.formats import is_name
from sipario_plugin import Found

LONGEST_NAME = 63


@dataclass(frozen=True, slots=True)
class Person:
    """An account: `login` is what teams call it by, `page` where the host shows it."""

    login: str
    page: str
    name: str = ""
    email: str = ""
    picture: str = ""
    about: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Team:
    """A team or group. `parent` is the name of the team above it, in the same namespace; `members` are logins."""

    name: str
    page: str
    title: str = ""
    about: str = ""
    picture: str = ""
    parent: str = ""
    namespace: str = ""
    members: tuple[str, ...] = ()
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """Return how a person names it in `memberOf`."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


class Directory:
    """All people, by their logins, and all teams of one provider."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}
        self._teams: list[Team] = []

    def add(self, person: Person) -> None:
        """Add an account; who is in several organisations is one."""
        self._people.setdefault(person.login, person)

    def add_team(self, team: Team) -> None:
        """Add a team."""
        self._teams.append(team)

    def found(self) -> Iterator[Found]:
        """Give all of them as entities."""
        children: dict[tuple[str, str], list[str]] = {}
        groups: dict[str, list[str]] = {}
        for team in self._teams:
            children.setdefault((team.namespace, team.parent), []).append(team.name)
            for login in team.members:
                groups.setdefault(login, []).append(team.ref)
        for team in self._teams:
            yield Found(team.page, self._group(team, sorted(children.get((team.namespace, team.name), ()))))
        for login, person in self._people.items():
            yield Found(person.page, _user(person, sorted(set(groups.get(login, ())))))

    def _group(self, team: Team, children: list[str]) -> dict[str, Any]:
        profile = _without_empty(displayName=team.title, picture=team.picture)
        members = sorted({valid_name(login) for login in team.members if login in self._people})
        spec: dict[str, Any] = {"type": "team", "profile": profile, "children": children}
        if team.parent:
            spec["parent"] = team.parent
        # A group's members are looked for in its own namespace, but people have none.
        spec["members"] = [f"default/{each}" if team.namespace else each for each in members]
        made = _entity("Group", team.name, team.about, team.annotations, spec)
        if team.namespace:
            made["metadata"]["namespace"] = team.namespace
        return made


def valid_name(text: str) -> str:
    """Return a text as it is when it can be a name, or else as near to that as can be."""
    if is_name(text):
        return text
    cleaned = re.sub(r"[^A-Za-z0-9_.-]+", "_", text)[:LONGEST_NAME].strip("_.-")
    return re.sub(r"_+", "_", cleaned) or "unnamed"


def valid_namespace(text: str) -> str:
    """Return a text as near to a namespace as can be: in lower case, with `-` for whatever it can't have."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:LONGEST_NAME].strip("-") or "unnamed"


def _user(person: Person, groups: list[str]) -> dict[str, Any]:
    profile = _without_empty(displayName=person.name, email=person.email, picture=person.picture)
    spec = {"profile": profile, "memberOf": groups}
    return _entity("User", valid_name(person.login), person.about, person.annotations, spec)


def _entity(
    kind: str, name: str, about: str, annotations: Mapping[str, str], spec: Mapping[str, Any]
) -> dict[str, Any]:
    metadata = {"name": name, **_without_empty(description=about), "annotations": dict(annotations)}
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": metadata,
        "spec": spec,
    }


def _without_empty(**texts: str) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}
