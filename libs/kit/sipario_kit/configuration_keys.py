"""The keys of configuration files that somebody honours, and what each must hold.

Whoever reads a further key adds it here; then files are checked for it, and a slip in it is noticed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeAlias

Place: TypeAlias = tuple[str | int, ...]

INGESTED = ("catalog", "integrations", "backend.reading")
"""The sections whose strange keys the ingestor tells; those of all others are told by the gateway."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What stands at a place and can't be used, and what is expected there."""

    place: Place
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{dotted(self.place)}: {self.expected} is expected, not {self.found}"


@dataclass(frozen=True, slots=True)
class Strange:
    """A key that nobody honours, and the known one that was perhaps meant, or why not."""

    place: Place
    near: str = ""
    why: str = ""

    def __str__(self) -> str:
        name = dotted(self.place)
        if self.why:
            return f"{name} is not honoured: {self.why}"
        meant = dotted((*self.place[:-1], self.near))
        return f"{name} is not honoured; did you mean {meant}?" if self.near else name


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A place whose variable or file is not there."""

    place: Place
    why: str

    def __str__(self) -> str:
        return f"{dotted(self.place)}: {self.why}"


Finding: TypeAlias = Wrong | Strange | Unresolved


@dataclass(frozen=True, slots=True)
class One:
    """A single value: text, where a number will do as well, or true and false, where their names will do."""

    expected: str = "a text"
    kinds: tuple[type, ...] = (str, int, float)

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge a value."""
        if not isinstance(value, self.kinds) or (bool not in self.kinds and isinstance(value, bool)):
            yield Wrong(place, self.expected, _named(value))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge whether it can be read as one."""
        try:
            re.compile(str(value))
        except re.error as error:
            yield Wrong(place, "a regular expression", f"one with {error.msg}")


@dataclass(frozen=True, slots=True)
class TextOrList:
    """A list of texts, or one text with commas."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge a list as such, and all else as a text."""
        shape = Several(TEXT) if isinstance(value, list) else One("a text or a list of texts")
        yield from shape.findings(value, place)


@dataclass(frozen=True, slots=True)
class Several:
    """A list whose entries are all alike."""

    each: "Shape"
    expected: str = "a list"

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge a list, and what is in it."""
        if not isinstance(value, list):
            yield Wrong(place, self.expected, _named(value))
            return
        for index, entry in enumerate(value):
            yield from self.each.findings(entry, (*place, index))


@dataclass(frozen=True, slots=True)
class Keys:
    """An object with known keys; `others` is what may stand at any other key.

    Of what is `required`, `a|b` wants either; it is the first that is told to be missing.
    """

    known: Mapping[str, "Shape"]
    required: tuple[str, ...] = ()
    others: "Shape | None" = None
    expected: str = field(default="an object with keys")

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge an object, and what is in it; a key without a value is as good as none."""
        if not isinstance(value, Mapping):
            yield Wrong(place, self.expected, _named(value))
            return
        for names in (each.split("|") for each in self.required):
            if all(value.get(name) in (None, "") for name in names):
                yield Wrong((*place, names[0]), "a text", "nothing")
        for name, entry in value.items():
            shape = self.known.get(name, self.others)
            if shape is None:
                near = get_close_matches(str(name), list(self.known), 1, 0.7)
                yield Strange((*place, name), near[0] if near else "")
            elif entry is not None:
                yield from shape.findings(entry, (*place, name))


@dataclass(frozen=True, slots=True)
class Whatever:
    """Anything: somebody else judges it."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Find nothing wrong."""
        del value, place
        return iter(())


@dataclass(frozen=True, slots=True)
class OneOrNamed:
    """An object with known keys, or an object of such objects by names of one's own."""

    shape: Keys

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge it as the former when it has one of those keys."""
        alone = isinstance(value, Mapping) and not self.shape.known.keys().isdisjoint(value)
        return (self.shape if alone else Keys({}, others=self.shape)).findings(value, place)


@dataclass(frozen=True, slots=True)
class Secret:
    """A text of some characters, without spaces."""

    shortest: int

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge its length, and never tell what it is."""
        text = str(value)
        if len(text) < self.shortest or any(letter.isspace() for letter in text):
            expected = f"a text of {self.shortest} or more characters, without spaces,"
            yield Wrong(place, expected, "another")


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


Shape: TypeAlias = (
    One | Pattern | TextOrList | Several | Keys | OneOrNamed | Whatever | Secret | Access | SignIn
)

TEXT = One()
FLAG = One("true or false", (bool, str))
WHATEVER = Whatever()

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
}
_ALLOWED = Keys(
    {"host": TEXT, "paths": Several(TEXT, "a list of path prefixes")},
    required=("host",),
    expected="an object with a host",
)


def _provider(*texts: str, **more: "Shape") -> OneOrNamed:
    """Make the shape of an entry of `catalog.providers`, or of several with names."""
    return OneOrNamed(Keys({**dict.fromkeys(("catalogPath", *texts), TEXT), **more}))


_BITBUCKET = {"repoSlug": Pattern(), "projectKey": Pattern()}
_PROVIDERS: dict[str, OneOrNamed] = {
    "github": _provider(
        "host",
        "organization",
        filters=Keys(
            {
                "branch": TEXT,
                "repository": Pattern(),
                "allowForks": FLAG,
                "allowArchived": FLAG,
                "topic": Keys({"include": Several(TEXT), "exclude": Several(TEXT)}),
                "visibility": TextOrList(),
            }
        ),
    ),
    "gitlab": _provider(
        *("host", "group", "branch", "fallbackBranch", "entityFilename"),
        projectPattern=Pattern(),
        topics=TextOrList(),
        excludeRepos=Several(TEXT),
        skipForkedRepos=FLAG,
        includeArchivedRepos=FLAG,
    ),
    "bitbucketCloud": _provider("workspace", filters=Keys(_BITBUCKET)),
    "bitbucketServer": _provider("host", filters=Keys({**_BITBUCKET, "skipArchivedRepos": FLAG})),
    "azureDevOps": _provider("host", "organization", "project", "repository", "path", "branch"),
    "gitea": _provider("host", "organization", "branch"),
    "gerrit": _provider("host", "query", "branch"),
}
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
                "providers": Keys(_PROVIDERS),
                "readonly": FLAG,
            }
        ),
        "integrations": Keys({kind: Several(host, "a list of hosts") for kind, host in _HOSTS.items()}),
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


def dotted(place: Place) -> str:
    """Write a place as `catalog.locations[0].target`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def _named(value: Any) -> str:
    """Name what a value is; never the value, which may be a secret."""
    names = {str: "a text", bool: "true or false", list: "a list", dict: "an object", type(None): "nothing"}
    return names.get(type(value), "a number")
