"""The index in OpenSearch.

Behind one alias lies the index that is present. Each index has a second alias that names its life: documents are
written and found through that one alone, so that what was meant for an index that is gone never makes a new one.
"""

import asyncio
import re
import secrets
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

import orjson
from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import NotFoundError, OpenSearchException, RequestError, TransportError
from sipario_kit.errors import EngineUnavailable, StoreForgotten
from sipario_kit.projection import Checkpoint

from sipario_search import store_mapping, store_query
from sipario_search.document import Written
from sipario_search.highlight import marked
from sipario_search.settings import Settings
from sipario_search.store import Found, Hit, Question

PART = 2000
FEW = 100
TOO_FEW = 3
PAUSE_SECONDS = 0.02
TIMEOUT_SECONDS = 30
#: What says that a request itself is wrong. With all else it is the engine that cannot: it forbids, it is full or busy.
WRONG = {400, 413}
LIFE = "life"


class IndexRefused(Exception):
    """The index does not take a document; the message tells which and why."""


class OpenSearchIndex:
    """Speaks to OpenSearch, or whatever speaks as it does."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._alias = f"{settings.index}-v{store_mapping.SHAPE}"
        self._client: AsyncOpenSearch

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Hold connections; none is made before the first question."""
        given = self._settings
        login = (given.opensearch_user, given.opensearch_password.get_secret_value())
        self._client = AsyncOpenSearch(
            hosts=[given.opensearch_url],
            http_auth=login if given.opensearch_user else None,
            ca_certs=str(given.opensearch_ca) if given.opensearch_ca else None,
            timeout=TIMEOUT_SECONDS,
            max_retries=0,
            pool_maxsize=20,
        )
        try:
            yield
        finally:
            await self._client.close()

    async def present(self) -> str:
        """Tell the name of the present life; make an empty index where there is none."""
        with _told():
            while not (lives := await self._lives(self._alias)):
                await self._make(f"{self._alias}-first", [self._alias])
                await asyncio.sleep(
                    PAUSE_SECONDS
                )  # where another was quicker, its index may not be there yet
            return next(iter(lives.values()))

    async def alive(self, life: str) -> bool:
        """Tell whether that life goes on."""
        with _told():
            return bool(await self._client.indices.exists_alias(name=life))

    async def write(self, life: str, written: Sequence[Written]) -> Collection[str]:
        """Keep documents of which nothing as new is there; returns the ids of those that were refused for that."""
        refused: set[str] = set()
        for start in range(0, len(written), PART):
            part = written[start : start + PART]
            # A refresh makes a few documents visible at once; for many, that of the index is soon enough.
            refused |= await self._bulk(life, _lines(part), refresh=len(written) <= FEW)
        return refused

    async def show(self, life: str) -> None:
        """Let everything that was written be found from now on."""
        with _told():
            await self._client.indices.refresh(index=life)

    async def marks(self, life: str, ids: Sequence[str]) -> Mapping[str, tuple[int, Mapping[str, Any]]]:
        """Read version and mark of documents, at once after they were written."""
        found: dict[str, tuple[int, Mapping[str, Any]]] = {}
        for start in range(0, len(ids), PART):
            with _told():
                answer = await self._client.mget(body={"ids": list(ids[start : start + PART])}, index=life)
            for each in answer["docs"]:
                _check(each)
                if each["found"]:
                    found[each["_id"]] = (each["_version"], each["_source"]["mark"])
        return found

    async def checkpoint(self, life: str, projection: str) -> Checkpoint:
        """Read how far a projection has come; an empty one when nothing is known."""
        name = f"checkpoint:{projection}"
        found = (await self.marks(life, [name])).get(name)
        return Checkpoint(**found[1]) if found else Checkpoint("")

    async def reached(self, life: str, projection: str, checkpoint: Checkpoint) -> None:
        """Keep how far a projection has come, in the same index."""
        mark = {"generation": checkpoint.generation, "positions": dict(checkpoint.positions)}
        await self._bulk(
            life, [{"index": {"_id": f"checkpoint:{projection}"}}, {"mark": mark}], refresh=False
        )

    async def find(self, life: str, question: Question) -> Found:
        """Answer a question; where it finds next to nothing, what is spelled alike is found too."""
        wanted = store_query.asked(question)
        hits, near = await self._search(life, store_query.body(question)), False
        if wanted and hits["total"]["value"] < TOO_FEW:
            hits, near = await self._search(life, store_query.body(question, near=True)), True
        mark = secrets.token_hex(8)
        before, after = f"<{mark}>", f"</{mark}>"
        tag = partial(marked, wanted=wanted, before=before, after=after, near=near)
        ranked = sorted(hits["hits"], key=_rank)
        return Found([_hit(each, tag) for each in ranked], hits["total"]["value"], before, after)

    async def _search(self, life: str, body: Mapping[str, Any]) -> dict[str, Any]:
        with _told():
            answer = await self._client.search(body=body, index=life)
        return dict(answer["hits"])

    async def begin(self) -> str:
        """Make an empty index that nobody sees yet, and name its life."""
        with _told():
            return await self._make(f"{self._alias}-{uuid.uuid4().hex}", [])

    async def swap(self, life: str) -> None:
        """Let that index be the present one; the others stay until `sweep`, for who is asking them now."""
        with _told():
            index = next(iter(await self._lives(life)), "")
            actions: list[dict[str, Any]] = [{"add": {"index": index, "alias": self._alias}}]
            others = [each for each in await self._lives(self._alias) if each != index]
            actions += [{"remove": {"index": each, "alias": self._alias}} for each in others]
            await self._client.indices.update_aliases(body={"actions": actions})

    async def sweep(self, life: str) -> None:
        """Drop all indices but this one."""
        with _told():
            for index, name in (await self._lives(f"{self._alias}-{LIFE}-*")).items():
                if name != life:
                    await self._client.indices.delete(index=index)

    async def retire(self) -> None:
        """Drop what former versions of this service filled, whose documents had another shape; never a later one's."""
        names = f"{self._settings.index}-v*-{LIFE}-*"
        shape = re.compile(rf"{re.escape(self._settings.index)}-v(\d+)-{LIFE}-")
        with _told():
            if not await self._client.indices.exists_alias(name=names):
                return
            for index, each in (await self._client.indices.get_alias(name=names)).items():
                shapes = [int(found[1]) for name in each["aliases"] if (found := shape.match(name))]
                if shapes and max(shapes) < store_mapping.SHAPE:
                    await self._client.indices.delete(index=index)

    async def drop(self, life: str) -> None:
        """Give up an index that `begin` made."""
        with _told():
            for index in await self._lives(life):
                await self._client.indices.delete(index=index)

    async def _lives(self, alias: str) -> dict[str, str]:
        """Map the indices behind an alias to the names of their lives."""
        if not await self._client.indices.exists_alias(name=alias):
            return {}
        indices = list(await self._client.indices.get_alias(name=alias))
        found = await self._client.indices.get_alias(index=",".join(indices))
        beginning = f"{self._alias}-{LIFE}-"
        return {
            index: name
            for index, each in found.items()
            for name in each["aliases"]
            if name.startswith(beginning)
        }

    async def _make(self, index: str, aliases: Sequence[str]) -> str:
        life = f"{self._alias}-{LIFE}-{uuid.uuid4().hex}"
        given = self._settings
        body = store_mapping.body([*aliases, life], shards=given.shards, replicas=given.replicas)
        try:
            await self._client.indices.create(index=index, body=body)
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise  # else another process was quicker
        return life

    async def _bulk(self, life: str, lines: Iterable[Mapping[str, Any]], *, refresh: bool) -> set[str]:
        params = {"require_alias": "true", "refresh": "true" if refresh else "false"}
        body = b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
        with _told():
            answer = await self._client.bulk(body=body, index=life, params=params)
        return (
            {name for item in answer["items"] if (name := _judged(item["index"]))}
            if answer["errors"]
            else set()
        )


