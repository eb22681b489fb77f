"""Questions in OpenSearch's language: built from words, never from what somebody typed as a query.

Only what the embedded engine does quickly is used: it pays for each document that a clause matches, so nothing filters
by what most documents have, and likenesses are looked for only where what was typed finds next to nothing.

What is called exactly so comes first, then what has the words themselves, wherever they stand; then what has words that
only begin so, and last what is spelled alike. The boosts below keep these four apart, whatever a word weighs.
"""

from collections.abc import Sequence
from typing import Any

from sipario_search.document import CALLED, TYPES, entity_id, fact, plain
from sipario_search.store import Question
from sipario_search.words import compounds, words

MOST_WORDS = 12
FIELDS = ("title^6", "name^6", "text", "extra")
BEGINNINGS = ("title", "name")
ALL_BEGINNINGS = (*BEGINNINGS, "text", "extra")
EXACT_BOOST = 10_000
BEGINNING_BOOST = 0.01
NEAR_BOOST = 0.0001
NEAR = {"fuzziness": "AUTO", "prefix_length": 1, "max_expansions": 20, "boost": NEAR_BOOST}
SOURCE = ("type", "title", "text", "document", "order")

Clause = dict[str, Any]


def asked(question: Question) -> list[str]:
    """The words of a question, each once."""
    return list(dict.fromkeys(words(question.term)))[:MOST_WORDS]


def body(question: Question, *, near: bool = False) -> dict[str, Any]:
    """Write a question down; `near`: words that are spelled alike, or only begin so, count wherever they are."""
    wanted = asked(question)
    scored = {"must": [_scored(question.term, wanted, near=near)]} if wanted else {"filter": [_typed()]}
    return {
        "from": question.offset,
        "size": question.limit,
        "track_total_hits": True,
        "_source": list(SOURCE),
        "query": {"bool": _joined(scored, _narrowed(question))},
        "sort": [{"_score": "desc"}] if wanted else [{"order": "asc"}],
    }


def _typed() -> Clause:
    # Marks, checkpoints and what is gone have no type; no word finds them either.
    return {"exists": {"field": "type"}}


def _narrowed(question: Question) -> dict[str, list[Clause]]:
    narrowed: list[Clause] = [{"terms": {"facts": list(facts)}} for _, facts in question.filters]
    unwanted = [each for each in TYPES if each not in question.types] if question.types else []
    if len(unwanted) == len(TYPES):
        narrowed.append({"match_none": {}})
    return {"filter": narrowed, "must_not": [{"terms": {"type": unwanted}}] if unwanted else []}


def _joined(one: dict[str, list[Clause]], other: dict[str, list[Clause]]) -> dict[str, list[Clause]]:
    both = {key: [*one.get(key, []), *other.get(key, [])] for key in {**one, **other}}
    return {key: clauses for key, clauses in both.items() if clauses}


def _scored(term: str, wanted: Sequence[str], *, near: bool) -> Clause:
    *complete, last = wanted
    each = [*(_any(_word(word, near=near)) for word in complete), _any(_beginning(last, near=near))]
    spelled = {"bool": {"should": each, "minimum_should_match": "3<75%"}} if complete else each[0]
    return _any([*_called(term), spelled, *(_match(joined) for joined in compounds(term)[:MOST_WORDS])])


def _called(term: str) -> list[Clause]:
    """What has this very title or name, or is this very entity."""
    exact: list[Clause] = [{"term": {"order": plain(term)}}, {"term": {"facts": fact(CALLED, term)}}]
    if ":" in term:
        exact.append({"ids": {"values": [entity_id(term.lower())]}})
    return [{"constant_score": {"filter": each, "boost": EXACT_BOOST}} for each in exact]


def _word(word: str, *, near: bool) -> list[Clause]:
    alike = {"multi_match": {"query": word, "fields": list(FIELDS), **NEAR}}
    return [_match(word), alike] if near else [_match(word)]


def _beginning(word: str, *, near: bool) -> list[Clause]:
    # The last word may not be finished: names that begin with it count as well.
    fields = ALL_BEGINNINGS if near else BEGINNINGS
    begun = {"query": word, "boost": BEGINNING_BOOST}
    return [*_word(word, near=near), *({"match_bool_prefix": {field: begun}} for field in fields)]


def _match(word: str) -> Clause:
    return {"multi_match": {"query": word, "fields": list(FIELDS), "boost": 2}}


def _any(clauses: Sequence[Clause]) -> Clause:
    return {"dis_max": {"queries": list(clauses)}} if len(clauses) > 1 else clauses[0]
