"""A repository on a Git host, spoken to from within this process."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import urlsplit

from dulwich.client import (
    FetchPackResult,
    GitClient,
    HTTPProxyUnauthorized,
    HTTPUnauthorized,
    LocalGitClient,
    Urllib3HttpGitClient,
    default_urllib3_manager,
)
from dulwich.errors import GitProtocolError, HangupException, NotGitRepository, SendPackError
from dulwich.object_store import ObjectStoreGraphWalker
from dulwich.objects import ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo
from urllib3.exceptions import HTTPError

from sipario_scm.choice import Heads
from sipario_scm.damage import is_of_surroundings, unusable
from sipario_scm.errors import AccessDenied, HostUnavailable, RepositoryMissing, ScmError
from sipario_scm.login import USER
from sipario_scm.packs import USUAL, Limits, PackBroken, largest

TIMEOUT_SECONDS = 30.0
PACK_IN_MEMORY = 4 << 20
MOST_OFFERED = 16


class DulwichRemote:
    """Speaks Git over HTTP without another program: quick for a small push, since connections stay open.

    Redirects are not followed. The token goes to the URL's own host and nowhere else.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        user: str = USER,
        limits: Limits = USUAL,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self.url = url
        self._limits = limits
        parts = urlsplit(url)
        self._path = parts.path
        self._client: GitClient
        if parts.scheme == "file":
            self._client = LocalGitClient(quiet=True)
        else:
            base = f"{parts.scheme}://{parts.netloc}"
            manager: Any = default_urllib3_manager(None, base_url=base, timeout=timeout)
            manager.connection_pool_kw["retries"] = False
            self._client = Urllib3HttpGitClient(
                base,
                pool_manager=manager,
                username=user if token else None,
                password=token or None,
                timeout=timeout,
                quiet=True,
            )

    def heads(self) -> Heads:
        """Ask for all refs. Raises ScmError."""
        with self._told():
            result = self._client.get_refs(self._path.encode())
        return _heads(result.refs, result.symrefs)

    def fetch(self, repo: Repo, choose: Callable[[Heads], str]) -> Heads:
        """Bring what `repo` lacks of the commit that `choose` picks; what `choose` raises is raised."""
        refused: list[ScmError] = []

        def wants(refs: Mapping[Any, Any], depth: int | None = None) -> list[Any]:
            del depth
            try:
                sha = choose(_heads(refs, {}))
            except ScmError as error:
                refused.append(error)
                return []
            return [] if ObjectID(sha.encode()) in repo.object_store else [sha.encode()]

        with self._told():
            result = self._received(repo, wants)
        heads = _heads(result.refs, result.symrefs)
        if refused or not heads.refs:
            choose(heads)
        return heads

    def _received(self, repo: Repo, wants: Callable[..., list[Any]]) -> FetchPackResult:
        """Take the pack to the disk of the mirror, look whether it may be unpacked, and unpack it."""
        with SpooledTemporaryFile(PACK_IN_MEMORY, dir=repo.path) as pack:

            def write(data: bytes) -> int:
                self._limits.refuse_pack(pack.tell() + len(data))
                return pack.write(data)

            result = self._client.fetch_pack(self._path.encode(), wants, _walker(repo), write)
            if pack.tell():
                pack.seek(0)
                self._limits.refuse_object(largest(pack, self._limits.here), self._limits.here)
                pack.seek(0)
                repo.object_store.add_thin_pack(pack.read, None)
        return result

    def close(self) -> None:
        """Close the connections."""
        manager: Any = getattr(self._client, "pool_manager", None)
        if manager is not None:
            manager.clear()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except NotGitRepository as error:
            raise RepositoryMissing(f"{self.url} is not there, or hidden from this token") from error
        except (HTTPUnauthorized, HTTPProxyUnauthorized) as error:
            raise AccessDenied(f"{self.url} asks for a token that may read it") from error
        except (GitProtocolError, HangupException, SendPackError) as error:
            raise _protocol(self.url, error) from error
        except PackBroken as error:
            raise HostUnavailable(f"{urlsplit(self.url).netloc} sent a broken pack: {error}") from error
        except (HTTPError, OSError) as error:
            if is_of_surroundings(error):
                raise unusable(error) from error
            raise HostUnavailable(f"{urlsplit(self.url).netloc} does not answer: {_short(error)}") from error


def _walker(repo: Repo) -> ObjectStoreGraphWalker:
    """Offer the newest commits only: to walk a long history costs more than what it could save."""
    heads = list(repo.refs.as_dict(Ref(b"refs/heads")).values())
    offered = iter(range(MOST_OFFERED))

    def parents(sha: ObjectID) -> list[ObjectID]:
        return repo.get_parents(sha) if next(offered, None) is not None else []

    return ObjectStoreGraphWalker(heads, parents)


def _heads(refs: Mapping[Any, Any], symrefs: Mapping[Any, Any]) -> Heads:
    named = {name.decode("utf-8", "replace"): sha.decode() for name, sha in refs.items() if sha}
    named.pop("capabilities^{}", None)
    default = symrefs.get(b"HEAD", b"").decode("utf-8", "replace").removeprefix("refs/heads/")
    return Heads(named, default or _guess(named))


def _guess(refs: Mapping[str, str]) -> str:
    """Find the branch that HEAD stands for by its commit, for hosts that do not say it."""
    alike: Sequence[str] = [
        name.removeprefix("refs/heads/")
        for name, sha in refs.items()
        if name.startswith("refs/heads/") and sha == refs.get("HEAD")
    ]
    return next((name for name in ("main", "master") if name in alike), alike[0] if alike else "")


def _protocol(url: str, error: Exception) -> ScmError:
    text = str(error)
    if "403" in text:
        return AccessDenied(f"{url} is forbidden for this token")
    if any(f"resp {code}" in text for code in (301, 302, 307, 308)):
        return RepositoryMissing(f"{url} has moved: use its new address")
    how = "" if isinstance(error.__cause__, HTTPError) else " as a Git host does"
    return HostUnavailable(f"{urlsplit(url).netloc} does not answer{how}: {_short(error)}")


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:200]
