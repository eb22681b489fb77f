"""Kind definitions: what a KindDefinition must say besides what its schema demands."""

from collections.abc import Iterator, Mapping
from typing import Any

from sipario_model import formats, properties
from sipario_model.expansion import SchemaRefused, expanded
from sipario_model.pairs import Pairs
from sipario_model.ref import NAMESPACE
from sipario_model.relation import FIELDS
from sipario_model.schema_check import Finding, refusal

KIND = "KindDefinition"
_ADDING = ("apiVersions", "icon", "schema", "relations")


def extends(entity: Mapping[str, Any]) -> bool:
    """Tell whether a definition only adds properties, to a kind that is built in."""
    return entity["spec"]["names"]["kind"].lower() in FIELDS


def findings(entity: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with a definition by itself; it has passed its schema."""
    spec = entity["spec"]
    yield from _names(entity["metadata"], spec["names"]["kind"])
    if extends(entity):
        yield from _extension(spec)
    for index, version in enumerate(spec.get("apiVersions", ())):
        if refused := formats.API_VERSION.refusal(f"spec.apiVersions.{index}", version):
            yield ("spec", "apiVersions", index), refused
    yield from _schema(spec.get("schema", {}))
    yield from _relations(spec)
    yield from clashes(entity, Pairs())
    yield from properties.findings(spec.get("properties", {}))


def clashes(entity: Mapping[str, Any], pairs: Pairs) -> Iterator[Finding]:
    """Yield where its relations contradict those that are known, or each other; the pairs learn them."""
    name = entity["metadata"]["name"]
    for index, each in enumerate(entity["spec"].get("relations", ())):
        refused = pairs.learn(each["type"], each.get("inverse"), by=name, impact=each.get("impact", False))
        if refused:
            yield ("spec", "relations", index, "inverse" if "inverse" in each else "type"), refused


def _names(metadata: Mapping[str, Any], kind: str) -> Iterator[Finding]:
    if refused := formats.KIND.refusal("spec.names.kind", kind):
        yield ("spec", "names", "kind"), refused
    elif metadata["name"] != kind.lower():
        yield ("metadata", "name"), f"The definition of {kind} must be named {kind.lower()}"
    if metadata.get("namespace", NAMESPACE) != NAMESPACE:
        yield ("metadata", "namespace"), f"A definition must be in the namespace {NAMESPACE}"


def _extension(spec: Mapping[str, Any]) -> Iterator[Finding]:
    kind = spec["names"]["kind"]
    if "properties" not in spec:
        yield (
            ("spec", "names", "kind"),
            f"{kind} is built in, and can't be defined again; it can be given properties",
        )
    for part in _ADDING:
        if part in spec:
            yield ("spec", part), f"{kind} is built in: only properties can be added to it"


def _schema(schema: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        whole = expanded(schema)
    except SchemaRefused as error:
        yield ("spec", "schema"), f"spec.schema can't be used: {error}"
        return
    if refused := refusal(whole):
        place, message = refused
        yield ("spec", "schema", *place), f"spec.schema is no JSON Schema of draft 7: {message}"


def _relations(spec: Mapping[str, Any]) -> Iterator[Finding]:
    seen = set()
    for index, each in enumerate(spec.get("relations", ())):
        place, field = ("spec", "relations", index), each["field"]
        if field in seen:
            yield (*place, "field"), f"{field} is related a second time"
        seen.add(field)
        default, allowed = each.get("defaultKind"), each.get("allowedKinds", ())
        for path, kind in [
            (("defaultKind",), default),
            *((("allowedKinds", n), k) for n, k in enumerate(allowed)),
        ]:
            if kind and (refused := formats.KIND.refusal(".".join(map(str, (*place, *path))), kind)):
                yield (*place, *path), refused
        if default and allowed and default.lower() not in {kind.lower() for kind in allowed}:
            yield (*place, "defaultKind"), f"{default} is not among the allowedKinds of {field}"
