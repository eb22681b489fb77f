"""Finds a Java development kit new enough for the real engines."""

import os
import re
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

OLDEST = 21
#: A server that lives for some tests: compiling it well would cost more than that ever saves.
SHORT_LIVED = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


@lru_cache(maxsize=1)
def find_jdk() -> Path | None:
    """Return the home of the newest JDK of at least Java 21: JAVA_HOME, the PATH, then installed ones."""
    fit = [(version, home) for home in _homes() if (version := _version(home)) >= OLDEST]
    return max(fit, key=lambda found: found[0])[1] if fit else None


def _homes() -> Iterator[Path]:
    if chosen := os.environ.get("JAVA_HOME"):
        yield Path(chosen)
    if on_path := shutil.which("javac"):
        yield Path(on_path).resolve().parent.parent
    yield from sorted(Path("/usr/lib/jvm").glob("*"))
    yield from sorted(Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home"))


def _version(home: Path) -> int:
    try:
        release = (home / "release").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(r'JAVA_VERSION="(\d+)', release)
    # Without a compiler the small source of the real index cannot be run.
    return int(found.group(1)) if found and (home / "bin" / "javac").exists() else 0
