"""Requests reach services elsewhere as they were sent."""

from typing import Any

import httpx2
import pytest
from sipario_gateway.forward import ReverseProxy, as_it_came, patience
from sipario_kit.principal import Principal


@pytest.mark.parametrize(
    "path",
    [
        "/api/techdocs/static/docs/a/b/c/100%25.png",
        "/api/x/what%3F/index.html",
        "/api/x/c%23",
        "/api/x/%C3%A9?q=%2F&q=+",
    ],
)
def test_an_address_is_taken_on_as_it_came(path: str) -> None:
    sent = httpx2.Request("GET", f"http://portal.test{path}").url
    scope: dict[str, Any] = {
        "path": sent.path,
        "raw_path": sent.raw_path.partition(b"?")[0],
        "query_string": sent.query,
    }
    assert as_it_came(scope).raw_path == path.encode()
    del scope["raw_path"]
    assert as_it_came(scope).raw_path == path.encode()


def test_a_rebuild_is_waited_for_as_long_as_it_takes() -> None:
    assert patience("/api/graph/rebuild").read == 3600
    assert patience("/api/catalog/entities").read == 60
    assert patience("/api/graph/rebuild").connect == 2


async def test_connections_are_let_go_at_the_end() -> None:
    proxy = ReverseProxy("search", "http://127.0.0.1:9", "k" * 40)
    await proxy.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await proxy.ask(Principal("user:default/ada", "user"), "/api/search/query")
