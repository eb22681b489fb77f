"""The one spelling of a repository's web address, and of moments that hosts write."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

_SHORT = re.compile(r"\A(https?://[^/]+/[^/]+)/_git/([^/]+)\Z")


def address(url: str, *, lower: bool = True) -> str:
    """Return `scheme://host/path` without `.git`, credentials, query and a trailing slash.

    In lower case, unless told not to: all hosts but plain Git servers ignore the case of owners and names.
    ValueError when it is no web or file address.
    """
    parts = urlsplit(url.strip())
    path = parts.path.rstrip("/").removesuffix(".git").rstrip("/")
    if parts.scheme == "file":
        return f"file://{path}"
    if parts.scheme not in ("http", "https") or not parts.hostname or not path:
        raise ValueError(f"{url[:200]!r} is not the web address of a repository")
    port = f":{parts.port}" if parts.port else ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{path.lower() if lower else path}"


def spelt_out(azure: str) -> str:
    """Name the project in an address of Azure DevOps, which leaves it out when its repository has the same name."""
    return _SHORT.sub(r"\1/\2/_git/\2", azure)


def moment(text: object) -> datetime | None:
    """Read an ISO time; None when there is none, or none that can be read."""
    if not isinstance(text, str):
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
