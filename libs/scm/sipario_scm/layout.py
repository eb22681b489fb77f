"""How each kind of Git host spells the addresses of files and folders."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

HostType = Literal["github", "gitlab", "bitbucketCloud", "bitbucketServer", "azure", "gitea", "gerrit", "git"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Templates over `repository`, `ref` and `path`, and a pattern that reads such addresses back.

    `repository` is the web address, `inside` what it adds to the host's; `base` and `rest` are where the host's own
    pages and the repository's API begin, `revision` is the ref marked as branch or commit. A template that is empty
    says that the host has no such page. `line` is what leads to a line of a page of `view`.
    """

    view: str
    tree: str
    edit: str
    raw: str
    pattern: re.Pattern[str]
    line: str = "#L{line}"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text + r"/?")


_GITHUB = Layout(
    view="{repository}/blob/{ref}/{path}",
    tree="{repository}/tree/{ref}/{path}",
    edit="{repository}/edit/{ref}/{path}",
    raw="{repository}/raw/{ref}/{path}",
    pattern=_pattern(
        r"(?P<repository>/[^/]+/[^/]+?)(?:\.git)?(?:/(?:blob|tree|edit|raw)/(?P<ref>[^/]+)(?:/(?P<path>.*?))?)?"
    ),
)
_GITLAB = Layout(
    view="{repository}/-/blob/{ref}/{path}",
    tree="{repository}/-/tree/{ref}/{path}",
    edit="{repository}/-/edit/{ref}/{path}",
    raw="{repository}/-/raw/{ref}/{path}",
    pattern=_pattern(
        r"(?P<repository>/(?:(?!-/)[^/]+/)+?(?!-(?:/|$))[^/]+?)(?:\.git)?"
        r"(?:/-/(?:blob|tree|edit|raw)/(?P<ref>[^/]+)(?:/(?P<path>.*?))?)?"
    ),
)
_BITBUCKET_CLOUD = Layout(
    view="{repository}/src/{ref}/{path}",
    tree="{repository}/src/{ref}/{path}",
    edit="{repository}/src/{ref}/{path}?mode=edit&spa=0&at={ref}",
    raw="{repository}/raw/{ref}/{path}",
    pattern=_pattern(
        r"(?P<repository>/[^/]+/[^/]+?)(?:\.git)?(?:/(?:src|raw)/(?P<ref>[^/]+)(?:/(?P<path>.*?))?)?"
    ),
    line="#lines-{line}",
)
_BITBUCKET_SERVER = Layout(
    view="{repository}/browse/{path}?at={ref}",
    tree="{repository}/browse/{path}?at={ref}",
    edit="{repository}/browse/{path}?at={ref}",
    raw="{repository}/raw/{path}?at={ref}",
    pattern=_pattern(r"(?P<repository>/projects/[^/]+/repos/[^/]+)(?:/(?:browse|raw)(?:/(?P<path>.*?))?)?"),
    line="#{line}",
)
_GITEA = Layout(
    view="{repository}/src/branch/{ref}/{path}",
    tree="{repository}/src/branch/{ref}/{path}",
    edit="{repository}/_edit/{ref}/{path}",
    raw="{repository}/raw/branch/{ref}/{path}",
    pattern=_pattern(
        r"(?P<repository>/[^/]+/[^/]+?)(?:\.git)?"
        r"(?:/(?:(?:src|raw)/(?:branch|tag|commit)|_edit)/(?P<ref>[^/]+)(?:/(?P<path>.*?))?)?"
    ),
)
_AZURE = Layout(
    view="{repository}?path=/{path}&version={revision}",
    tree="{repository}?path=/{path}&version={revision}",
    edit="{repository}?path=/{path}&version={revision}",
    raw="{rest}/items?path=/{path}&versionDescriptor.version={ref}&api-version=6.0",
    pattern=_pattern(r"(?P<repository>/(?:[^/]+/)+_git/[^/]+)"),
    line="&line={line}&lineEnd={line}&lineStartColumn=1&lineEndColumn=1000",
)
_GERRIT = Layout(
    view="{repository}/+/{revision}/{path}",
    tree="{repository}/+/{revision}/{path}",
    edit="{base}/admin/repos/edit/repo{inside}/branch/refs/heads/{ref}/file/{path}",
    raw="",
    pattern=_pattern(
        r"(?P<repository>/(?:(?!\+/)[^/]+/)*?(?!\+(?:/|$))[^/]+?)(?:\.git)?"
        r"(?:/\+/(?:refs/heads/)?(?P<ref>[^/]+)(?:/(?P<path>.*?))?)?"
    ),
    line="#{line}",
)
_GIT = Layout(
    view="{repository}/blob/{ref}/{path}",
    tree="{repository}/tree/{ref}/{path}",
    edit="",
    raw="",
    pattern=_pattern(r"(?P<repository>/.+?)(?:\.git)?(?:/(?:blob|tree)/(?P<ref>[^/]+)(?:/(?P<path>.*?))?)?"),
)

LAYOUTS: Mapping[HostType, Layout] = {
    "github": _GITHUB,
    "gitlab": _GITLAB,
    "bitbucketCloud": _BITBUCKET_CLOUD,
    "bitbucketServer": _BITBUCKET_SERVER,
    "azure": _AZURE,
    "gitea": _GITEA,
    "gerrit": _GERRIT,
    "git": _GIT,
}
