"""Configuration files in the shape of Backstage's `app-config.yaml`.

Several files are merged, later ones win; `${VARIABLES}` are taken from the environment (`${NAME:-fallback}` too), and
an object with the one key `$env` or `$file` stands for that variable's or file's text. Lists are replaced, not joined.
"""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sipario_model import documents

VARIABLE = re.compile(r"\$(\$?)\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


class ConfigurationError(Exception):
    """A configuration file cannot be used; the message says which, where and what to mend."""


def load(files: Sequence[Path], environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read and merge the files, in order; raises `ConfigurationError`."""
    merged: dict[str, Any] = {}
    for file in files:
        merged = _merge(merged, _resolve(_read(file), file, environment))
    return merged


def section(configuration: Mapping[str, Any], path: str, fallback: Any = None) -> Any:
    """Pick what stands at a dotted path, or the fallback."""
    here: Any = configuration
    for part in path.split("."):
        if not isinstance(here, Mapping) or part not in here:
            return fallback
        here = here[part]
    return here


def _read(file: Path) -> Any:
    try:
        found = list(documents(file.read_bytes(), str(file)))
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigurationError(str(error)) from error
    if len(found) > 1:
        raise ConfigurationError(f"{file}:{found[1].line}: one document is expected, there are {len(found)}")
    return found[0].value if found else {}


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
