"""Pull requests of Bitbucket Cloud."""

from collections.abc import Mapping, Sequence
from typing import Any

from sipario_scm.hosts import Host
from sipario_scm.pulls.dialect import Ask, Change, Dialect, inside


def _listed(host: Host, repository: str) -> Ask:
    return Ask("GET", f"{_home(host, repository)}/pullrequests?state=OPEN&pagelen=50")


def _open(host: Host, repository: str, content: Any) -> Mapping[str, str]:
    return {
        str(each["source"]["branch"]["name"]): _page(host, repository, each)
        for each in content["values"]
        if (each["source"]["repository"] or {}).get("uuid") == each["destination"]["repository"]["uuid"]
    }


def _written(host: Host, repository: str, change: Change) -> Sequence[Ask]:
    """A form: its fields are files, and what is told of the commit."""
    form = {
        f"/{change.path}": change.content,
        "message": change.title,
        "branch": change.branch,
        "parents": change.commit,
    }
    return (Ask("POST", f"{_home(host, repository)}/src", form=form, there=frozenset({400})),)


def _proposed(host: Host, repository: str, change: Change) -> Ask:
    wish = {
        "title": change.title,
        "description": change.body,
        "source": {"branch": {"name": change.branch}},
        "destination": {"branch": {"name": change.base}},
        "close_source_branch": True,
    }
    return Ask("POST", f"{_home(host, repository)}/pullrequests", wish)


def _page(_host: Host, _repository: str, content: Any) -> str:
    return str(content["links"]["html"]["href"])


def _home(host: Host, repository: str) -> str:
    return f"{host.api}/repositories/{'/'.join(inside(host, repository))}"


BITBUCKET_CLOUD = Dialect(_listed, _open, _written, _proposed, _page)
