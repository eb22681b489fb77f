"""What people see when they follow a link: raw files, folders, sources, commits, pull requests."""

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sipario_forge.names import content_path
from sipario_forge.payloads import changed_paths
from sipario_forge.reading import Found, children, commit_of, content, entry_at, split_reference
from sipario_forge.registry import Hosted
from sipario_forge.rest.context import Context
from sipario_forge.shapes import person, text

_IMAGES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
}
_SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
_MOST_SHOWN = 512 * 1024


class Pages:
    """Minimal HTML without styles, scripts or anything active; every text in it is escaped."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        """Return the routes; they come last, since their first segment may be anything."""
        home = "/{owner}/{name}"
        routes = [
            Route("/", self.index),
            Route("/{owner}", self.index),
            Route(home, self.tree),
            Route(home + "/raw/{place:path}", self.raw),
        ]
        named = {
            "tree": self.tree,
            "blob": self.blob,
            "edit": self.edit,
            "commit": self.commit,
            "pull": self.pull,
        }
        return routes + [Route(f"{home}/{word}/{{place:path}}", page) for word, page in named.items()]

    def index(self, request: Request) -> Response:
        """List the repositories that whoever asks may see, of one owner or of all."""
        owner = request.path_params.get("owner")
        everything = self._context.access.who(request.headers) is not None
        found = [one for one in self._context.host.registry.all(owner) if everything or not one.private]
        return _page(owner or "Repositories", _links((one.full_name, f"/{one.full_name}") for one in found))

    def raw(self, request: Request) -> Response:
        """Send a file's bytes, as text unless it is a picture."""
        hosted = self._hosted(request)
        with self._context.host.reading(hosted) as repo:
            commit, path = split_reference(repo, request.path_params["place"])
            data = content(repo.object_store, entry_at(repo.object_store, commit.tree, content_path(path)))
        plain = "application/octet-stream" if b"\0" in data[:8000] else "text/plain; charset=utf-8"
        return Response(data, media_type=_IMAGES.get(path.rpartition(".")[2].lower(), plain), headers=_SAFE)

    def tree(self, request: Request) -> Response:
        """List a folder."""
        hosted, place = self._hosted(request), request.path_params.get("place", "")
        with self._context.host.reading(hosted) as repo:
            if not place and not repo.get_refs():
                return _page(
                    hosted.full_name, f"<p>Empty: push to <code>/{escape(hosted.full_name)}.git</code></p>"
                )
            place = place or hosted.default_branch
            commit, path = split_reference(repo, place)
            folder = entry_at(repo.object_store, commit.tree, content_path(path))
            if folder.kind != "dir":
                return RedirectResponse(_href(f"/{hosted.full_name}/blob/{place}"))
            ref = place.removesuffix(f"/{path}" if path else "").rstrip("/")
            found = [(entry.path.rpartition(b"/")[2], _target(hosted, ref, entry)) for entry in
                     children(repo.object_store, folder)]  # fmt: skip
        return _page(f"{hosted.full_name}: {place}", _links((text(name), url) for name, url in found))

    def blob(self, request: Request) -> Response:
        """Show a file's source, with an anchor for each line."""
        hosted, place = self._hosted(request), request.path_params["place"]
        with self._context.host.reading(hosted) as repo:
            commit, path = split_reference(repo, place)
            data = content(repo.object_store, entry_at(repo.object_store, commit.tree, content_path(path)))
        raw = f'<p><a href="{_href(f"/{hosted.full_name}/raw/{place}")}">raw</a></p>'
        if b"\0" in data[:8000] or len(data) > _MOST_SHOWN:
            return _page(f"{hosted.full_name}: {place}", raw)
        numbered = enumerate(text(data).splitlines(), 1)
        lines = "\n".join(f'<span id="L{number}">{escape(line)}</span>' for number, line in numbered)
        return _page(f"{hosted.full_name}: {place}", f"{raw}<pre>{lines}</pre>")

    def edit(self, request: Request) -> Response:
        """Lead to the source: files are edited by pushing."""
        return RedirectResponse(
            _href(f"/{self._hosted(request).full_name}/blob/{request.path_params['place']}")
        )

    def commit(self, request: Request) -> Response:
        """Show who changed which files, and why."""
        hosted, sha = self._hosted(request), request.path_params["place"]
        with self._context.host.reading(hosted) as repo:
            found = commit_of(repo, sha)
            changed = _changes(changed_paths(repo.object_store, found))
        author = person(found.author, found.author_time)
        who = f"<p>{escape(author['name'])}, {escape(author['date'])}</p>"
        said = f"<pre>{escape(text(found.message))}</pre>"
        return _page(f"{hosted.full_name}: commit {text(found.id)[:12]}", who + said + changed)

    def pull(self, request: Request) -> Response:
        """Show a pull request."""
        hosted, number = self._hosted(request), request.path_params["place"]
        pull = self._context.pulls.find(hosted, int(number) if number.isdigit() and len(number) < 10 else 0)
        state = "merged" if pull.merged_at else pull.state
        body = f"<p>{state}: {escape(pull.head)} into {escape(pull.base)}</p><pre>{escape(pull.body)}</pre>"
        return _page(f"{hosted.full_name} #{pull.number}: {pull.title}", body)

    def _hosted(self, request: Request) -> Hosted:
        return self._context.readable(request, request.path_params["owner"], request.path_params["name"])


def _target(hosted: Hosted, ref: str, entry: Found) -> str:
    return f"/{hosted.full_name}/{'tree' if entry.kind == 'dir' else 'blob'}/{ref}/{text(entry.path)}"


def _changes(changed: dict[str, list[str]]) -> str:
    rows = [f"<li>{kind} {escape(path)}</li>" for kind, paths in changed.items() for path in paths]
    return f"<ul>{''.join(rows)}</ul>"


def _links(links: Iterable[Sequence[str]]) -> str:
    rows = [f'<li><a href="{_href(url)}">{escape(label)}</a></li>' for label, url in links]
    return f"<ul>{''.join(rows)}</ul>"


def _href(url: str) -> str:
    return escape(quote(url))


def _page(title: str, body: str) -> Response:
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
    policy = _SAFE | {
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    }
    return Response(f"{head}<h1>{escape(title)}</h1>{body}</html>", media_type="text/html", headers=policy)
