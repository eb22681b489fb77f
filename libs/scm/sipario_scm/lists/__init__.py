"""How each kind of Git host lists its repositories: where to ask first, and what a page of the answer says."""

from collections.abc import Mapping

from sipario_scm.layout import HostType
from sipario_scm.lists.azure import AZURE
from sipario_scm.lists.bitbucket_cloud import BITBUCKET_CLOUD
from sipario_scm.lists.bitbucket_server import BITBUCKET_SERVER
from sipario_scm.lists.gerrit import GERRIT
from sipario_scm.lists.gitea import GITEA
from sipario_scm.lists.github import GITHUB
from sipario_scm.lists.gitlab import GITLAB
from sipario_scm.lists.page import Dialect

DIALECTS: Mapping[HostType, Dialect] = {
    "github": GITHUB,
    "gitlab": GITLAB,
    "bitbucketCloud": BITBUCKET_CLOUD,
    "bitbucketServer": BITBUCKET_SERVER,
    "azure": AZURE,
    "gitea": GITEA,
    "gerrit": GERRIT,
}

__all__ = ["DIALECTS"]
