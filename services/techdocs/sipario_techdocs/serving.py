"""How files of repositories leave this service: with types that no browser runs, and in a sandbox all the same."""

import html
import posixpath
from collections.abc import Mapping

SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": SANDBOX,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
IMAGES: Mapping[str, str] = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".ico": "image/x-icon",
    ".svg": "image/svg+xml",
}
TEXTS = frozenset(
    [
    ".css", ".csv", ".drawio", ".htm", ".html", ".ini", ".js", ".json", ".log", ".md", ".mermaid", ".mjs",
    ".mmd", ".proto", ".puml", ".py", ".rst", ".sh", ".sql", ".toml", ".ts", ".tsv", ".txt", ".xhtml",
    ".xml", ".xsl", ".xslt", ".yaml", ".yml",
    ]
)  # fmt: skip


def type_of(path: str) -> tuple[str, bool]:
    """Answer the content type of a file, and whether it is to be saved rather than shown."""
    ending = posixpath.splitext(path)[1].lower()
    if ending in IMAGES:
        return IMAGES[ending], False
    if ending in TEXTS:
        return "text/plain; charset=utf-8", False
    return ("application/pdf" if ending == ".pdf" else "application/octet-stream"), True


def page_html(title: str, body: str) -> str:
    """Make a whole page, for those who fetch HTML files; `body` is sanitised already."""
    head = f'<head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
    return f"<!doctype html>\n<html>{head}<body>\n<article>{body}</article>\n</body></html>\n"
