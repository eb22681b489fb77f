"""All REST endpoints together."""

from fastapi import APIRouter

from sipario_forge.proposals import Proposals
from sipario_forge.rest.commits import commits
from sipario_forge.rest.contents import contents
from sipario_forge.rest.context import Context
from sipario_forge.rest.gitdata import objects, reference_moves, references
from sipario_forge.rest.hooks import deliveries, hooks
from sipario_forge.rest.pulls import pull_parts, pulls
from sipario_forge.rest.repositories import accounts, repositories


def rest(context: Context) -> APIRouter:
    """Return the API, to be served at the root and below GitHub Enterprise's /api/v3."""
    api = APIRouter()
    for part in (accounts, repositories, contents, commits, objects, references, reference_moves, pull_parts):
        api.include_router(part(context))
    api.include_router(pulls(context, Proposals(context.host, context.pulls)))
    for prefix in ("/repos/{owner}/{name}/hooks", "/orgs/{owner}/hooks", "/admin/hooks"):
        api.include_router(hooks(context, prefix))
        api.include_router(deliveries(context, prefix))
    return api
