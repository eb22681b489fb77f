"""How documents are indexed: no more than what is searched, for each word costs the embedded engine."""

from typing import Any

#: Goes up when what is below, or what is written into it, changes: then a new index is filled from the beginning.
SHAPE = 1

_TEXT = {"type": "text", "analyzer": "folded"}
_NAME = {"type": "text", "analyzer": "folded", "norms": False}
_EXACT = {"type": "keyword", "doc_values": False}
_KEPT = {"type": "object", "enabled": False}

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "type": {"type": "keyword"},
        "title": _TEXT,
        "text": _TEXT,
        "name": _NAME,
        "extra": _NAME,
        "exact": _EXACT,
        "facts": _EXACT,
        "order": {"type": "keyword", "index": False},
        "gone": {"type": "boolean"},
        "document": _KEPT,
        "mark": _KEPT,
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
