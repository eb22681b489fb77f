"""Users, groups and the tenant itself as entities, named as Backstage names them."""

import base64
import re
from collections.abc import Mapping
from typing import Any

Entity = dict[str, Any]

USER_ID = "graph.microsoft.com/user-id"
GROUP_ID = "graph.microsoft.com/group-id"
TENANT_ID = "graph.microsoft.com/tenant-id"
EMAIL = "microsoft.com/email"
IDS = (USER_ID, GROUP_ID, TENANT_ID)


def name_of(text: str) -> str:
    """Make a name of an address or a title: lower case, with `_` for whatever a name can't have."""
    cleaned = re.sub(r"[^a-z0-9_\-.]", "_", text.strip().lower())
    return re.sub(r"_+", "_", cleaned.rstrip("_"))


def user(found: Mapping[str, Any], photo: bytes = b"") -> Entity | None:
    """Make a user; None of one without an address, by which it is named."""
    if not (found.get("id") and found.get("displayName") and found.get("mail")):
        return None
    profile = {"displayName": found["displayName"], "email": found["mail"]}
    if photo:
        profile["picture"] = f"data:image/jpeg;base64,{base64.b64encode(photo).decode()}"
    annotations = {EMAIL: found["mail"], USER_ID: found["id"]}
    return _entity(
        "User", name_of(found["mail"]) or found["id"], annotations, {"profile": profile, "memberOf": []}
    )


def group(found: Mapping[str, Any]) -> Entity | None:
    """Make a group; None of one without a title. One of mail, not of rights, goes by its mail name."""
    if not (found.get("id") and found.get("displayName")):
        return None
    is_mail = not found.get("securityEnabled") and found.get("mailNickname")
    name = name_of(found["mailNickname"] if is_mail else found["displayName"]) or found["id"]
    profile = {"displayName": found["displayName"], "email": found.get("mail")}
    spec = {"type": "team", "profile": {key: text for key, text in profile.items() if text}, "children": []}
    made = _entity("Group", name, {GROUP_ID: found["id"]}, spec)
    if found.get("description"):
        made["metadata"]["description"] = found["description"]
    return made


def root(found: Mapping[str, Any]) -> Entity | None:
    """Make the group of a tenant, above all others; None of a tenant without a title."""
    if not (found.get("id") and found.get("displayName")):
        return None
    spec = {"type": "root", "profile": {"displayName": found["displayName"]}, "children": []}
    made = _entity("Group", name_of(found["displayName"]) or found["id"], {TENANT_ID: found["id"]}, spec)
    made["metadata"]["description"] = found["displayName"]
    return made


def id_of(entity: Entity) -> str:
    """Return Microsoft's id of an entity."""
    annotations = entity["metadata"]["annotations"]
    return next(str(annotations[key]) for key in IDS if key in annotations)


def ref_of(entity: Entity) -> str:
    """Return an entity's ref."""
    return f"{entity['kind'].lower()}:default/{entity['metadata']['name']}"


def _entity(kind: str, name: str, annotations: Mapping[str, str], spec: Mapping[str, Any]) -> Entity:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": name, "annotations": dict(annotations)},
        "spec": dict(spec),
    }
