"""The keys of `catalog.providers` that somebody honours; those of plugins that come with Sipario among them."""

from sipario_kit.configuration_shapes import (
    FLAG,
    TEXT,
    WHATEVER,
    Form,
    Keys,
    OneOrNamed,
    OneOrSeveral,
    Pattern,
    Several,
    Shape,
    TextOrList,
    Timing,
)


def _provider(*texts: str, **more: Shape) -> OneOrNamed:
    """Make the shape of an entry of `catalog.providers`, or of several with names."""
    return OneOrNamed(Keys({**dict.fromkeys(("catalogPath", *texts), TEXT), **more}))


def _organisation(*texts: str, needed: tuple[str, ...] = (), **more: Shape) -> OneOrNamed:
    """Make the shape of an entry whose people and groups a plugin reads on a schedule."""
    keys: dict[str, Shape] = {**dict.fromkeys((*needed, *texts), TEXT), "schedule": SCHEDULE, **more}
    return OneOrNamed(Keys(keys), listed=True, needed=needed)


_PART = ("rdn", "name", "description", "displayName", "email", "picture", "memberOf")
_SEARCH = Keys(
    {
        **dict.fromkeys(("sizeLimit", "timeLimit"), Form("a whole number", r"-?\d+")),
        "scope": Form("base, one or sub", "(?i)base|one|sub"),
        "derefAliases": Form("0 to 3", "(?i)[0-3]|never|search|find|always"),
        "filter": TEXT,
        "attributes": Several(TEXT),
        "paged": WHATEVER,
    }
)
_URL = Form("a URL", "https?://.+")
_QUERY = ("path", "filter", "search")


def _directory(*more: str) -> OneOrSeveral:
    """Make the shape of users or groups of a directory, which are mapped to what else they have."""
    mapped = Keys(dict.fromkeys((*_PART, *more), TEXT))
    keys: dict[str, Shape] = {"dn": TEXT, "options": _SEARCH, "set": WHATEVER, "map": mapped}
    return OneOrSeveral(Keys(keys, required=("dn",)))


SCHEDULE = Keys({**dict.fromkeys(("frequency", "timeout", "initialDelay"), Timing()), "scope": TEXT})
"""When a provider of entities is read."""

_BITBUCKET = {"repoSlug": Pattern(), "projectKey": Pattern()}
PROVIDERS: dict[str, OneOrNamed] = {
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
        orgEnabled=FLAG,
        groupPattern=WHATEVER,
        userPattern=Pattern(),
        allowInherited=FLAG,
        restrictUsersToGroup=FLAG,
        relations=Several(TEXT),
        schedule=SCHEDULE,
    ),
    "bitbucketCloud": _provider("workspace", filters=Keys(_BITBUCKET)),
    "bitbucketServer": _provider("host", filters=Keys({**_BITBUCKET, "skipArchivedRepos": FLAG})),
    "azureDevOps": _provider("host", "organization", "project", "repository", "path", "branch"),
    "gitea": _provider("host", "organization", "branch"),
    "gerrit": _provider("host", "query", "branch"),
    "githubOrg": _organisation(
        "id",
        "githubUrl",
        orgs=Several(TEXT),
        defaultUserTransformer=Keys({"useVerifiedEmails": FLAG}),
    ),
    "ldapOrg": _organisation(
        needed=("target",),
        target=Form("ldap://host or ldaps://host", "(?i)ldaps?://[^/?#]+.*"),
        tls=Keys({"rejectUnauthorized": FLAG, "keys": TEXT, "certs": TEXT}),
        bind=Keys({"dn": TEXT, "secret": TEXT}, required=("dn", "secret")),
        vendor=Keys({"dnAttributeName": TEXT, "uuidAttributeName": TEXT, "dnCaseSensitive": FLAG}),
        users=_directory(),
        groups=_directory("type", "members"),
    ),
    "microsoftGraphOrg": _organisation(
        needed=("tenantId", "clientId", "clientSecret"),
        target=_URL,
        authority=_URL,
        queryMode=Form("basic or advanced", "basic|advanced"),
        user=Keys({**dict.fromkeys((*_QUERY, "expand"), TEXT), "select": Several(TEXT), "loadPhotos": FLAG}),
        group=Keys(
            {**dict.fromkeys((*_QUERY, "expand"), TEXT), "select": Several(TEXT), "includeSubGroups": FLAG}
        ),
        userGroupMember=Keys(dict.fromkeys(_QUERY, TEXT)),
    ),
    "kubernetes": _organisation("system", "namespace", needed=("owner",)),
    "awsS3": _organisation("prefix", "region", "accountId", needed=("bucketName",)),
    "giteaOrg": _organisation("host", orgs=Several(TEXT)),
    "bitbucketServerOrg": _organisation("host"),
}
