"""Asks a directory. Nothing that it says or that is raised has the secret in it."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

import ldap3
from ldap3.core.exceptions import (
    LDAPCommunicationError,
    LDAPException,
    LDAPInvalidFilterError,
    LDAPOperationResult,
)
from ldap3.core.tls import Tls
from sipario_plugin import Unreadable

from sipario_ldap.entry import Entry
from sipario_ldap.settings import EVERYTHING, Part, Settings
from sipario_ldap.vendor import ASKED, GOOGLE, GOOGLE_WORKSPACE, Vendor, vendor

CONNECT_SECONDS = 10
ANSWER_SECONDS = 60
MOST_ENTRIES = 500_000
SIZE_LIMIT_EXCEEDED = 4
PAGES = "1.2.840.113556.1.4.319"
"""The control by which a directory is asked for one page after the other."""


class Directory:
    """A connection to a directory. Not for several threads."""

    def __init__(self, connection: ldap3.Connection, settings: Settings) -> None:
        self._connection = connection
        self._settings = settings

    @classmethod
    @contextmanager
    def opened(cls, settings: Settings) -> Iterator[Self]:
        """Connect, and say who asks; raises Unreadable with what the server says."""
        signing_in = f"the sign-in as {settings.dn or 'nobody'}"
        with _told(settings, signing_in):
            connection = _connection(settings)
        try:
            with _told(settings, signing_in):
                connection.bind()
            yield cls(connection, settings)
        finally:
            connection.unbind()
            if connection.socket:  # of an attempt that failed
                connection.socket.close()

    def vendor(self) -> Vendor:
        """Tell which kind of directory it is."""
        if self._settings.host == GOOGLE:
            return GOOGLE_WORKSPACE
        with _told(self._settings, "the question which kind of directory it is"):
            self._connection.search("", EVERYTHING, ldap3.BASE, attributes=[*ASKED])
            found = [_entry(each) for each in self._connection.response or ()]
        own = found[0] if found else Entry("", {})
        return vendor({name for name, values in own.attributes.items() if values}, own.text("vendorName"))

    def entries(self, part: Part, attributes: Sequence[str]) -> Iterator[Entry]:
        """Give all entries of a part; raises Unreadable where it can't be all."""
        count = 0
        for page in self._pages(part, attributes):
            count += len(page)
            if count > MOST_ENTRIES:
                raise Unreadable(f"{part.key}: {part.base} has more than {MOST_ENTRIES:,} entries")
            yield from page

    def _pages(self, part: Part, attributes: Sequence[str]) -> Iterator[list[Entry]]:
        cookie: bytes | None = None
        with _told(self._settings, f"{part.key} ({part.base})"):
            while True:
                self._connection.search(
                    part.base,
                    part.filter,
                    part.scope,
                    part.aliases,
                    [*attributes],
                    size_limit=part.most,
                    time_limit=part.seconds,
                    paged_size=part.page or None,
                    paged_cookie=cookie,
                )
                result = self._connection.result
                if result["result"]:  # some say that there is more, and are no exceptions
                    raise LDAPOperationResult(
                        **{name: result[name] for name in ("result", "description", "message")}
                    )
                answers = self._connection.response or ()
                yield [_entry(each) for each in answers if each["type"] == "searchResEntry"]
                cookie = result.get("controls", {}).get(PAGES, {}).get("value", {}).get("cookie")
                if not cookie:
                    return


def _connection(settings: Settings) -> ldap3.Connection:
    tls = Tls(
        settings.tls.key_file,
        settings.tls.certificate_file,
        validate=ssl.CERT_REQUIRED if settings.tls.is_checked else ssl.CERT_NONE,
    )
    server = ldap3.Server(
        settings.host,
        settings.port,
        use_ssl=settings.is_secure,
        tls=tls if settings.is_secure else None,
        get_info=ldap3.NONE,
        connect_timeout=CONNECT_SECONDS,
    )
    return ldap3.Connection(
        server,
        settings.dn or None,
        settings.secret or None,
        auto_referrals=False,  # another server is not to be told the secret
        auto_range=True,
        check_names=False,
        read_only=True,
        raise_exceptions=True,
        receive_timeout=ANSWER_SECONDS,
    )


def _entry(answer: Any) -> Entry:
    return Entry(answer["dn"], {name.lower(): values for name, values in answer["raw_attributes"].items()})


@contextmanager
def _told(settings: Settings, what: str) -> Iterator[None]:
    """Tell what a server, or the library, has against something."""
    host = f"{settings.host}:{settings.port}"
    try:
        yield
    except LDAPCommunicationError as error:
        raise Unreadable(f"{host} does not answer {what}: {error}", later=True) from error
    except LDAPInvalidFilterError as error:
        raise Unreadable(f"{what}: options.filter can't be read as one: {error}") from error
    except LDAPException as error:
        raise Unreadable(f"{host} refuses {what}: {_words(error)}") from error


def _words(error: LDAPException) -> str:
    words = [str(getattr(error, name, None) or "") for name in ("description", "message")]
    if getattr(error, "result", None) == SIZE_LIMIT_EXCEEDED:
        words.append("not all entries are given: a larger options.sizeLimit or options.paged may help")
    return ", ".join(filter(None, words)) or str(error)
