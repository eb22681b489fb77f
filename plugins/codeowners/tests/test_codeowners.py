from collections.abc import Mapping
from typing import Any

import pytest
from sipario_codeowners import infer, lacks_owner, register
from sipario_codeowners.owners import Owners
from sipario_plugin import Emit, Extensions, Sight, Unreadable

GITHUB = r"""
# These owners will be the default for everything.
*       @acme/everyone @someone

*.js    @js-owner #an inline comment
*.go    docs@example.com
/build/logs/ @doctocat
docs/*  @acme/writers
apps/ @octocat
/docs/ @acme/docs
/scripts/ @doctocat @octocat
**/logs @acme/logs
/apps/github
\#odd.txt @odd
a/**/deep.yaml @acme/deep
with\ space/ @acme/space
"""
GITLAB = r"""
* @default-owner
README.md @doc-team @tech-lead
LICENSE @legal janedoe@gitlab.com
/docs/ @acme/group/all-docs
/docs/* @root-docs
/docs/**/*.md @markdown-docs
lib/ @lib-owner
/config/ @@maintainer
/only @root

[Documentation][2] @docs-team
ee/docs/
sub/README.md

^[Database] @acme/database
model/db/
config/db/setup.md @acme/writers
!model/db/seed.yaml
"""
BITBUCKET = r"""
# Bitbucket, with groups of its own
@@@FrontendTeam @"Brendan" @"Tim"
*                 individual@example.com individual2@example.com
web/*             @@FrontendTeam @CTO
"a/path with spaces/*"  docs@example.com
*.ts              @@"Dev Ops Team"
src/**/*.java     @acme/jvm
"""


@pytest.mark.parametrize(
    ("host", "text", "path", "owner"),
    [
        ("github", GITHUB, "catalog-info.yaml", "everyone"),
        ("github", GITHUB, "deep/down/app.js", "User:js-owner"),
        ("github", GITHUB, "main.go", "docs"),
        ("github", GITHUB, "build/logs/a/b.yaml", "logs"),
        ("github", GITHUB, "other/docs/x.yaml", "everyone"),
        ("github", GITHUB, "docs/x.yaml", "docs"),
        ("github", GITHUB, "x/apps/catalog-info.yaml", "User:octocat"),
        ("github", GITHUB, "apps/github/catalog-info.yaml", ""),
        ("github", GITHUB, "scripts/catalog-info.yaml", "User:doctocat"),
        ("github", GITHUB, "#odd.txt", "User:odd"),
        ("github", GITHUB, "a/b/c/deep.yaml", "deep"),
        ("github", GITHUB, "a/deep.yaml", "deep"),
        ("github", GITHUB, "with space/catalog-info.yaml", "space"),
        ("gitlab", GITLAB, "catalog-info.yaml", "User:default-owner"),
        ("gitlab", GITLAB, "a/README.md", "User:doc-team"),
        ("gitlab", GITLAB, "sub/README.md", "User:docs-team"),
        ("gitlab", GITLAB, "x/sub/README.md", "User:docs-team"),
        ("gitlab", GITLAB, "LICENSE", "User:legal"),
        ("gitlab", GITLAB, "docs/a/b.yaml", "all-docs"),
        ("gitlab", GITLAB, "docs/b.yaml", "User:root-docs"),
        ("gitlab", GITLAB, "docs/a/b.md", "User:markdown-docs"),
        ("gitlab", GITLAB, "x/lib/y/z.yaml", "User:lib-owner"),
        ("gitlab", GITLAB, "config/a.yaml", ""),
        ("gitlab", GITLAB, "only/a.yaml", "User:default-owner"),
        ("gitlab", GITLAB, "model/db/a.yaml", "database"),
        ("gitlab", GITLAB, "model/db/seed.yaml", ""),
        ("gitlab", GITLAB, "config/db/setup.md", "writers"),
        ("bitbucket", BITBUCKET, "catalog-info.yaml", "individual"),
        ("bitbucket", BITBUCKET, "web/catalog-info.yaml", "FrontendTeam"),
        ("bitbucket", BITBUCKET, "a/path with spaces/catalog-info.yaml", "docs"),
        ("bitbucket", BITBUCKET, "x/y.ts", "Dev Ops Team"),
        ("bitbucket", BITBUCKET, "src/a/b/C.java", "jvm"),
    ],
)
def test_the_last_rule_that_fits_names_the_owner_first(host: str, text: str, path: str, owner: str) -> None:
    assert Owners.read(text, host).of(path) == owner


