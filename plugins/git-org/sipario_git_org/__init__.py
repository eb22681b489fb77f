"""Users and groups of Git hosts, by `catalog.providers`: in Backstage's words where it has any."""

from sipario_plugin import Extensions

from sipario_git_org import bitbucket_server, gitea, github, gitlab


def register(portal: Extensions) -> None:
    """Add the providers `githubOrg`, `gitlab` (with `orgEnabled`), `giteaOrg` and `bitbucketServerOrg`."""
    portal.providers.add("githubOrg", github.organisation)
    portal.providers.add("gitlab", gitlab.organisation)
    portal.providers.add("giteaOrg", gitea.organisation)
    portal.providers.add("bitbucketServerOrg", bitbucket_server.organisation)
