"""Every configuration in the guide's page on providers is honoured, and every provider has one."""

import re
from pathlib import Path

import pytest
import yaml
from sipario_ingestor.plugins import plugins
from sipario_kit.configuration_keys import KEYS

BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGE = Path(__file__).parents[2] / "docs" / "guide" / "providers.md"
EXAMPLES = [yaml.safe_load(block) for block in BLOCK.findall(PAGE.read_text())]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_has_keys_that_are_honoured(example: dict[str, object]) -> None:
    assert list(KEYS.findings(example, ())) == []


def test_every_provider_that_comes_along_has_an_example() -> None:
    shown = {key for example in EXAMPLES for key in example["catalog"]["providers"]}
    assert {key for key, _ in plugins().extensions.providers} <= shown
