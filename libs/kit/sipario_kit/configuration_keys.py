"""The keys of configuration files that somebody honours, and what each must hold.

Whoever reads a further key adds it here; then files are checked for it, and a slip in it is noticed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sipario_kit.configuration_shapes import (
    FLAG,
    TEXT,
    WHATEVER,
    Duration,
    Finding,
    Form,
    Keys,
    Place,
    Secret,
    Several,
    Strange,
    Wrong,
)
from sipario_kit.provider_keys import PROVIDERS

INGESTED = ("catalog", "integrations", "backend.reading", "kubernetes")
"""The sections whose strange keys the ingestor tells; those of all others are told by the gateway."""

SHORTEST_TOKEN = 8
OTHER_ACCESS = ("legacy", "jwks")
_OTHER_PROVIDERS = frozenset(
    (
        "apple",
        "atlassian",
        "auth0",
        "aws-alb",
        "awsalb",
        "awsAlb",
        "azure-easyauth",
        "azureEasyAuth",
        "bitbucket",
        "bitbucketServer",
        "cfaccess",
        "easyAuth",
        "gcp-iap",
        "gcpIap",
        "github",
        "gitlab",
        "google",
        "microsoft",
        "oauth2",
        "oauth2Proxy",
        "okta",
        "onelogin",
        "openshift",
        "pinniped",
        "saml",
        "vmwareCloudServices",
    )
)


@dataclass(frozen=True, slots=True)
class Access:
    """An entry of `backend.auth.externalAccess`; of Backstage's types, only static tokens are offered."""

    static: "Keys"

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge static tokens; those of Backstage's other types are passed over."""
        kind = value.get("type") if isinstance(value, Mapping) else None
        if kind in OTHER_ACCESS:
            yield Strange(place, why="only tokens of type static are")
            return
        if kind is not None and kind != "static":
            yield Wrong((*place, "type"), "static", "another")
        yield from self.static.findings(value, place)


@dataclass(frozen=True, slots=True)
class SignIn:
    """An object of identity providers by their names, each with an entry for every environment."""

    entry: "Keys"

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge each; one of Backstage's own without a `metadataUrl` is passed over."""
        yield from Keys({"guest": WHATEVER}, others=Keys({}, others=self.entry)).findings(value, place)
        for name, environments in value.items() if isinstance(value, Mapping) else ():
            entries = environments.values() if isinstance(environments, Mapping) else ()
            if any(not_offered(name, each) for each in entries):
                yield Strange((*place, name), why="sign-in is by OpenID Connect, which needs a metadataUrl")


_STRATEGY = Form("keep or delete", "keep|delete")
_KINDS = Several(WHATEVER, "a list of kinds")
_RULE = Keys({"allow": _KINDS, "locations": Several(Keys(dict.fromkeys(("type", "exact", "pattern"), TEXT)))})
_LOCATION = Keys(
    {"type": TEXT, "target": TEXT, "rules": Several(Keys({"allow": _KINDS}))},
    required=("target",),
    expected="an object with type and target",
)
_HOST = Keys(
    dict.fromkeys(("host", "token", "appPassword", "password", "apiBaseUrl", "baseUrl", "username"), TEXT)
)
_APP = Keys(
    {"appId": TEXT, "privateKey": TEXT, "allowedInstallationOwners": Several(TEXT)},
    required=("appId", "privateKey"),
    others=TEXT,  # of signing in as the app, which is not done here: clientId, clientSecret, webhookSecret
)
_HOSTS: dict[str, Keys] = {
    **dict.fromkeys(("gitlab", "bitbucketCloud"), _HOST),
    **dict.fromkeys(("bitbucketServer", "gitea", "git"), Keys(_HOST.known, required=("host|baseUrl",))),
    "github": Keys({**_HOST.known, "apps": Several(_APP, "a list of GitHub Apps")}),
    "azure": Keys(
        {
            **_HOST.known,
            "credentials": Several(Keys({"organizations": Several(TEXT), "personalAccessToken": TEXT})),
        }
    ),
    "gerrit": Keys({**_HOST.known, "gitilesBaseUrl": TEXT, "cloneUrl": TEXT}, required=("host",)),
    "awsS3": Keys(
        {
            **dict.fromkeys(("endpoint", "accessKeyId", "secretAccessKey", "roleArn", "externalId"), TEXT),
            "s3ForcePathStyle": FLAG,
        }
    ),
}
_CLUSTER = Keys(
    {
        **dict.fromkeys(("name", "title", "url", "authProvider", "oidcTokenProvider", "caData"), TEXT),
        **dict.fromkeys(("dashboardUrl", "dashboardApp"), TEXT),
        **dict.fromkeys(("skipTLSVerify", "skipMetricsLookup"), FLAG),
    },
    required=("name", "url"),
)
_ALLOWED = Keys(
    {"host": TEXT, "paths": Several(TEXT, "a list of path prefixes")},
    required=("host",),
    expected="an object with a host",
)
_TOKEN = Keys({"token": Secret(SHORTEST_TOKEN), "subject": Secret(1)}, required=("token", "subject"))
_ACCESS = Access(Keys({"type": TEXT, "options": _TOKEN}, required=("type", "options")))
_RESOLVERS = Keys({"resolvers": Several(Keys({"resolver": TEXT}))})
_SIGN_IN = Keys(
    {
        **dict.fromkeys(("metadataUrl", "clientId", "clientSecret", "title", "scope"), TEXT),
        "emailsAreVerified": FLAG,
        "signIn": _RESOLVERS,
    }
)

KEYS = Keys(
    {
        "catalog": Keys(
            {
                "locations": Several(_LOCATION, "a list of locations, each with type and target"),
                "rules": Several(_RULE, "a list of rules, each with allow"),
                "providers": Keys(PROVIDERS),
                "readonly": FLAG,
                **dict.fromkeys(("orphanStrategy", "orphanProviderStrategy"), _STRATEGY),
                "orphanGrace": Duration(),
            }
        ),
        "integrations": Keys({kind: Several(host, "a list of hosts") for kind, host in _HOSTS.items()}),
        "kubernetes": Keys(
            {"clusterLocatorMethods": Several(Keys({"type": TEXT, "clusters": Several(_CLUSTER)}))}
        ),
        "backend": Keys(
            {
                "reading": Keys(
                    {"allow": Several(_ALLOWED, "a list of hosts, each with host and perhaps paths")}
                ),
                "auth": Keys(
                    {"externalAccess": Several(_ACCESS, "a list of tokens, each with type and options")}
                ),
            }
        ),
        "auth": Keys(
            {
                "environment": TEXT,
                "providers": SignIn(_SIGN_IN),
            }
        ),
    }
)


def not_offered(name: str, entry: Any) -> bool:
    """Tell whether an entry of `auth.providers` is for a way of Backstage's to sign in that is not offered here."""
    return name in _OTHER_PROVIDERS and isinstance(entry, Mapping) and not entry.get("metadataUrl")
