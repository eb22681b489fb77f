"""Asks Microsoft Graph, as the application that the tenant knows."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from sipario_plugin import Answer, Ask, Unreadable

from sipario_entra.settings import Query, Settings

PAGE = 999
SPARE_SECONDS = 300.0
"""A token is used no more when it has less than this left."""
MOST_OBJECTS = 500_000
LARGEST_PHOTO = 50_000
PHOTO = "120x120"

Object = Mapping[str, Any]


class Graph:
    """Microsoft Graph for one tenant, for any thread."""

    def __init__(self, settings: Settings, ask: Ask, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._ask = ask
        self._clock = clock
        self._gate = Lock()
        self._token = ("", 0.0)

    def all(self, query: Query) -> Iterator[Object]:
        """Give all objects of a collection, page by page; raises Unreadable."""
        url = f"{self._settings.target}/{query.path}?{_written(query)}"
        count = 0
        while url:
            page = self._json(url, query.path, is_advanced=query.is_advanced)
            objects = page.get("value")
            if not isinstance(objects, list):
                raise Unreadable(f"Microsoft Graph answers {query.path} without a list of values")
            count += len(objects)
            if count > MOST_OBJECTS:
                raise Unreadable(f"{query.path} has more than {MOST_OBJECTS:,} objects")
            yield from objects
            url = self._ours(str(page.get("@odata.nextLink") or ""))

    def one(self, path: str, select: tuple[str, ...]) -> Object:
        """Return one object; raises Unreadable."""
        return self._json(f"{self._settings.target}/{path}?{_written(Query(path, select), page=0)}", path)

    def photo(self, user: str) -> bytes:
        """Return a user's photo, a small JPEG; empty without one."""
        answer = self._asked(f"{self._settings.target}/users/{quote(user)}/photos/{PHOTO}/$value")
        return answer.body if answer.status == 200 and len(answer.body) <= LARGEST_PHOTO else b""

    def _json(self, url: str, what: str, *, is_advanced: bool = False) -> Object:
        return _object(self._asked(url, is_advanced=is_advanced), what)

    def _asked(self, url: str, *, is_advanced: bool = False) -> Answer:
        headers = {"authorization": f"Bearer {self._signed_in()}"}
        answer = self._ask(
            url, headers={**headers, "consistencylevel": "eventual"} if is_advanced else headers
        )
        if answer.status == 401:
            self._forget()
        return answer

    def _signed_in(self) -> str:
        """Return a token that still lasts for a while."""
        with self._gate:
            token, until = self._token
            if self._clock() >= until:
                token, seconds = self._new_token()
                self._token = (token, self._clock() + seconds - SPARE_SECONDS)
            return token

    def _forget(self) -> None:
        """Have the next reading sign in again."""
        with self._gate:
            self._token = ("", 0.0)

    def _new_token(self) -> tuple[str, float]:
        settings = self._settings
        target = urlsplit(settings.target)
        form = {
            "grant_type": "client_credentials",
            "client_id": settings.client,
            "client_secret": settings.secret,
            "scope": f"{target.scheme}://{target.netloc}/.default",
        }
        url = f"{settings.authority}/{quote(settings.tenant)}/oauth2/v2.0/token"
        headers = {"content-type": "application/x-www-form-urlencoded"}
        given = _object(
            self._ask(url, method="POST", headers=headers, body=urlencode(form).encode()), "the sign-in"
        )
        try:
            return str(given["access_token"]), float(given["expires_in"])
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable("Microsoft answers the sign-in without a token") from error

    def _ours(self, url: str) -> str:
        """Refuse a next page elsewhere, which would be told the token."""
        if url and urlsplit(url)[:2] != urlsplit(self._settings.target)[:2]:
            raise Unreadable(f"Microsoft Graph has its next page on another host, {urlsplit(url).netloc}")
        return url


def _written(query: Query, *, page: int = PAGE) -> str:
    given = {
        "$select": ",".join(query.select),
        "$filter": query.filter,
        "$search": query.search,
        "$expand": query.expand,
        "$count": "true" if query.is_advanced else "",
        "$top": str(page or ""),
    }
    return urlencode({key: text for key, text in given.items() if text}, quote_via=quote, safe="$,'()/:")


def _object(answer: Answer, what: str) -> Object:
    """Return the object of a good answer; raises Unreadable with Microsoft's own words for another."""
    if not 200 <= answer.status < 300:
        raise Unreadable(f"Microsoft refuses {what}: {_words(answer)}", later=answer.status >= 500)
    found = answer.json()
    if not isinstance(found, dict):
        raise Unreadable(f"Microsoft answers {what} with no object")
    return found


def _words(answer: Answer) -> str:
    """Read the error of Graph, `{error: {code, message}}`, or of the sign-in, `{error, error_description}`."""
    try:
        said = json.loads(answer.body)
        error = said["error"]
        words = (
            (error["code"], error["message"])
            if isinstance(error, dict)
            else (error, said["error_description"])
        )
    except (ValueError, KeyError, TypeError):
        return f"it answers {answer.status}"
    return ": ".join(str(word).partition("\r\n")[0][:300] for word in words)
