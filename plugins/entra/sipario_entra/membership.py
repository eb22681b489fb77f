"""Who belongs where: groups below groups, all below the tenant's own, and users in all that are above them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sipario_entra.entities import Entity, id_of, ref_of


def relate(
    users: Sequence[Entity],
    groups: Sequence[Entity],
    root: Entity | None,
    members: Mapping[str, Collection[str]],
) -> None:
    """Write memberships, parents and children into the entities. `members` are ids, of users and groups, by group.

    A group in several groups is a child of all of them; its parent is the first by name. One that is in none is
    below the root. A user is a member of the groups above its groups too.
    """
    by_id = {id_of(group): group for group in groups}
    parents = _parents(by_id, members)
    if root:
        for id_ in by_id:
            parents[id_] = parents[id_] or {id_of(root)}
        by_id[id_of(root)] = root
    refs = {id_: ref_of(group) for id_, group in by_id.items()}
    children = _inverse(parents)
    for id_, group in by_id.items():
        above = sorted(refs[parent] for parent in parents[id_])
        if above:
            group["spec"]["parent"] = above[0]
        group["spec"]["children"] = sorted(refs[child] for child in children[id_])
    groups_of = _inverse(members)
    for user in users:
        user["spec"]["memberOf"] = sorted(
            refs[id_] for id_ in _above(groups_of[id_of(user)] & refs.keys(), parents)
        )


def _parents(
    by_id: Mapping[str, Entity], members: Mapping[str, Collection[str]]
) -> defaultdict[str, set[str]]:
    found = _inverse(members)
    return defaultdict(set, {id_: (found[id_] & by_id.keys()) - {id_} for id_ in by_id})


def _inverse(members: Mapping[str, Collection[str]]) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for group, inside in members.items():
        for id_ in inside:
            found[id_].add(group)
    return found


def _above(groups: set[str], parents: Mapping[str, set[str]]) -> set[str]:
    """Return groups with all that are above them; circles end where they began."""
    found: set[str] = set()
    waiting = list(groups)
    while waiting:
        id_ = waiting.pop()
        if id_ not in found:
            found.add(id_)
            waiting += parents[id_]
    return found
