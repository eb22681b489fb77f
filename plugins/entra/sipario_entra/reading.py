"""One reading of a tenant: all its users and groups, related."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from sipario_plugin import Found

from sipario_entra.entities import Entity, group, id_of, root, user
from sipario_entra.graph import Graph
from sipario_entra.membership import relate
from sipario_entra.settings import GROUP_FIELDS, Query, Settings

AT_ONCE = 8
A_USER, A_GROUP = "#microsoft.graph.user", "#microsoft.graph.group"

Objects = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads the tenant of an entry by its name, as often as it is called."""

    name: str
    settings: Settings
    graph: Graph

    def __call__(self) -> Iterable[Found]:
        """Give the tenant, all users and all groups; raises Unreadable where it can't be all."""
        top = root(self.graph.one(f"organization/{quote(self.settings.tenant)}", ("id", "displayName")))
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"graph-{self.name}") as threads:
            groups, members = self._groups(threads)
            users = self._users(threads)
        relate(users, groups, top, members)
        everyone = [*([top] if top else ()), *groups, *users]
        return [Found(f"msgraph:{self.name}/{quote(id_of(one), safe='')}", one) for one in everyone]

    def _groups(self, threads: ThreadPoolExecutor) -> tuple[list[Entity], dict[str, set[str]]]:
        """Return the groups, and the ids of the members of each."""
        waiting = [*self.graph.all(self.settings.groups)]
        made: dict[str, Entity] = {}
        members: dict[str, set[str]] = {}
        while waiting:
            fresh = {id_of(one): one for one in map(group, waiting) if one and id_of(one) not in made}
            made |= fresh
            inside = dict(zip(fresh, threads.map(self._members, fresh), strict=True))
            members |= {id_: users | groups for id_, (users, groups) in inside.items()}
            below = {id_ for _, groups in inside.values() for id_ in groups} - made.keys()
            wanted = sorted(below) if self.settings.has_sub_groups else []
            waiting = [*threads.map(self._group, wanted)]
        return list(made.values()), members

    def _members(self, id_: str) -> tuple[set[str], set[str]]:
        """Return the ids of the users and of the groups that are directly in a group."""
        found = [*self.graph.all(Query(f"groups/{quote(id_)}/members", ("id",)))]
        users, groups = (
            {str(one["id"]) for one in found if one.get("id") and one.get("@odata.type") == kind}
            for kind in (A_USER, A_GROUP)
        )
        return users, groups

    def _group(self, id_: str) -> Mapping[str, Any]:
        return self.graph.one(f"groups/{quote(id_)}", GROUP_FIELDS)

    def _users(self, threads: ThreadPoolExecutor) -> list[Entity]:
        found = self._in_groups(threads) if self.settings.member_groups.is_narrowed else self._all_users()
        wanted = {str(one["id"]): one for one in found if one.get("id")}
        photos = threads.map(self._photo, wanted)
        made = (user(one, photo) for one, photo in zip(wanted.values(), photos, strict=True))
        return [one for one in made if one]

    def _all_users(self) -> Objects:
        return self.graph.all(self.settings.users)

    def _in_groups(self, threads: ThreadPoolExecutor) -> Objects:
        """Give the members of the groups that are named for it, of those who may sign in."""
        ids = [str(one["id"]) for one in self.graph.all(self.settings.member_groups)]
        for found in threads.map(self._users_of, ids):
            yield from (one for one in found if one.get("accountEnabled") is not False)

    def _users_of(self, id_: str) -> list[Mapping[str, Any]]:
        path = f"groups/{quote(id_)}/members/microsoft.graph.user"
        return [*self.graph.all(replace(self.settings.users, path=path))]

    def _photo(self, id_: str) -> bytes:
        return self.graph.photo(id_) if self.settings.has_photos else b""
