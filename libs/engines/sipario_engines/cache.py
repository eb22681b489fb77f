"""Where things are kept that can be made again: learnt starts, and engines from Maven."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return `$SIPARIO_CACHE`, else `~/.cache/sipario`, with `engines` below it; it may not exist yet."""
    chosen = os.environ.get("SIPARIO_CACHE")
    return (Path(chosen) if chosen else Path.home() / ".cache" / "sipario") / "engines"
