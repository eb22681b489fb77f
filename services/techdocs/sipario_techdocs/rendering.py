"""The process in which pages are rendered: it reads jobs from its standard input and owns nothing worth stealing.

The first line tells the site, each further one a page; every page is answered by one line. An empty line ends a site.
"""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO

import orjson
from sipario_events import Section
from sipario_model import Problem

from sipario_techdocs.markup import Markup
from sipario_techdocs.page import Converter, Rendered, Renderer
from sipario_techdocs.sections import Heading
from sipario_techdocs.shelf import Address, Shelf
from sipario_techdocs.site import Source, rendered

MEMORY = 2 << 30
GRACE_SECONDS = 5
PATIENCE = 6
"""How many times the seconds of the processor that a page may take are waited for by the clock."""
TOO_LONG = signal.SIGPROF
"""What ends this process when a page takes too long."""
CONVERTERS = 4
READY = b"ready\n"
WARMING = "# Warm\n\n!!! note\n    `x` :smile:\n\n```python\nx = 1\n```\n\n```yaml\nx: 1\n```\n\n| a |\n|---|\n| b |\n"


def site_line(markup: Markup, shelf: Shelf, seconds: float) -> bytes:
    """Encode what all pages of a site share."""
    told = {
        "added": markup.added,
        "sources": dict(shelf.sources),
        "address": asdict(shelf.address),
        "seconds": seconds,
    }
    return orjson.dumps(told) + b"\n"


def page_line(source: Source) -> bytes:
    """Encode one page."""
    return orjson.dumps({"path": source.path, "text": source.text}) + b"\n"


def answer_line(page: Rendered) -> bytes:
    """Encode a rendered page."""
    told = {
        "html": page.html,
        "toc": [asdict(each) for each in page.toc],
        "sections": [each.model_dump() for each in page.sections],
        "links": dict(page.links),
        "problems": [asdict(each) for each in page.problems],
    }
    return orjson.dumps(told) + b"\n"


def answered(line: bytes) -> Rendered:
    """Decode a rendered page; ValueError when it is none."""
    told = orjson.loads(line)
    return Rendered(
        told["html"],
        tuple(Heading(**each) for each in told["toc"]),
        tuple(Section(**each) for each in told["sections"]),
        told["links"],
        tuple(Problem(**each) for each in told["problems"]),
    )


def main() -> None:
    """Serve until the standard input ends."""
    usual = Converter.of(Markup())
    Renderer(usual, Shelf({"index.md": "index.md"}, Address("/", "/"))).render("index.md", WARMING)
    _confine()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    serve(sys.stdin.buffer, sys.stdout.buffer, {Markup(): usual})


def serve(jobs: IO[bytes], answers: IO[bytes], converters: dict[Markup, Converter]) -> None:
    """Render what comes in; a few converters are kept."""
    while head := jobs.readline():
        told = orjson.loads(head)
        markup = Markup(tuple((name, options) for name, options in told["added"]))
        if markup not in converters:
            while len(converters) >= CONVERTERS:
                del converters[next(iter(converters))]
            converters[markup] = Converter.of(markup)
        renderer = Renderer(converters[markup], Shelf(told["sources"], Address(**told["address"])))
        while (line := jobs.readline()).strip():
            page = orjson.loads(line)
            source = Source(page["path"], page["text"], "", "", "")
            with _limited(told["seconds"]):
                answer = answer_line(rendered(renderer, source))
            answers.write(answer)
            answers.flush()


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(int(seconds * PATIENCE) + GRACE_SECONDS)  # should nobody be there any more to stop us
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)


def _confine() -> None:
    """Give up what rendering does not need: memory without end, files and processes."""
    os.chdir("/")
    for kind, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    main()
