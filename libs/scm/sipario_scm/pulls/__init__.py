"""How each kind of Git host takes a pull request with a new file."""

from collections.abc import Mapping

from sipario_scm.layout import HostType
from sipario_scm.pulls.azure import AZURE
from sipario_scm.pulls.bitbucket_cloud import BITBUCKET_CLOUD
from sipario_scm.pulls.bitbucket_server import BITBUCKET_SERVER
from sipario_scm.pulls.dialect import Dialect
from sipario_scm.pulls.gitea import GITEA
from sipario_scm.pulls.github import GITHUB
from sipario_scm.pulls.gitlab import GITLAB

DIALECTS: Mapping[HostType, Dialect] = {
    "github": GITHUB,
    "gitlab": GITLAB,
    "bitbucketCloud": BITBUCKET_CLOUD,
    "bitbucketServer": BITBUCKET_SERVER,
    "azure": AZURE,
    "gitea": GITEA,
}

__all__ = ["DIALECTS"]
