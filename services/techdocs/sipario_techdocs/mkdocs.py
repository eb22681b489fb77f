"""What is taken from somebody's `mkdocs.yml`: an allow-list, read by a safe loader; nothing in it is ever run."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sipario_model import Problem, YamlProblem, safe_url
from sipario_model.building import Builder, Refused
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import CollectionStartEvent, Event, ScalarEvent

from sipario_techdocs.markup import Markup, markup_of

MAX_CONFIG_BYTES = 1_000_000
PLUGINS = frozenset({"search", "techdocs-core", "monorepo"})
PLAIN = frozenset(
    [
    "copyright", "dev_addr", "draft_docs", "exclude_docs", "extra", "not_in_nav", "remote_branch",
    "remote_name", "repo_name", "site_author", "site_url", "strict", "theme", "use_directory_urls",
    "validation", "watch",
    ]
)  # fmt: skip
NEVER = {
    "hooks": "hooks are code, and no code of a repository is run",
    "INHERIT": "INHERIT is not followed: write the settings into this file",
    "extra_css": "style sheets of a repository are not used",
    "extra_javascript": "scripts of a repository are not used",
    "extra_templates": "templates of a repository are not used",
}
_CORE_TAG = "tag:yaml.org,2002:"
_DATA_TAGS = frozenset(
    {None, "!", *(_CORE_TAG + name for name in ("str", "int", "float", "bool", "null", "map", "seq"))}
)


class SiteError(Exception):
    """The docs of an entity cannot be built; the message tells what to mend."""


@dataclass(frozen=True)
class SiteConfig:
    """What a site says of itself. `nav` is as it was written; `docs_dir` is relative to the file's folder."""

    site_name: str = ""
    site_description: str = ""
    docs_dir: str = "docs"
    nav: tuple[Any, ...] = ()
    edit_base: str = ""
    markup: Markup = field(default_factory=Markup)
    problems: tuple[Problem, ...] = ()


def config_of(text: bytes | None, path: str) -> SiteConfig:
    """Read a `mkdocs.yml`, or make what stands for a missing one; raises `SiteError` when it cannot be used at all."""
    if text is None:
        return SiteConfig()
    raw = _load(text, path)
    markup, told = markup_of(raw.get("markdown_extensions"))
    nav = raw.get("nav")
    problems = [*_key_problems(raw), *_plugin_problems(raw.get("plugins")), *told]
    if nav is not None and not isinstance(nav, list):
        problems.append(("nav", "nav must be a list; it is built from the files instead"))
    return SiteConfig(
        site_name=_text(raw, "site_name"),
        site_description=_text(raw, "site_description"),
        docs_dir=docs_dir_of(raw.get("docs_dir", "docs"), path),
        nav=tuple(nav) if isinstance(nav, list) else (),
        edit_base=_edit_base(raw),
        markup=markup,
        problems=tuple(Problem(message, path, None, field) for field, message in problems),
    )


def docs_dir_of(value: object, path: str) -> str:
    """Check that docs stay beneath the folder of their `mkdocs.yml`; raises `SiteError`."""
    parts = str(value).replace("\\", "/").split("/")
    if not isinstance(value, str) or value.startswith(("/", "\\", "~")) or ".." in parts or ":" in value:
        raise SiteError(
            f"{path}: docs_dir configuration value in mkdocs can't be an absolute directory or start with ../"
            f" for security reasons: {value!r}"
        )
    return "/".join(part for part in parts if part not in ("", "."))


def _load(text: bytes, path: str) -> dict[str, Any]:
    if len(text) > MAX_CONFIG_BYTES:
        raise SiteError(f"{path}: the file has {len(text)} bytes, at most {MAX_CONFIG_BYTES} are read")
    builder = Builder()
    try:
        builder.build(_events(text.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise SiteError(
            f"{path}: byte 0x{text[error.start]:02x} is not UTF-8: save the file as UTF-8"
        ) from error
    except Refused as refused:
        mark = refused.mark
        raise _broken(path, mark.line, mark.column, refused.message) from refused
    except MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        raise _broken(
            path, at.line if at else 0, at.column if at else 0, error.problem or "not YAML"
        ) from error
    except YAMLError as error:
        raise SiteError(f"{path}: {' '.join(str(error).split())}") from error
    if builder.root is not None and not isinstance(builder.root, dict):
        raise SiteError(f"{path}: expected an object, got {type(builder.root).__name__}")
    return builder.root or {}


def _broken(path: str, line: int, column: int, message: str) -> SiteError:
    return SiteError(str(YamlProblem(path, line + 1, column=column + 1, message=message)))


def _events(text: str) -> Iterator[Event]:
    """Parse; a tag that is no plain data's becomes the text it stands for, never an object."""
    return map(_tamed, iter(CParser(text).get_event, None))


def _tamed(event: Event) -> Event:
    tag = getattr(event, "tag", None)
    if tag in _DATA_TAGS:
        return event
    if isinstance(event, ScalarEvent):
        text = event.value or str(tag).replace(_CORE_TAG, "!!")
        return ScalarEvent(event.anchor, None, (False, True), text, event.start_mark, event.end_mark)
    assert isinstance(event, CollectionStartEvent)
    return type(event)(
        event.anchor, None, implicit=True, start_mark=event.start_mark, end_mark=event.end_mark
    )


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return " ".join(str(value).split())[:500] if isinstance(value, str | int | float) else ""


def _key_problems(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    known = {
        "site_name",
        "site_description",
        "nav",
        "docs_dir",
        "repo_url",
        "edit_uri",
        "markdown_extensions",
        "plugins",
    }
    for key in raw:
        if key in NEVER:
            yield key, NEVER[key]
        elif key not in known and key not in PLAIN:
            yield key, f"{key} is not a setting that is honoured"
    theme = raw.get("theme")
    if isinstance(theme, dict) and "custom_dir" in theme:
        yield "theme.custom_dir", "templates of a repository are not used"


def _plugin_problems(plugins: object) -> Iterator[tuple[str, str]]:
    for name in names_of(plugins):
        if name not in PLUGINS:
            yield "plugins", f"the plugin {name} is not available; the docs are built without it"


def names_of(listed: object) -> list[str]:
    """Name the items of a list of names or of `name: options`, as MkDocs writes plugins and extensions."""
    if isinstance(listed, dict):
        return [str(name) for name in listed]
    if not isinstance(listed, list):
        return []
    return [str(next(iter(item), "")) if isinstance(item, dict) else str(item) for item in listed]


def _edit_base(raw: Mapping[str, Any]) -> str:
    repository, uri = _text(raw, "repo_url"), _text(raw, "edit_uri")
    if not repository or not uri:
        return ""
    base = uri if re.match(r"https?://", uri) else f"{repository.rstrip('/')}/{uri.lstrip('/')}"
    return base.rstrip("/") + "/" if safe_url(base) and base.startswith("http") else ""
