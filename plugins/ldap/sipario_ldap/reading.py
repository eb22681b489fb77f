"""One reading of a directory: all its users and groups, related."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sipario_plugin import Found

from sipario_ldap.directory import Directory
from sipario_ldap.entities import Person, person
from sipario_ldap.membership import relate
from sipario_ldap.settings import Part, Settings
from sipario_ldap.vendor import Vendor


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads the directory of an entry by its name, as often as it is called."""

    name: str
    settings: Settings

    def __call__(self) -> Iterable[Found]:
        """Give all users and groups; raises Unreadable where it can't be all."""
        with Directory.opened(self.settings) as directory:
            vendor = self._vendor(directory)
            users = _people(directory, "User", self.settings.users, vendor)
            groups = _people(directory, "Group", self.settings.groups, vendor)
        relate(users, groups)
        return [
            Found(f"ldap://{self.name}/{quote(one.dn, safe='')}", one.entity) for one in (*users, *groups)
        ]

    def _vendor(self, directory: Directory) -> Vendor:
        named = self.settings
        kind = Vendor("", "") if named.dn_attribute and named.uuid_attribute else directory.vendor()
        return Vendor(named.dn_attribute or kind.dn, named.uuid_attribute or kind.uuid, named.lowers_dn)


def _people(directory: Directory, kind: str, parts: Sequence[Part], vendor: Vendor) -> list[Person]:
    """Return those of all parts; an entry that is in several is what the last one makes of it."""
    found: dict[str, Person] = {}
    for part in parts:
        used = {*part.attributes.values(), vendor.dn, vendor.uuid}
        asked = part.asked or sorted(name for name in used if name and name != "dn")
        for entry in directory.entries(part, asked):
            found[entry.dn] = person(kind, part, entry, vendor)
    return [*found.values()]