def seeing(files: Mapping[str, str], host: str = "github", location: str = "url:https://x/c.yaml") -> Sight:
    def reads(path: str, _inside: str) -> bytes:
        if path not in files:
            raise Unreadable(f"{path} is not there")
        return files[path].encode()

    return Sight("catalog-info.yaml", location, host, reads=reads)


def component(**spec: Any) -> dict[str, Any]:
    return {"kind": "Component", "metadata": {"name": "a"}, "spec": spec}


@pytest.mark.parametrize(
    ("host", "there", "owner"),
    [
        ("github", {".github/CODEOWNERS": "* @acme/b", "docs/CODEOWNERS": "* @acme/c"}, "b"),
        ("github", {"CODEOWNERS": "* @acme/a", ".github/CODEOWNERS": "* @acme/b"}, "a"),
        ("github", {".gitlab/CODEOWNERS": "* @acme/b"}, None),
        ("gitlab", {".gitlab/CODEOWNERS": "* @acme/b"}, "b"),
        ("bitbucket", {".bitbucket/CODEOWNERS": "* @acme/b", "docs/CODEOWNERS": "* @acme/c"}, "b"),
        ("bitbucket", {"docs/CODEOWNERS": "* @acme/c"}, None),
        ("git", {".gitlab/CODEOWNERS": "* @acme/b"}, "b"),
        ("github", {}, None),
        ("github", {"CODEOWNERS": "*.js @acme/b"}, None),
    ],
)
def test_the_file_is_looked_for_where_the_host_has_it(
    host: str, there: Mapping[str, str], owner: str | None
) -> None:
    found = infer(component(type="service"), seeing(there, host), Emit())
    assert found["spec"].get("owner") == owner
    assert found["spec"]["type"] == "service"


def test_what_is_not_at_a_host_has_no_owner_of_its_own() -> None:
    sight = seeing({"CODEOWNERS": "* @acme/a"}, location="file:/x/catalog-info.yaml")
    assert "owner" not in infer(component(), sight, Emit())["spec"]


def test_the_file_is_read_once_for_all_entities() -> None:
    files = {"CODEOWNERS": "* @acme/a"}
    sight = seeing(files)
    infer(component(), sight, Emit())
    files.clear()
    assert infer(component(), sight, Emit())["spec"]["owner"] == "a"


@pytest.mark.parametrize(
    ("entity", "wanted"),
    [
        (component(), True),
        (component(owner=""), True),
        (component(owner="team"), False),
        ({"kind": "System", "metadata": {"name": "a"}}, True),
        ({"kind": "Group", "metadata": {"name": "a"}, "spec": {}}, False),
        ({"kind": "API", "metadata": {"name": "a"}, "spec": "text"}, False),
    ],
)
def test_only_what_can_have_an_owner_and_has_none_is_wanted(entity: dict[str, Any], *, wanted: bool) -> None:
    assert lacks_owner(entity) is wanted


def test_a_hostile_pattern_takes_no_time() -> None:
    text = "\n".join(["*a" * 2_000 + " @x", "**/" * 2_000 + "b @y"] * 20)
    assert Owners.read(text, "github").of("/".join(["a" * 200] * 100)) == ""


def test_it_registers() -> None:
    portal = Extensions()
    register(portal)
    assert [name for name, _ in portal.processors] == ["codeowners"]
