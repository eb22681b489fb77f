"""The web UI: files that the build made, and the page that every address of the UI begins with."""

from pathlib import Path

from fastapi import FastAPI
from sipario_kit.errors import NotFound
from starlette.responses import FileResponse, HTMLResponse, Response

STATIC = Path(__file__).parent / "static"
# Diagrams set style attributes; everything else is strict.
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)
FOR_EVER = "public, max-age=31536000, immutable"
NOT_BUILT = """<!doctype html><title>Sipario</title><h1>The web UI has not been built</h1>
<p>The APIs work. Run <code>./sipario up</code> without <code>SIPARIO_SKIP_UI</code> to build it.</p>"""


def install_ui(app: FastAPI, static: Path = STATIC) -> None:
    """Answer whatever no other route does: with a file of the build, else with the UI's page."""

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str) -> Response:
        if path.startswith("api/"):
            raise NotFound(f"There is nothing at /{path}.")
        file = _file(static, path)
        if file:
            cached = FOR_EVER if path.startswith("assets/") else "no-cache"
            return FileResponse(file, headers={"cache-control": cached, "content-security-policy": POLICY})
        index = static / "index.html"
        headers = {"cache-control": "no-cache", "content-security-policy": POLICY}
        if not index.is_file():
            return HTMLResponse(NOT_BUILT, headers=headers)
        return FileResponse(index, headers=headers)


def _file(static: Path, path: str) -> Path | None:
    file = (static / path).resolve()
    return file if file.is_file() and file.is_relative_to(static.resolve()) else None
