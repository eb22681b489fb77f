"""Repositories of Gitea and Forgejo, told of as GitHub does."""

from collections.abc import Mapping

from sipario_scm.hosts import Host
from sipario_scm.lists.github import github_listed, owned
from sipario_scm.lists.page import Answer, Dialect, Page, entries, number, with_query

_PAGE = 50
"""More than this a Gitea does not give, unless its own configuration says so."""


def _read(host: Host, answer: Answer) -> Page:
    """Read a page; the last is the one that is empty, since some give fewer than were asked for."""
    del host
    content = answer.content
    found = entries(content["data"] if isinstance(content, Mapping) else content)
    following = with_query(answer.url, page=number(answer.url, "page") + 1) if found else ""
    return Page(tuple(github_listed(each) for each in found), following)


GITEA = Dialect(owned("repos/search", f"limit={_PAGE}&page=1"), _read)
