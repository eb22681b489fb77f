"""Configuration files in the shape of Backstage's `app-config.yaml`.

Several files are merged, later ones win; `${VARIABLES}` are taken from the environment (`${NAME:-fallback}` too), and
an object with the one key `$env` or `$file` stands for that variable's or file's text. Lists are replaced, not joined.
Each file is checked for the keys that somebody honours, and its relative `file:` locations are made absolute.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from sipario_model import Document, documents
from sipario_model.lines import nearest

from sipario_kit.configuration_keys import KEYS, not_offered
from sipario_kit.configuration_shapes import Finding, Place, Strange, Unresolved, Wrong, dotted
from sipario_kit.provider_keys import PROVIDERS

VARIABLE = re.compile(r"\$(\$?)\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


log = structlog.get_logger(__name__)


class ConfigurationError(Exception):
    """A configuration file cannot be used; the message says which, where and what to mend."""


def load(files: Sequence[Path], environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read and merge the files, in order; raises `ConfigurationError`."""
    merged: dict[str, Any] = {}
    read: list[tuple[Path, Document]] = []
    for file in files:
        for document in _read(file):
            values, found = _judged(document, file, environment)
            _refuse(found, [(file, document)])
            merged = _merge(merged, _anchored(values, file.resolve().parent))
            read.append((file, document))
    _refuse([*_lacking_of_sign_in(merged), *_lacking_of_entities(merged)], read)
    return merged


def as_written(files: Sequence[Path]) -> Any:
    """Merge the files with variables as they are written, for another file to take from; raises `ConfigurationError`.

    Each `$file` is made absolute.
    """
    merged: Any = {}
    for file in files:
        for document in _read(file):
            merged = _merge(merged, _absolute(document.value, file.resolve().parent))
    return merged


def tell_strange_keys(files: Sequence[Path], concerns: Callable[[str], bool]) -> None:
    """Warn of keys that nobody honours, if their dotted name concerns the caller; raises `ConfigurationError`."""
    for file in files:
        for document in _read(file):
            found = (each for each in KEYS.findings(document.value, ()) if isinstance(each, Strange))
            mine = [each for each in found if concerns(dotted(each.place))]
            for each in (each for each in mine if each.near or each.why):
                log.warning(
                    "key not honoured", file=str(file), line=_line(document, each.place), reason=str(each)
                )
            if rest := sorted({str(each) for each in mine if not (each.near or each.why)}):
                log.warning("keys not honoured", file=str(file), keys=", ".join(rest))


def check(file: Path, environment: Mapping[str, str] = os.environ) -> list[tuple[int | None, Finding]]:
    """Return what is wrong or strange in a file, each with its line; raises `ConfigurationError`."""
    return [
        (_line(document, each.place), each)
        for document in _read(file)
        for each in _judged(document, file, environment)[1]
    ]


def section(configuration: Mapping[str, Any], path: str, fallback: Any = None) -> Any:
    """Pick what stands at a dotted path, or the fallback."""
    here: Any = configuration
    for part in path.split("."):
        if not isinstance(here, Mapping) or part not in here:
            return fallback
        here = here[part]
    return here


def _judged(document: Document, file: Path, environment: Mapping[str, str]) -> tuple[Any, list[Finding]]:
    """Resolve a document; what could not be resolved is told once, not also as wrong."""
    resolving = _Resolving(file.parent, environment)
    values = resolving.of(document.value, ())
    places = {each.place for each in resolving.unresolved}
    judged = [
        each for each in KEYS.findings(values, ()) if isinstance(each, Strange) or each.place not in places
    ]
    return values, [*resolving.unresolved, *judged]


def _lacking_of_sign_in(merged: Mapping[str, Any]) -> Iterator[Wrong]:
    """Find what identity providers lack in all files together: secrets often have one of their own."""
    environment = str(section(merged, "auth.environment") or "development")
    for name, environments in (section(merged, "auth.providers") or {}).items():
        entry = environments.get(environment) if isinstance(environments, Mapping) else None
        if name == "guest" or not isinstance(entry, Mapping) or not_offered(name, entry):
            continue
        for key in ("metadataUrl", "clientId", "clientSecret"):
            if not entry.get(key):
                yield Wrong(("auth", "providers", name, environment, key), "a text", "nothing")


