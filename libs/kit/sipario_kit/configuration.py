"""Configuration files in the shape of Backstage's `app-config.yaml`.

Several files are merged, later ones win; `${VARIABLES}` are taken from the environment (`${NAME:-fallback}` too), and
an object with the one key `$env` or `$file` stands for that variable's or file's text. Lists are replaced, not joined.
Each file is checked for the keys that somebody honours, and its relative `file:` locations are made absolute.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog
from sipario_model import Document, documents
from sipario_model.lines import nearest

from sipario_kit.configuration_keys import KEYS, Finding, Place, Strange, Wrong, dotted

VARIABLE = re.compile(r"\$(\$?)\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


log = structlog.get_logger(__name__)


class ConfigurationError(Exception):
    """A configuration file cannot be used; the message says which, where and what to mend."""


def load(files: Sequence[Path], environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read and merge the files, in order; raises `ConfigurationError`."""
    merged: dict[str, Any] = {}
    for file in files:
        for document in _read(file):
            values = _resolve(document.value, file, environment)
            _refuse_wrong(values, document, file)
            merged = _merge(merged, _anchored(values, file.resolve().parent))
    return merged


def tell_strange_keys(files: Sequence[Path], concerns: Callable[[str], bool]) -> None:
    """Warn of keys that nobody honours, if their dotted name concerns the caller; raises `ConfigurationError`."""
    for file in files:
        for document in _read(file):
            found = (each for each in KEYS.findings(document.value, ()) if isinstance(each, Strange))
            mine = [each for each in found if concerns(dotted(each.place))]
            for each in (each for each in mine if each.near):
                log.warning(
                    "key not known", file=str(file), line=_line(document, each.place), reason=str(each)
                )
            if rest := sorted({str(each) for each in mine if not each.near}):
                log.warning("keys not honoured", file=str(file), keys=", ".join(rest))


def check(file: Path, environment: Mapping[str, str] = os.environ) -> list[tuple[int | None, Finding]]:
    """Return what is wrong or strange in a file, each with its line; raises `ConfigurationError`."""
    return [
        (_line(document, each.place), each)
        for document in _read(file)
        for each in KEYS.findings(_resolve(document.value, file, environment), ())
    ]


def section(configuration: Mapping[str, Any], path: str, fallback: Any = None) -> Any:
    """Pick what stands at a dotted path, or the fallback."""
    here: Any = configuration
    for part in path.split("."):
        if not isinstance(here, Mapping) or part not in here:
            return fallback
        here = here[part]
    return here


def _refuse_wrong(values: Any, document: Document, file: Path) -> None:
    for each in KEYS.findings(values, ()):
        if isinstance(each, Wrong):
            raise ConfigurationError(f"{file}:{_line(document, each.place)}: {each}")


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


def _resolve(value: Any, file: Path, environment: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {"$env"}:
            return environment.get(str(value["$env"]))
        if set(value) == {"$file"}:
            return _text(file.parent / str(value["$file"]), file)
        return {key: _resolve(each, file, environment) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolve(each, file, environment) for each in value]
    if isinstance(value, str):
        return _substitute(value, file, environment)
    return value


def _text(path: Path, file: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError as error:
        raise ConfigurationError(f"{file}: $file {path} cannot be read: {error.strerror}") from error


def _substitute(text: str, file: Path, environment: Mapping[str, str]) -> str:
    def replaced(match: re.Match[str]) -> str:
        escaped, name, fallback = match.groups()
        if escaped:
            return match.group(0)[1:]
        found = environment.get(name, fallback)
        if found is None:
            raise ConfigurationError(
                f"{file}: the variable {name} is not set; set it, or write ${{{name}:-fallback}}"
            )
        return found

    return VARIABLE.sub(replaced, text)


def _merge(below: Any, above: Any) -> Any:
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    both = {key: _merge(below[key], above[key]) for key in below if key in above}
    return {**below, **above, **both}
