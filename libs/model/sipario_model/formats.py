"""The formats of names, namespaces, tags and keys, and the words in which the catalog refuses others."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sipario_model.urls import is_script, is_url

ADR = (
    "https://github.com/backstage/backstage/blob/master/docs/architecture-decisions/"
    "adr002-default-catalog-file-format.md"
)
_NAME = re.compile(r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_KIND = re.compile(r"[a-zA-Z][a-z0-9A-Z]*")
_VERSION = re.compile(r"[a-z0-9A-Z]+")
_LABEL = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
_TAG = re.compile(r"[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*")


@dataclass(frozen=True, slots=True)
class Format:
    """A rule for a string, and the words for what it expects."""

    expected: str
    valid: Callable[[str], bool]

    def refusal(self, field: str, value: str) -> str | None:
        """Return why the value can't stand in the field, or nothing when it can."""
        if self.valid(value):
            return None
        return (
            f'"{field}" is not valid; expected {self.expected} but found "{value}".'
            f" To learn more about catalog file format, visit: {ADR}"
        )


def _short(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: len(text) <= 63 and pattern.fullmatch(text) is not None


is_name, is_kind, is_namespace, is_tag = _short(_NAME), _short(_KIND), _short(_LABEL), _short(_TAG)


def _prefixed(suffix: Callable[[str], bool]) -> Callable[[str], bool]:
    def valid(text: str) -> bool:
        prefix, slash, rest = text.rpartition("/")
        return suffix(rest) and (not slash or _is_subdomain(prefix))

    return valid


def _is_subdomain(text: str) -> bool:
    return len(text) <= 253 and all(is_namespace(part) for part in text.split("."))


def _is_link(text: str) -> bool:
    return is_url(text) and not is_script(text)


_NAMED = "a string that is sequences of [a-zA-Z0-9] separated by any of [-_.], at most 63 characters in total"
_KEYED = "a valid prefix and/or suffix"

API_VERSION = Format(_KEYED, _prefixed(_short(_VERSION)))
KIND = Format("a string that is a sequence of [a-zA-Z][a-z0-9A-Z], at most 63 characters in total", is_kind)
NAME = Format(_NAMED, is_name)
NAMESPACE = Format(
    "a string that is sequences of [a-z0-9] separated by [-], at most 63 characters in total", is_namespace
)
KEY = Format(_KEYED, _prefixed(is_name))
LABEL_VALUE = Format(_NAMED, lambda text: text == "" or is_name(text))
TAG = Format(
    "a string that is sequences of [a-z0-9+#] separated by [-], at most 63 characters in total", is_tag
)
URL = Format("a string that is a valid url", _is_link)
TITLE = Format("a non empty string", lambda text: bool(text.strip()))

LINK: Mapping[str, Format] = {"url": URL, "title": TITLE, "icon": NAME}
