"""What configuration files say reaches the ingestor as it was meant."""

from typing import Any

import pytest
from sipario_ingestor.configuration import Configuration, StaticLocation
from sipario_model import LocationRef


@pytest.mark.parametrize(
    ("value", "meant"), [(True, True), (False, False), ("true", True), ("false", False), (None, False)]
)
def test_the_catalog_is_read_only_when_that_is_said(value: Any, meant: bool) -> None:
    assert Configuration.of({"catalog": {"readonly": value}}).read_only is meant


def test_sections_and_entries_may_be_without_a_value() -> None:
    catalog = {
        "locations": [{"type": None, "target": "https://github.com/o/r/blob/main/a.yaml", "rules": None}],
        "rules": [
            {"allow": None, "locations": None},
            {"allow": ["User"], "locations": [{"type": "url", "exact": None}]},
        ],
        "providers": {"github": {"acme": None}},
    }
    read = Configuration.of({"catalog": catalog, "integrations": None, "backend": None})
    assert read.locations == (StaticLocation("url", "https://github.com/o/r/blob/main/a.yaml"),)
    assert [each.id for each in read.providers] == ["acme"]
    assert read.rules.allow("User", [LocationRef("url", "x")])
    assert not read.rules.allow("User", [LocationRef("file", "x")])
