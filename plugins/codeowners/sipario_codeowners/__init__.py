"""Entities that name no owner belong to whom the CODEOWNERS of their repository names for their file."""

from sipario_plugin import Emit, Entity, Extensions, Processor, Sight, Unreadable

from sipario_codeowners.owners import Owners

KINDS = frozenset({"API", "Component", "Domain", "Resource", "System"})
FOLDERS = {
    "github": ("", ".github/", "docs/"),
    "gitlab": ("", ".gitlab/", "docs/"),
    "bitbucket": ("", ".bitbucket/"),
    "gitea": ("", "docs/", ".gitea/"),
}
EVERYWHERE = ("", ".github/", ".gitlab/", "docs/", ".bitbucket/")
MOST_BYTES = 3_000_000


def register(portal: Extensions) -> None:
    """Add the processor `codeowners`."""
    portal.processors.add("codeowners", Processor(wants=lacks_owner, pre_process=infer))


def lacks_owner(entity: Entity) -> bool:
    """Tell whether an entity is of a kind that has an owner, and names none."""
    spec = entity.get("spec")
    return entity["kind"] in KINDS and (spec is None or (isinstance(spec, dict) and not spec.get("owner")))


def infer(entity: Entity, sight: Sight, _emit: Emit) -> Entity:
    """Return the entity with the owner that CODEOWNERS has for its file, when it has one."""
    if not sight.host or not sight.location.startswith("url:"):
        return entity
    owner = sight.once("owners", lambda: _owners(sight)).of(sight.path)
    if not owner:
        return entity
    return {**entity, "spec": {**(entity.get("spec") or {}), "owner": owner}}


def _owners(sight: Sight) -> Owners:
    """Read the first CODEOWNERS that is there."""
    for folder in FOLDERS.get(sight.host, EVERYWHERE):
        data = sight.file(f"{folder}CODEOWNERS")
        if data is None:
            continue
        if len(data) > MOST_BYTES:
            raise Unreadable(f"{folder}CODEOWNERS has more than {MOST_BYTES // 1_000_000} MB")
        return Owners.read(data.decode(errors="replace"), sight.host)
    return Owners(())
