"""Git's smart HTTP: advertisement, fetch and push, at `/{owner}/{name}` with and without `.git`."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import IO

from dulwich.errors import GitProtocolError, HangupException
from dulwich.protocol import ReceivableProtocol
from dulwich.repo import Repo
from dulwich.server import UploadPackHandler
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sipario_forge import fetching
from sipario_forge.access import Access
from sipario_forge.errors import BadCredentials, Forbidden, ForgeError, Invalid, NotFound, TooLarge
from sipario_forge.host import Host
from sipario_forge.packets import FLUSH, Malformed, packet
from sipario_forge.receiving import Receiver, only
from sipario_forge.registry import Hosted

_IN_MEMORY = 4 * 1024 * 1024
_MOST_FETCH_BODY = 16 * 1024 * 1024
_READ = 256 * 1024
_FRESH = {"Cache-Control": "no-cache, max-age=0, must-revalidate", "Pragma": "no-cache"}
_SERVICES = ("git-upload-pack", "git-receive-pack")


@dataclass(frozen=True)
class SmartHttp:
    """The three endpoints that git speaks to; `most_push_bytes` bounds a push after decompression."""

    host: Host
    access: Access
    most_push_bytes: int

    def routes(self) -> list[Route]:
        """Return the routes, for an application to take in."""
        home = "/{owner}/{name}"
        return [
            Route(f"{home}/info/refs", self.advertise, methods=["GET"]),
            Route(f"{home}/git-upload-pack", self.fetch, methods=["POST"]),
            Route(f"{home}/git-receive-pack", self.push, methods=["POST"]),
        ]

    async def advertise(self, request: Request) -> Response:
        """Tell what refs there are, or for version 2 what the server can do."""
        service = request.query_params.get("service", "")
        if service not in _SERVICES:
            raise Forbidden("only git's smart protocol is served here")
        hosted, _ = self._repository(request, writing=service == "git-receive-pack")
        head = packet(f"# service={service}\n".encode()) + FLUSH
        if service == "git-upload-pack" and _version_two(request):
            body = head + b"".join(fetching.capabilities())
        else:
            body = head + await run_in_threadpool(self._advertisement, hosted, service)
        return Response(body, media_type=f"application/x-{service}-advertisement", headers=_FRESH)

    async def fetch(self, request: Request) -> Response:
        """Send the objects that a clone or fetch asks for."""
        hosted, _ = self._repository(request, writing=False)
        body = await _spooled(request, "git-upload-pack", _MOST_FETCH_BODY)
        chunks = (
            self._fetched(hosted, body) if _version_two(request) else self._fetched_before_two(hosted, body)
        )
        return StreamingResponse(chunks, media_type="application/x-git-upload-pack-result", headers=_FRESH)

    async def push(self, request: Request) -> Response:
        """Take the objects and refs of a push."""
        hosted, actor = self._repository(request, writing=True)
        with await _spooled(request, "git-receive-pack", self.most_push_bytes) as body:
            result = await run_in_threadpool(self._received, hosted, body, actor)
        return Response(result, media_type="application/x-git-receive-pack-result", headers=_FRESH)

    def _repository(self, request: Request, *, writing: bool) -> tuple[Hosted, str]:
        """Find the repository; git asks its user for a password when, and only when, it is answered 401."""
        who = self.access.writer(request.headers) if writing else self.access.who(request.headers)
        name = request.path_params["name"].removesuffix(".git")
        try:
            hosted = self.host.registry.find(request.path_params["owner"], name)
            self.access.reader_of(hosted, request.headers)
        except NotFound:
            if who is None:
                raise BadCredentials("Repository not found, or private") from None
            raise
        if writing and hosted.archived:
            raise Forbidden("Repository was archived so is read-only.")
        return hosted, who or ""

    def _advertisement(self, hosted: Hosted, service: str) -> bytes:
        written: list[bytes] = []
        with self.host.reading(hosted) as repo:
            proto = _protocol(iter(()), written)
            if service == "git-upload-pack":
                _uploader(repo, proto, advertise=True).handle()
            else:
                Receiver(repo, proto, advertise_refs=True).handle()
        return b"".join(written)

    def _fetched(self, hosted: Hosted, body: IO[bytes]) -> Iterator[bytes]:
        with body, self.host.reading(hosted) as repo:
            try:
                yield from fetching.answer(repo, body.read())
            except Malformed as error:
                yield packet(f"ERR {error}".encode())

    def _fetched_before_two(self, hosted: Hosted, body: IO[bytes]) -> Iterator[bytes]:
        with body, self.host.reading(hosted) as repo, SpooledTemporaryFile(_IN_MEMORY) as result:
            proto = ReceivableProtocol(body.read, result.write)
            try:
                _uploader(repo, proto, advertise=False).handle()
            except (GitProtocolError, HangupException, ValueError) as error:
                result.write(packet(f"ERR {error}".encode()))
            result.seek(0)
            yield from _chunks(result)

    def _received(self, hosted: Hosted, body: IO[bytes], actor: str) -> bytes:
        written: list[bytes] = []
        size = body.seek(0, SEEK_END)
        body.seek(0)
        with self.host.writing(hosted) as repo:
            receiver = Receiver(repo, ReceivableProtocol(body.read, _collector(written)), size=size)
            try:
                receiver.handle()
            except (GitProtocolError, HangupException, ValueError) as error:
                raise Invalid(f"not a push: {error}") from error
            if receiver.updates:
                self.host.moved(hosted, repo, receiver.updates, actor)
        return b"".join(written)


def _version_two(request: Request) -> bool:
    return "version=2" in request.headers.get("git-protocol", "").split(":")


def _uploader(repo: Repo, proto: ReceivableProtocol, *, advertise: bool) -> UploadPackHandler:
    return UploadPackHandler(only(repo), ["/"], proto, stateless_rpc=True, advertise_refs=advertise)


def _protocol(chunks: Iterable[bytes], written: list[bytes]) -> ReceivableProtocol:
    source = iter(chunks)
    return ReceivableProtocol(lambda _: next(source, b""), _collector(written))


def _collector(written: list[bytes]) -> Callable[[bytes], int]:
    def write(data: bytes) -> int:
        written.append(data)
        return len(data)

    return write


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(_READ):
        yield chunk


async def _spooled(request: Request, service: str, most: int) -> IO[bytes]:
    """Take in a body, unpacking gzip, on disk when it is large; raises TooLarge."""
    if request.headers.get("content-type") != f"application/x-{service}-request":
        raise Forbidden("Invalid Content-Type")
    inflate = zlib.decompressobj(31) if request.headers.get("content-encoding") == "gzip" else None
    body: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
    try:
        async for chunk in request.stream():
            for piece in _inflated(inflate, chunk) if inflate else (chunk,):
                if body.tell() + len(piece) > most:
                    raise TooLarge(f"the body is larger than {most} bytes")
                body.write(piece)
    except (ForgeError, zlib.error) as error:
        body.close()
        raise error if isinstance(error, ForgeError) else Invalid("the body is not gzip") from error
    body.seek(0)
    return body


def _inflated(inflate: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    while chunk:
        yield inflate.decompress(chunk, _READ)
        chunk = inflate.unconsumed_tail
