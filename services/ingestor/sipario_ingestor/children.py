"""Where the Locations of a source lead to outside of it, and where they can't."""

from collections.abc import Iterable

from sipario_scm import permitted

from sipario_ingestor.configuration import Configuration
from sipario_ingestor.outcome import SourceProblem
from sipario_ingestor.source import Address


def children(urls: Iterable[str], configuration: Configuration) -> tuple[list[Address], list[SourceProblem]]:
    """Part what can be read, by integrations or by `backend.reading.allow`, from what is a problem."""
    found, problems = [], []
    for url in sorted(urls):
        known = configuration.hosts.parse(url)
        if known:
            target = known[1]
            found.append(Address(f"url:{url}", target.repository, target.ref, target.path))
        elif permitted(url, configuration.allowed):
            found.append(Address(f"url:{url}"))
        else:
            message = f"{url} can't be read: name its host in integrations, or in backend.reading.allow"
            problems.append(SourceProblem(message))
    return found, problems
