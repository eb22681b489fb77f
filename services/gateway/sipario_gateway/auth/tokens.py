"""Static tokens for programs: the operator's own, and those of `backend.auth.externalAccess`."""

from collections.abc import Mapping
from typing import Any

from sipario_kit.configuration import ConfigurationError, section
from sipario_kit.configuration_keys import OTHER_ACCESS, SHORTEST_TOKEN
from sipario_kit.principal import Principal

from sipario_gateway.session import fingerprint
from sipario_gateway.settings import Settings

OPERATOR = Principal("service:operator", "operator")


def static_tokens(settings: Settings, configuration: Mapping[str, Any]) -> dict[str, Principal]:
    """Map the fingerprints of all static tokens to whom they stand for; raises `ConfigurationError`.

    An entry of `backend.auth.externalAccess` reads `{type: static, options: {token, subject}}`, as Backstage's.
    """
    tokens = {}
    for number, entry in enumerate(section(configuration, "backend.auth.externalAccess", [])):
        where = f"backend.auth.externalAccess[{number}]"
        if entry.get("type") in OTHER_ACCESS:
            continue
        if entry.get("type") != "static":
            raise ConfigurationError(f"{where}.type is {entry.get('type')!r}; here only 'static' is known")
        options = entry.get("options") or {}
        token, subject = str(options.get("token") or ""), str(options.get("subject") or "")
        if len(token) < SHORTEST_TOKEN or not subject or any(letter.isspace() for letter in token + subject):
            raise ConfigurationError(
                f"{where}.options needs a token of {SHORTEST_TOKEN} or more characters and a subject, without spaces"
            )
        tokens[fingerprint(token)] = Principal(f"external:{subject}", "service")
    if operator := settings.operator_token.get_secret_value():
        tokens[fingerprint(operator)] = OPERATOR
    return tokens
