"""What can be found: one document for each entity and for each section of a page of documentation."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import orjson
from sipario_events import EntityChanged, PageBuilt, Section
from sipario_model import EntityRef, RefError

from sipario_search.words import compounds, hidden, words

CATALOG = "software-catalog"
DOCUMENTATION = "techdocs"
TYPES = (CATALOG, DOCUMENTATION)
LONGEST_TEXT = 20_000
LONGEST_DEFINITION = 40_000
MOST_WORDS = 400
LONGEST_ID = 400
LONGEST_TERM = 200
#: What of a document has a field of its own.
IN_FIELDS = ("title", "text")

#: What results can be filtered by, and which field of a document that is.
FACTS = ("kind", "namespace", "name", "lifecycle", "owner", "componentType", "tags")
#: The fact of being called so, though the title is another.
CALLED = "called"

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """One document of the index, in one version. `source` of what is gone says no more than that it is."""

    id: str
    version: int
    source: Mapping[str, Any] = field(default_factory=lambda: {"gone": True})


def entity_written(event: EntityChanged) -> Written:
    """Make the document of an entity."""
    name = entity_id(event.ref)
    return Written(name, event.version) if event.gone else Written(name, event.version, _entity_source(event))


def entity_id(ref: str) -> str:
    """Name the document of an entity."""
    return _bounded(f"entity:{ref}")


def page_id(event: PageBuilt) -> str:
    """Name what is remembered of a page as a whole."""
    return _bounded(f"page:{event.identity()}")


def section_written(event: PageBuilt, number: int) -> Written:
    """Make the document of a section of a page; of one behind its last, that it is gone."""
    name = _bounded(f"section:{event.identity()}", f"#{number}")
    if event.gone or number >= len(event.sections):
        return Written(name, event.version)
    return Written(name, event.version, _section_source(event, event.sections[number], number))


def section_gone(event: PageBuilt, number: int, version: int) -> Written:
    """Say that a section is gone since a version of its page."""
    return Written(_bounded(f"section:{event.identity()}", f"#{number}"), version)


def _entity_source(event: EntityChanged) -> Mapping[str, Any]:
    metadata, spec = _mapping(event.entity.get("metadata")), _mapping(event.entity.get("spec"))
    ref = EntityRef.parse(event.ref)
    name, title = _text(metadata.get("name")) or ref.name, _text(metadata.get("title"))
    owner = next(
        (each.target for each in event.relations if each.type == "ownedBy"), _text(spec.get("owner"))
    )
    tags = [tag for tag in metadata.get("tags") or [] if isinstance(tag, str)]
    document = {
        "title": title or name,
        "text": _entity_text(metadata, spec),
        "location": f"/catalog/{ref.namespace}/{ref.kind}/{ref.name}",
        "kind": _text(event.entity.get("kind")) or ref.kind,
        "namespace": _text(metadata.get("namespace")) or ref.namespace,
        "name": name,
        "componentType": _text(spec.get("type")) or "other",
        "type": _text(spec.get("type")) or "other",
        "lifecycle": _text(spec.get("lifecycle")),
        "owner": owner,
        "tags": tags,
        "entityRef": event.ref,
        "authorization": {"resourceRef": event.ref},
    }
    return _source(
        CATALOG,
        document,
        names=(name, title),
        also=[*tags, str(document["componentType"]), *_definition(spec)],
        facts=_facts({**document, "owner": [owner, _bare(owner), _text(spec.get("owner"))], CALLED: name}),
    )


def _section_source(event: PageBuilt, section: Section, number: int) -> Mapping[str, Any]:
    ref = EntityRef.parse(event.ref)
    anchor = f"#{quote(section.anchor)}" if section.anchor else ""
    page = event.title or section.title or event.path or ref.name
    same = number == 0 or section.title in ("", page)
    document = {
        "title": page if same else f"{page}: {section.title}",
        "text": section.text[:LONGEST_TEXT],
        "location": f"/docs/{ref.namespace}/{ref.kind}/{ref.name}/{quote(event.path)}{anchor}",
        "path": event.path,
        "kind": ref.kind,
        "namespace": ref.namespace,
        "name": ref.name,
        "entityTitle": ref.name,
        "entityRef": event.ref,
        "authorization": {"resourceRef": event.ref},
    }
    names = (section.title, page if same else "")
    facts = _facts({**document, CALLED: section.title})
    return _source(DOCUMENTATION, document, names=names, also=[ref.name], facts=facts)


def _source(
    kind: str, document: Mapping[str, Any], *, names: Sequence[str], also: Sequence[str], facts: Sequence[str]
) -> Mapping[str, Any]:
    title, text = str(document["title"]), str(document["text"])
    seen = set(title.lower().replace("-", " ").split())
    name = dict.fromkeys(
        word for each in names for word in [*words(each), *compounds(each)] if word not in seen
    )
    extra = dict.fromkeys([*(word for each in also for word in words(each)), *hidden(text)])
    return {
        "type": kind,
        "title": title,
        "text": text,
        "name": " ".join(name),
        "extra": " ".join(list(extra)[:MOST_WORDS]),
        "facts": " ".join(facts),
        "order": plain(title),
        "document": orjson.dumps({key: document[key] for key in document if key not in IN_FIELDS}).decode(),
    }


def fact(key: str, value: str) -> str:
    """Write what documents are filtered by: one value of one key, whatever its case, as one word."""
    return f"{key}={'%20'.join(plain(value).split())}"[:LONGEST_TERM]


def plain(value: str) -> str:
    """Write a name or a value as it is compared: in lower case, and not too long to be a term."""
    return value.strip().lower()[:LONGEST_TERM]


def _facts(document: Mapping[str, Any]) -> list[str]:
    called = document[CALLED] if plain(document[CALLED]) != plain(document["title"]) else ""
    values = {**{key: document.get(key) or [] for key in FACTS}, CALLED: called}
    listed = {key: [value] if isinstance(value, str) else value for key, value in values.items()}
    return sorted({fact(key, value) for key, found in listed.items() for value in found if value})


def _entity_text(metadata: Mapping[str, Any], spec: Mapping[str, Any]) -> str:
    profile = _mapping(spec.get("profile"))
    found = (metadata.get("description"), profile.get("displayName"), profile.get("email"))
    return " : ".join(text for text in map(_text, found) if text)[:LONGEST_TEXT]


def _definition(spec: Mapping[str, Any]) -> list[str]:
    # Each word once: how often it occurs in an API's definition says little of what the API is about.
    return list(dict.fromkeys(words(_text(spec.get("definition"))[:LONGEST_DEFINITION])))


def _bare(owner: str) -> str:
    try:
        return EntityRef.parse(owner, default_kind="group", default_namespace="default").name
    except RefError:
        return owner


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _bounded(name: str, suffix: str = "") -> str:
    # Ids end at 512 bytes; a longer one is told by its digest.
    if len(name.encode()) > LONGEST_ID:
        name = f"{name[:40]}~{hashlib.sha256(name.encode()).hexdigest()}"
    return f"{name}{suffix}"
