"""Every endpoint of Backstage's catalog, asked without a client: method, path, status code and shape."""

from typing import Any

import pytest
from sipario_testkit.harness import Harness

ALPHA = "component/default/alpha"
NOBODY = "component/default/nobody"
BAD = {"kind": "Component", "apiVersion": "backstage.io/v1alpha1", "metadata": {"name": "not good"}}
ENTITY = {"apiVersion", "kind", "metadata", "spec", "relations"}
PAGE = {"items", "totalItems", "pageInfo"}
ERROR = {"error", "request", "response"}

# Method, path below /api/catalog, body, status code, and the keys of the answer (of its first item, of a list).
ENDPOINTS: list[tuple[str, str, Any, int, set[str] | None]] = [
    ("GET", "/entities?filter=kind=component", None, 200, ENTITY),
    ("GET", "/entities?limit=0", None, 400, ERROR),
    ("GET", "/entities?order=metadata.name", None, 400, ERROR),
    ("GET", "/entities/by-query?limit=1", None, 200, PAGE),
    ("GET", "/entities/by-query?cursor=garbage", None, 400, ERROR),
    ("POST", "/entities/by-query", {"query": {"kind": "component"}}, 200, PAGE),
    ("POST", "/entities/by-query", {"query": {"$nor": []}}, 400, ERROR),
    ("POST", "/entities/by-refs", {"entityRefs": ["component:default/alpha"]}, 200, {"items"}),
    ("POST", "/entities/by-refs", {}, 400, ERROR),
    ("GET", "/entities/by-uid/nobody", None, 404, ERROR),
    ("DELETE", "/entities/by-uid/nobody", None, 204, None),
    ("GET", f"/entities/by-name/{ALPHA}", None, 200, ENTITY),
    ("GET", f"/entities/by-name/{NOBODY}", None, 404, ERROR),
    ("GET", f"/entities/by-name/{ALPHA}/ancestry", None, 200, {"rootEntityRef", "items"}),
    ("GET", f"/entities/by-name/{NOBODY}/ancestry", None, 404, ERROR),
    ("GET", "/entity-facets?facet=kind", None, 200, {"facets"}),
    ("GET", "/entity-facets", None, 400, ERROR),
    ("POST", "/entity-facets", {"facets": ["kind"]}, 200, {"facets"}),
    ("POST", "/entity-facets", {"facets": []}, 400, ERROR),
    ("POST", "/refresh", {"entityRef": "component:default/alpha"}, 200, None),
    ("POST", "/refresh", {"entityRef": "component:default/nobody"}, 404, ERROR),
    ("POST", "/refresh", {}, 400, ERROR),
    ("GET", "/locations", None, 200, None),
    ("POST", "/locations", {"type": "file", "target": "/etc/passwd"}, 400, ERROR),
    ("POST", "/locations", {"type": "url", "target": "javascript:alert(1)"}, 400, ERROR),
    ("POST", "/locations?dryRun=true", {"type": "url", "target": "http://169.254.169.254/x"}, 400, ERROR),
    ("GET", "/locations/nobody", None, 404, ERROR),
    ("PUT", "/locations/nobody", {"type": "url", "target": "https://unknown.example/o/r"}, 404, ERROR),
    ("DELETE", "/locations/nobody", None, 404, ERROR),
    ("GET", f"/locations/by-entity/{NOBODY}", None, 404, ERROR),
    ("POST", "/locations/by-query", {"limit": 1}, 200, PAGE),
    ("POST", "/locations/by-query", {"cursor": "garbage"}, 400, ERROR),
    ("POST", "/analyze-location", {"location": {"type": "url", "target": "x"}}, 400, ERROR),
    ("POST", "/validate-entity", {"entity": BAD, "location": "url:https://host.example/"}, 400, {"errors"}),
    ("POST", "/validate-entity", {}, 400, ERROR),
    ("GET", "/nothing-of-the-kind", None, 404, ERROR),
    ("PATCH", "/entities", None, 405, ERROR),
]
NAMES = {400: "InputError", 404: "NotFoundError"}


@pytest.mark.parametrize(("method", "path", "body", "status", "keys"), ENDPOINTS)
async def test_an_endpoint_answers_as_backstage_does(
    harness: Harness, method: str, path: str, body: Any, status: int, keys: set[str] | None
) -> None:
    answer = await harness.client.request(method, f"/api/catalog{path}", json=body)
    assert answer.status_code == status, answer.text
    if keys is not None:
        told = answer.json()
        assert keys <= set(told[0] if isinstance(told, list) else told)
    if keys is ERROR:
        assert told["error"]["name"] == NAMES.get(status, "Error")
        assert told["error"]["message"]
        assert told["request"] == {"method": method, "url": f"/api/catalog{path}".partition("?")[0]}
        assert told["response"] == {"statusCode": status}


@pytest.mark.parametrize(("method", "path", "body", "status", "keys"), ENDPOINTS)
async def test_nobody_is_answered_who_is_not_signed_in(
    harness: Harness, method: str, path: str, body: Any, status: int, keys: set[str] | None
) -> None:
    del status, keys
    wish = {"authorization": "Bearer nobody"}
    answer = await harness.client.request(method, f"/api/catalog{path}", json=body, headers=wish)
    assert (answer.status_code, answer.json()["error"]["name"]) == (401, "AuthenticationError")