@contextmanager
def _told() -> Iterator[None]:
    """Tell errors of the client as what they mean to a projection."""
    try:
        yield
    except NotFoundError as error:
        raise StoreForgotten(str(error.error)) from error
    except NoConnection as error:
        raise EngineUnavailable(f"OpenSearch does not answer: {error.error}") from error
    except TransportError as error:
        told = f"{error.status_code}: {error.error}: {error.info}"[:1000]
        if error.status_code in WRONG:
            raise IndexRefused(told) from error
        raise EngineUnavailable(f"OpenSearch cannot answer: {told}") from error
    except OpenSearchException as error:
        raise EngineUnavailable(f"OpenSearch answers strangely: {error!r}"[:500]) from error


def _lines(written: Sequence[Written]) -> Iterator[Mapping[str, Any]]:
    for each in written:
        yield {"index": {"_id": each.id, "version": each.version, "version_type": "external"}}
        yield each.source


def _check(read: Mapping[str, Any]) -> None:
    """Raise for a document that could not be read: a young index may not answer yet, one that is gone never will."""
    error = read.get("error")
    if error and error["type"] == "index_not_found_exception":
        raise StoreForgotten(str(error.get("reason", "")))
    if error:
        raise EngineUnavailable(f"OpenSearch cannot read {read['_id']}: {error.get('reason', '')}")


def _judged(item: Mapping[str, Any]) -> str:
    """Return the id of a document of which something as new is there; raises for what went wrong otherwise."""
    status, error = item["status"], item.get("error") or {}
    if status == 404:
        raise StoreForgotten(str(error.get("reason", "")))
    if status < 400 or status == 409:
        return str(item["_id"]) if status == 409 else ""
    if status in WRONG:
        raise IndexRefused(f"{item['_id']}: {error}"[:1000])
    raise EngineUnavailable(f"OpenSearch cannot take {item['_id']}: {status}: {error.get('reason', '')}")


def _rank(raw: Mapping[str, Any]) -> tuple[float, str, str]:
    return -(raw["_score"] or 0), raw["_source"]["order"], raw["_id"]


def _hit(raw: Mapping[str, Any], tag: Callable[[str], str]) -> Hit:
    source = raw["_source"]
    texts = {name: source[name] for name in ("title", "text")}
    found = {name: tag(text) for name, text in texts.items()}
    document = {**texts, **orjson.loads(source["document"])}
    return Hit(source["type"], document, {name: text for name, text in found.items() if text})