def _lacking_of_entities(merged: Mapping[str, Any]) -> Iterator[Finding]:
    """Find what providers of entities lack in all files together."""
    for kind, shape in PROVIDERS.items():
        entries = section(merged, f"catalog.providers.{kind}")
        if entries is not None:
            yield from shape.lacking(entries, ("catalog", "providers", kind))


def _refuse(found: Sequence[Finding], read: Sequence[tuple[Path, Document]]) -> None:
    """Raise for the first that is wrong, with the file and line that come nearest to it."""
    for each in (each for each in found if not isinstance(each, Strange)):
        place = each.place
        file, document = max(read, key=lambda one: _depth(one[1], place))
        raise ConfigurationError(f"{file}:{_line(document, place)}: {each}")


def _depth(document: Document, place: Place) -> int:
    return next((end for end in range(len(place), 0, -1) if place[:end] in document.lines), 0)


def _line(document: Document, place: Place) -> int | None:
    return nearest(document.lines, place) or document.line


def _anchored(values: Any, folder: Path) -> Any:
    """Make relative `file:` locations absolute: from the file's folder, or where a Backstage's backend would run."""
    for location in section(values, "catalog.locations") or ():
        if location.get("type") == "file":
            there = [each / str(location["target"]) for each in (folder, folder / "packages" / "backend")]
            location["target"] = os.path.normpath(next((path for path in there if _is_there(path)), there[0]))
    return values


def _is_there(path: Path) -> bool:
    """Tell whether a path, or anything that it fits as a pattern, is there."""
    if not any(character in str(path) for character in "*?{"):
        return path.exists()
    parts = path.parts
    first = next(index for index, part in enumerate(parts) if any(each in part for each in "*?{"))
    return Path(*parts[:first]).is_dir()


def _read(file: Path) -> list[Document]:
    """Read the one document of a file, or none."""
    try:
        found = list(documents(file.read_bytes(), str(file)))
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigurationError(str(error)) from error
    if len(found) > 1:
        raise ConfigurationError(f"{file}:{found[1].line}: one document is expected, there are {len(found)}")
    return found


def _absolute(value: Any, folder: Path) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {"$file"}:
            return {"$file": str(folder / str(value["$file"]))}
        return {key: _absolute(each, folder) for key, each in value.items()}
    return [_absolute(each, folder) for each in value] if isinstance(value, list) else value


@dataclass
class _Resolving:
    """Puts variables and files in, and keeps what is not there."""

    folder: Path
    environment: Mapping[str, str]
    unresolved: list[Unresolved] = field(default_factory=list)

    def of(self, value: Any, place: Place) -> Any:
        """Resolve a value and all within it."""
        if isinstance(value, Mapping):
            if set(value) == {"$env"}:
                return self.environment.get(str(value["$env"]))
            if set(value) == {"$file"}:
                return self._text(self.folder / str(value["$file"]), place)
            return {key: self.of(each, (*place, key)) for key, each in value.items()}
        if isinstance(value, list):
            return [self.of(each, (*place, index)) for index, each in enumerate(value)]
        return self._substituted(value, place) if isinstance(value, str) else value

    def _text(self, path: Path, place: Place) -> str:
        try:
            return path.read_text().strip()
        except OSError as error:
            self.unresolved.append(Unresolved(place, f"$file {path} cannot be read: {error.strerror}"))
            return ""

    def _substituted(self, text: str, place: Place) -> str:
        def replaced(match: re.Match[str]) -> str:
            escaped, name, fallback = match.groups()
            if escaped:
                return match.group(0)[1:]
            found = self.environment.get(name, fallback)
            if found is None:
                why = f"the variable {name} is not set; set it, or write ${{{name}:-fallback}}"
                self.unresolved.append(Unresolved(place, why))
            return found or ""

        return VARIABLE.sub(replaced, text)


def _merge(below: Any, above: Any) -> Any:
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    both = {key: _merge(below[key], above[key]) for key in below if key in above}
    return {**below, **above, **both}
