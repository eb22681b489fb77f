"""Every setting is documented, with what it is unless set, and nothing is documented that is no setting."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings
from sipario.order import ORDER
from sipario_kit.settings import CommonSettings

ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)`(?: ●)? \| ([^|]*) \| [^|]+ \|$", re.MULTILINE)


def settings() -> list[type[BaseSettings]]:
    packages = [*(f"sipario_{name.replace('-', '_')}" for name in ORDER), "sipario_forge"]
    return [CommonSettings, *(import_module(f"{package}.settings").Settings for package in packages)]


def fields() -> dict[str, FieldInfo]:
    return {
        f"{each.model_config['env_prefix']}{name}".upper(): field
        for each in settings()
        for name, field in each.model_fields.items()
    }


def shown(field: FieldInfo) -> str:
    value = field.default
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    if field.is_required():
        return "required"
    if isinstance(plain, bool):
        return f"`{str(plain).lower()}`"
    if plain in ((), {}):
        return "`[]`" if plain == () else "`{}`"
    return "none" if plain is None else f"`{plain:g}`" if isinstance(plain, float) else f"`{plain}`"


@pytest.fixture(scope="module")
def documented(root: Path) -> dict[str, str]:
    text = (root / "docs" / "configuration.md").read_text()
    return {name: default.strip() for name, default in ROW.findall(text)}


@pytest.mark.parametrize("name", fields())
def test_a_setting_is_documented_with_its_default(name: str, documented: dict[str, str]) -> None:
    assert name in documented
    expected = shown(fields()[name])
    assert documented[name] == expected or (expected == "``" and not documented[name].startswith("`"))


def test_nothing_is_documented_that_is_no_setting(documented: dict[str, str]) -> None:
    assert documented.keys() == fields().keys()
