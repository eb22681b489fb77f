"""`python -m sipario_forge`: a forge from FORGE_* settings; prints its URL on one line when it is ready."""

import asyncio
import logging
import sys

import structlog

from sipario_forge.server import serve
from sipario_forge.settings import Settings


def main() -> None:
    """Serve until interrupted."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    asyncio.run(serve(Settings(), lambda url: print(url, flush=True)))  # noqa: T201 - who started it reads this)


if __name__ == "__main__":
    main()
