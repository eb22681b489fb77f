"""Kinds of directories, and where each keeps the name and the lasting id of an entry."""

from collections.abc import Collection
from dataclasses import dataclass

GOOGLE = "ldap.google.com"
ASKED = ("forestFunctionality", "ipaDomainLevel", "aeRoot", "vendorName")
"""What of a server's own entry tells which kind it is."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """The attributes with an entry's name and its lasting id; with `lowers`, the name is told in lower case."""

    dn: str
    uuid: str
    lowers: bool = False


PLAIN = Vendor("entryDN", "entryUUID")
ACTIVE_DIRECTORY = Vendor("distinguishedName", "objectGUID")
FREE_IPA = Vendor("dn", "ipaUniqueID")
AE_DIR = Vendor("dn", "entryUUID")
GOOGLE_WORKSPACE = Vendor("dn", "uid")
LLDAP = Vendor("dn", "entryuuid")

_BY_ATTRIBUTE = {"forestfunctionality": ACTIVE_DIRECTORY, "ipadomainlevel": FREE_IPA, "aeroot": AE_DIR}


def vendor(has: Collection[str], name: str) -> Vendor:
    """Tell the kind of a server by what its own entry has, in lower case, and the vendor's name in it."""
    if name.upper() == "LLDAP":
        return LLDAP
    return next((kind for attribute, kind in _BY_ATTRIBUTE.items() if attribute in has), PLAIN)
