"""Requests reach services elsewhere as they were sent."""

from typing import Any

import httpx2
import pytest
from sipario_gateway.forward import as_it_came


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
