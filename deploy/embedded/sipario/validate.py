"""`sipario validate`: what the ingestor would say of files, without a portal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sipario_ingestor.children import children
from sipario_ingestor.configuration import Configuration
from sipario_ingestor.kinds import DEFINITIONS
from sipario_ingestor.outcome import Outcome, SourceProblem
from sipario_ingestor.pipeline import Pipeline
from sipario_ingestor.placeholders import built_in
from sipario_ingestor.reader import Reader, Request
from sipario_ingestor.source import Address, Source
from sipario_kit.configuration import section
from sipario_model import BUILT_IN, KINDS, Vocabulary
from sipario_plugin import load
from sipario_scm import Mirrors, SafeFetcher, ScmError

WEB = ("http://", "https://")


def validate(
    paths: Sequence[Path], configuration: Mapping[str, Any]
) -> Iterator[tuple[Path, int, list[SourceProblem]]]:
    """Yield for each file or folder how many entities are good, and what is wrong.

    Without `catalog.rules` in the configuration every kind may come from anywhere, and without a configuration other
    files may be on any host. Kinds that are defined in any of them are known in all.
    """
    read = _configured(configuration)
    with TemporaryDirectory() as folder:
        reader = _reader(read, Path(folder))
        found = [_read(reader, path, BUILT_IN) for path in paths]
        vocabulary = _defined(found)
        if vocabulary.definitions:
            found = [_read(reader, path, vocabulary) for path in paths]
    for path, outcome in zip(paths, found, strict=True):
        if isinstance(outcome, ScmError):
            yield path, 0, [SourceProblem(str(outcome), path=str(path))]
        else:
            urls = [each for each in outcome.children if configuration or not each.lower().startswith(WEB)]
            problems = (*outcome.problems, *children(urls, read)[1])
            yield path, len(outcome.entities), _problems(replace(outcome, problems=problems), path)


def line(problem: SourceProblem) -> str:
    """Write a problem as compilers do: file, line, severity and what is to be mended."""
    place = ":".join(part for part in (problem.path, str(problem.line or "")) if part)
    return f"{place}: {problem.level}: {problem.message}" if place else f"{problem.level}: {problem.message}"


def _read(reader: Reader, path: Path, vocabulary: Vocabulary) -> Outcome | ScmError:
    try:
        return reader.read(Request(Source(Address(f"file:{path.resolve()}")), vocabulary=vocabulary))
    except ScmError as error:
        return error


def _defined(outcomes: Iterable[Outcome | ScmError]) -> Vocabulary:
    events = [each for found in outcomes if isinstance(found, Outcome) for each in found.entities.values()]
    definitions = sorted(
        (each for each in events if each.ref.startswith(DEFINITIONS)), key=lambda each: each.ref
    )
    return Vocabulary.of(each.entity for each in definitions)


def _problems(outcome: Outcome, path: Path) -> list[SourceProblem]:
    base = path if path.is_dir() else path.parent
    found = [
        replace(each, path=str(base / each.path) if each.path else str(path)) for each in outcome.problems
    ]
    if outcome.entities or any(each.level == "error" for each in found):
        return found
    return [SourceProblem("there is no entity", path=str(path)), *found]


def _configured(configuration: Mapping[str, Any]) -> Configuration:
    everything = {"rules": [{"allow": list(KINDS)}]}
    catalog = {**everything, **(section(configuration, "catalog") or {})}
    return Configuration.of({**configuration, "catalog": catalog})


def _reader(read: Configuration, folder: Path) -> Reader:
    pipeline = Pipeline(load(extensions=built_in()).extensions)
    return Reader(Mirrors(folder), read, SafeFetcher(read.allowed), pipeline)
