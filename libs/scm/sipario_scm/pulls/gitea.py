"""Pull requests of Gitea and Forgejo."""

from collections.abc import Sequence

from sipario_scm.hosts import Host
from sipario_scm.pulls.dialect import Ask, Change, Dialect, inside
from sipario_scm.pulls.github import file_of, open_pulls, page_of, pull_of


def _listed(host: Host, repository: str) -> Ask:
    return Ask("GET", f"{_home(host, repository)}/pulls?state=open&limit=50")


def _written(host: Host, repository: str, change: Change) -> Sequence[Ask]:
    """A new file makes its branch too."""
    wish = {**file_of(change), "branch": change.base, "new_branch": change.branch}
    url = f"{_home(host, repository)}/contents/{change.path}"
    return (Ask("POST", url, wish, there=frozenset({409, 422})),)


def _proposed(host: Host, repository: str, change: Change) -> Ask:
    return Ask("POST", f"{_home(host, repository)}/pulls", pull_of(change))


def _home(host: Host, repository: str) -> str:
    return f"{host.api}/repos/{'/'.join(inside(host, repository))}"


GITEA = Dialect(_listed, open_pulls, _written, _proposed, page_of)
