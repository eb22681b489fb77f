"""Questions in OpenSearch's language: built from words, never from what somebody typed as a query."""

import secrets
from collections.abc import Sequence
from typing import Any

from sipario_search.document import NAME, entity_id, plain
from sipario_search.store import Question
from sipario_search.words import compounds, words

MOST_WORDS = 12
FIELDS = ("title^6", "name^6", "text", "extra")
EXACT_BOOST = 50
NEAR = {"fuzziness": "AUTO", "prefix_length": 1, "max_expansions": 20}
SNIPPET = 300
SOURCE = ("type", "title", "text", "document")


def tags() -> tuple[str, str]:
    """Make tags to enclose what matched: nothing that is indexed can contain them."""
    mark = secrets.token_hex(8)
    return f"<{mark}>", f"</{mark}>"


def body(question: Question, before: str, after: str) -> dict[str, Any]:
    """Write a question down."""
    wanted = list(dict.fromkeys(words(question.term)))[:MOST_WORDS]
    return {
        "from": question.offset,
        "size": question.limit,
        "track_total_hits": True,
        "_source": list(SOURCE),
        "query": {
            "bool": {"filter": _filter(question), **(_scored(question.term, wanted) if wanted else {})}
        },
        "sort": [{"_score": "desc"}, {"order": "asc"}] if wanted else [{"order": "asc"}],
        **({"highlight": _highlight(wanted, before, after)} if wanted else {}),
    }


def _filter(question: Question) -> list[dict[str, Any]]:
    # Marks, checkpoints and what is gone have no type.
    typed = {"terms": {"type": list(question.types)}} if question.types else {"exists": {"field": "type"}}
    named = {key: "exact" if key == NAME else "facts" for key in question.filters}
    return [typed, *({"terms": {named[key]: list(facts)}} for key, facts in question.filters.items())]


def _scored(term: str, wanted: Sequence[str]) -> dict[str, Any]:
    *complete, last = wanted
    whole = [_any(_word(each)) for each in complete]
    joined = [_match(each, boost=2) for each in compounds(term)[:MOST_WORDS]]
    spelled = {"bool": {"should": [*whole, _any(_beginning(last))], "minimum_should_match": "3<75%"}}
    exact = {"term": {"exact": {"value": plain(term), "boost": EXACT_BOOST}}}
    known = {"ids": {"values": [entity_id(term.strip().lower())], "boost": EXACT_BOOST}}
    return {"must": [_any([exact, known, spelled, *joined])]}


def _word(word: str) -> list[dict[str, Any]]:
    return [_match(word, boost=2), {"multi_match": {"query": word, "fields": list(FIELDS), **NEAR}}]


def _beginning(word: str) -> list[dict[str, Any]]:
    # The last word may not be finished: what begins with it counts as well, once for each document.
    begun = [{"multi_match": {"query": word, "fields": [field], "type": "bool_prefix"}} for field in FIELDS]
    return [*_word(word), *begun]


def _match(word: str, *, boost: int) -> dict[str, Any]:
    return {"multi_match": {"query": word, "fields": list(FIELDS), "boost": boost}}


def _any(clauses: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"dis_max": {"queries": list(clauses)}} if len(clauses) > 1 else clauses[0]


def _highlight(wanted: Sequence[str], before: str, after: str) -> dict[str, Any]:
    asked = {"multi_match": {"query": " ".join(wanted), "fields": ["title", "text"], **NEAR}}
    begun = {"multi_match": {"query": wanted[-1], "fields": ["title", "text"], "type": "bool_prefix"}}
    return {
        "pre_tags": [before],
        "post_tags": [after],
        "require_field_match": True,
        "highlight_query": {"bool": {"should": [asked, begun]}},
        "fields": {
            "title": {"number_of_fragments": 0},
            "text": {"number_of_fragments": 1, "fragment_size": SNIPPET},
        },
    }
