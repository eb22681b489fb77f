"""Who belongs where: from what users say, what groups say of their members, and of the groups that they are in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sipario_ldap.entities import Person, put


def relate(users: Sequence[Person], groups: Sequence[Person]) -> None:
    """Write memberships, parents and children into the entities, by refs.

    Directories keep them in either direction, or both. What is named and was not read is passed over. A group in
    several groups is a child of all of them; its parent is the first by name.
    """
    user_by_id, group_by_id = _by_id(users), _by_id(groups)
    member_of: dict[str, set[str]] = defaultdict(set)
    parents: dict[str, set[str]] = defaultdict(set)
    for person in users:
        member_of[person.ref] |= _refs(person.groups, group_by_id)
    for group in groups:
        parents[group.ref] |= _refs(group.groups, group_by_id)
        for user in _refs(group.members, user_by_id):
            member_of[user].add(group.ref)
        for child in _refs(group.members - user_by_id.keys(), group_by_id):
            parents[child].add(group.ref)
    for person in users:
        put(person.entity, ("spec", "memberOf"), sorted(member_of[person.ref]))
    _build(groups, parents)


def _by_id(people: Sequence[Person]) -> dict[str, Person]:
    """Find each by any of its ids; where two have the same one, a full name counts before an id, before a short one."""
    found: dict[str, Person] = {}
    for ids in zip(*(person.ids for person in people), strict=True):
        for id_, person in zip(ids, people, strict=True):
            if id_ and person.ref:
                found.setdefault(id_, person)
    return found


def _refs(ids: frozenset[str], by_id: Mapping[str, Person]) -> set[str]:
    return {by_id[id_].ref for id_ in ids if id_ in by_id}


def _build(groups: Sequence[Person], parents: Mapping[str, set[str]]) -> None:
    children: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        above = sorted(parents[group.ref] - {group.ref})
        for parent in above:
            children[parent].add(group.ref)
        if above:
            put(group.entity, ("spec", "parent"), above[0])
    for group in groups:
        put(group.entity, ("spec", "children"), sorted(children[group.ref]))
