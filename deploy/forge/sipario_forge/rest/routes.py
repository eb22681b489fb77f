"""All REST endpoints together."""

from fastapi import APIRouter

from sipario_forge.rest.context import Context
from sipario_forge.rest.hooks import hooks
from sipario_forge.rest.repositories import repositories


def rest(context: Context) -> APIRouter:
    """Return the API, to be served at the root and below GitHub Enterprise's /api/v3."""
    api = APIRouter()
    api.include_router(repositories(context))
    for prefix in ("/repos/{owner}/{name}/hooks", "/orgs/{owner}/hooks", "/admin/hooks"):
        api.include_router(hooks(context, prefix))
    return api
