"""Git hosts: their addresses, webhooks and lists, and reading repositories at a commit."""

from sipario_scm.address import address
from sipario_scm.commit import Commit
from sipario_scm.errors import (
    AccessDenied,
    BranchVanished,
    EmptyRepository,
    FileMissing,
    FileRefused,
    HostUnavailable,
    MirrorDamaged,
    MirrorUnusable,
    RepositoryMissing,
    RepositoryTooLarge,
    ScmError,
    UrlRefused,
)
from sipario_scm.fetcher import Allowed, SafeFetcher, permitted, serves_files
from sipario_scm.hosts import Host, Hosts, Target
from sipario_scm.layout import HostType
from sipario_scm.listing import Lists
from sipario_scm.lists.page import Listed, Scope
from sipario_scm.login import Login
from sipario_scm.lookout import Lookout
from sipario_scm.mirror import Mirror
from sipario_scm.mirrors import Mirrors
from sipario_scm.packs import PACK_BYTES, Limits
from sipario_scm.pull_requests import PullRequest, PullRequests
from sipario_scm.pulls.dialect import Change
from sipario_scm.signature import Sender, sign
from sipario_scm.tree import GitTree, Tree, TreeFile
from sipario_scm.webhooks import ForgedWebhook, UnreadableWebhook, delivery_of, hear

__all__ = [
    "PACK_BYTES",
    "AccessDenied",
    "Allowed",
    "BranchVanished",
    "Change",
    "Commit",
    "EmptyRepository",
    "FileMissing",
    "FileRefused",
    "ForgedWebhook",
    "GitTree",
    "Host",
    "HostType",
    "HostUnavailable",
    "Hosts",
    "Limits",
    "Listed",
    "Lists",
    "Login",
    "Lookout",
    "Mirror",
    "MirrorDamaged",
    "MirrorUnusable",
    "Mirrors",
    "PullRequest",
    "PullRequests",
    "RepositoryMissing",
    "RepositoryTooLarge",
    "SafeFetcher",
    "ScmError",
    "Scope",
    "Sender",
    "Target",
    "Tree",
    "TreeFile",
    "UnreadableWebhook",
    "UrlRefused",
    "address",
    "delivery_of",
    "hear",
    "permitted",
    "serves_files",
    "sign",
]
