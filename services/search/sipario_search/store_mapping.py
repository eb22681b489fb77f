"""How documents are indexed: no more than what is searched, for each word costs the embedded engine."""

from typing import Any

#: Goes up when what is below, or what is written into it, changes: then a new index is filled from the beginning.
SHAPE = 2

_TEXT = {"type": "text", "analyzer": "folded", "index_options": "freqs"}
_NAME = {"type": "text", "analyzer": "folded", "norms": False, "index_options": "docs"}
# One field of a few words costs less than a few values of a keyword, and text that is kept less than an object.
_FACTS = {"type": "text", "analyzer": "whitespace", "norms": False, "index_options": "docs"}
_KEPT = {"type": "keyword", "index": False, "doc_values": False}

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "type": {"type": "keyword"},
        "title": _TEXT,
        "text": _TEXT,
        "name": _NAME,
        "extra": _NAME,
        "facts": _FACTS,
        "order": {"type": "keyword"},
        "gone": {"type": "boolean"},
        "document": _KEPT,
        "mark": {"type": "object", "enabled": False},
    },
}


def body(aliases: list[str], *, shards: int, replicas: str) -> dict[str, Any]:
    """Describe an index to be made."""
    folded = {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "asciifolding"]}
    return {
        "aliases": {alias: {} for alias in aliases},
        "mappings": MAPPING,
        "settings": {
            "index": {
                "number_of_shards": shards,
                "auto_expand_replicas": replicas,
                "refresh_interval": "500ms",
            },
            "analysis": {"analyzer": {"folded": folded}},
        },
    }
