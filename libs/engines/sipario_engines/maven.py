"""Brings the jars of a server from Maven's repositories into the cache, once."""

import os
import shutil
from pathlib import Path

from sipario_engines.cache import cache_folder
from sipario_engines.commands import run_bounded
from sipario_engines.errors import EngineUnavailable

DOWNLOAD_SECONDS = 600.0
_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>sipario</groupId><artifactId>engine</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies><dependency>
    <groupId>{0}</groupId><artifactId>{1}</artifactId><version>{2}</version>
  </dependency></dependencies>
</project>
"""


def jars(coordinates: str) -> Path:
    """Return a folder with an artifact `group:name:version` and all it needs; raises EngineUnavailable.

    Uses the `mvn` of the PATH with the user's own settings, so mirrors and proxies are honoured. Blocks
    for as long as a download takes, ten minutes at most.
    """
    target = cache_folder() / coordinates.replace(":", "-")
    if not target.exists():
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            _download(coordinates, draft)
            draft.rename(target)
        except FileExistsError:
            pass  # another process was quicker
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return target


def _download(coordinates: str, folder: Path) -> None:
    program = shutil.which("mvn")
    if program is None:
        raise EngineUnavailable("there is no Maven (mvn) on the PATH")
    folder.mkdir(parents=True)
    pom = folder / "pom.xml"
    pom.write_text(_POM.format(*coordinates.split(":")), encoding="utf-8")
    copy = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
    command = [program, "-B", "-q", "-f", str(pom), *copy]
    run_bounded(command, what=f"Maven could not bring {coordinates}", seconds=DOWNLOAD_SECONDS)
