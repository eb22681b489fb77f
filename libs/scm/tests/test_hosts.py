import pytest
from sipario_scm import Host, Hosts, Target

HOSTS = Hosts.of_integrations(
    {
        "github": [{"host": "127.0.0.1:3000", "apiBaseUrl": "http://127.0.0.1:3000/api/v3", "token": "t"}],
        "gitea": [{"host": "gitea.example.org"}],
        "bitbucketServer": [{"host": "bb.example.org"}],
        "git": [{"baseUrl": "https://git.example.org"}],
        "azure": [{"host": "tfs.example.org"}],
        "gerrit": [{"host": "gerrit.example.org", "username": "ada", "password": "p"}],
    }
)
PLACES = [
    (
        "http://127.0.0.1:3000/o/r/blob/main/a/b.yaml",
        "http://127.0.0.1:3000/o/r",
        "http://127.0.0.1:3000/o/r.git",
    ),
    ("https://github.com/O/R/tree/main/a/b.yaml", "https://github.com/o/r", "https://github.com/o/r.git"),
    (
        "https://gitlab.com/g/s/p/-/blob/main/a/b.yaml",
        "https://gitlab.com/g/s/p",
        "https://gitlab.com/g/s/p.git",
    ),
    (
        "https://bitbucket.org/w/r/src/main/a/b.yaml",
        "https://bitbucket.org/w/r",
        "https://bitbucket.org/w/r.git",
    ),
    (
        "https://bb.example.org/projects/P/repos/r/browse/a/b.yaml?at=main",
        "https://bb.example.org/projects/p/repos/r",
        "https://bb.example.org/scm/p/r.git",
    ),
    (
        "https://gitea.example.org/o/r/src/branch/main/a/b.yaml",
        "https://gitea.example.org/o/r",
        "https://gitea.example.org/o/r.git",
    ),
    (
        "https://dev.azure.com/O/My%20P/_git/r?path=/a/b.yaml&version=GBmain",
        "https://dev.azure.com/o/my%20p/_git/r",
        "https://dev.azure.com/o/my%20p/_git/r",
    ),
    (
        "https://dev.azure.com/O/_git/r?path=%2Fa%2Fb.yaml&version=GBmain",
        "https://dev.azure.com/o/r/_git/r",
        "https://dev.azure.com/o/r/_git/r",
    ),
    (
        "https://tfs.example.org/tfs/c/p/_git/r?path=/a/b.yaml&version=GBmain",
        "https://tfs.example.org/tfs/c/p/_git/r",
        "https://tfs.example.org/tfs/c/p/_git/r",
    ),
    (
        "https://gerrit.example.org/plugins/gitiles/Box/r/+/refs/heads/main/a/b.yaml",
        "https://gerrit.example.org/plugins/gitiles/Box/r",
        "https://gerrit.example.org/a/Box/r",
    ),
    (
        "https://git.example.org/T/r/blob/main/a/b.yaml",
        "https://git.example.org/T/r",
        "https://git.example.org/T/r",
    ),
]


@pytest.mark.parametrize(("url", "repository", "clone"), PLACES)
def test_an_address_names_repository_ref_and_path(url: str, repository: str, clone: str) -> None:
    found = HOSTS.parse(url)
    assert found is not None
    host, target = found
    assert target == Target(repository, "main", "a/b.yaml")
    assert host.clone_url(repository) == clone


@pytest.mark.parametrize(("url", "repository"), [place[:2] for place in PLACES])
def test_the_page_of_a_file_can_be_read_back(url: str, repository: str) -> None:
    found = HOSTS.parse(url)
    assert found is not None
    host, target = found
    for page in (host.view(repository, "main", "a/b.yaml"), host.tree(repository, "main", "a/b.yaml")):
        assert host.parse(page) == target
    assert host.parse(repository) == Target(repository)


def test_a_branch_with_a_slash_survives_the_way_there_and_back() -> None:
    host = HOSTS.of("https://github.com/o/r")
    assert host is not None
    page = host.view("https://github.com/o/r", "feature/x", "a b.yaml")
    assert host.parse(page) == Target("https://github.com/o/r", "feature/x", "a b.yaml")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/o/r",
        "https://github.com.evil.example/o/r",
        "https://github.com",
        "nonsense",
        "",
        "http://[",
    ],
)
def test_other_addresses_belong_to_nobody(url: str) -> None:
    assert HOSTS.parse(url) is None


@pytest.mark.parametrize(
    "path",
    [
        "/o/r/blob/main/../../../../user",
        "/o/r/blob/main/%2e%2e/%2E%2E/user",
        "/o/../blob/main/a",
        "/o/r?at=%2e%2e",
    ],
)
def test_an_address_that_climbs_belongs_to_nobody(path: str) -> None:
    assert HOSTS.parse(f"https://github.com{path}") is None
    assert HOSTS.parse(f"http://127.0.0.1:3000{path}") is None


def test_well_known_hosts_need_no_configuration_and_have_no_token() -> None:
    assert HOSTS.named("") == Host("github", "https://github.com", "", "https://api.github.com")


def test_a_token_is_not_shown() -> None:
    assert "'t'" not in repr(HOSTS.named("127.0.0.1:3000"))


def test_a_commit_is_not_taken_for_a_branch() -> None:
    sha = "a" * 40
    for repository in ("https://dev.azure.com/o/p/_git/r", "https://gerrit.example.org/plugins/gitiles/r"):
        host = HOSTS.of(repository)
        assert host is not None
        page = host.view(repository, sha, "a.yaml")
        assert "GC" in page or f"/+/{sha}/" in page
        assert host.parse(page) == Target(repository, sha, "a.yaml")


def test_pages_for_editing_and_bytes_are_the_hosts_own() -> None:
    azure, gerrit = HOSTS.named("", "azure"), HOSTS.named("gerrit.example.org", "gerrit")
    assert azure is not None
    assert gerrit is not None
    assert azure.raw("https://dev.azure.com/o/p/_git/r", "main", "a.yaml") == (
        "https://dev.azure.com/o/p/_apis/git/repositories/r/items"
        "?path=/a.yaml&versionDescriptor.version=main&api-version=6.0"
    )
    assert gerrit.edit("https://gerrit.example.org/plugins/gitiles/Box/r", "main", "a.yaml") == (
        "https://gerrit.example.org/admin/repos/edit/repo/Box/r/branch/refs/heads/main/file/a.yaml"
    )


def test_each_kind_of_host_gets_the_name_and_the_header_it_wants() -> None:
    hosts = Hosts.of_integrations(
        {
            "gitlab": [{"token": "t"}],
            "bitbucketCloud": [{"username": "ada@example.org", "token": "t"}],
            "azure": [{"token": "t"}],
        }
    )
    logins = {each.type: each.login(f"{each.url}/o/r") for each in hosts}
    assert logins["gitlab"].git_user == "oauth2"
    assert logins["gitlab"].headers() == {"authorization": "Bearer t"}
    assert logins["bitbucketCloud"].git_user == "x-bitbucket-api-token-auth"
    assert logins["bitbucketCloud"].headers() == {"authorization": "Basic YWRhQGV4YW1wbGUub3JnOnQ="}
    assert logins["azure"].headers()["authorization"].startswith("Basic ")
    assert logins["github"].headers() == {}


@pytest.mark.parametrize(
    ("view", "lines"),
    [
        ("https://github.com/o/r/blob/main/a.yaml", "#L7"),
        ("https://gitlab.com/g/p/-/blob/main/a.yaml", "#L7"),
        ("https://gitea.example.org/o/r/src/branch/main/a.yaml", "#L7"),
        ("https://bitbucket.org/w/r/src/main/a.yaml", "#lines-7"),
        ("https://bb.example.org/projects/P/repos/r/browse/a.yaml?at=main", "#7"),
        ("https://gerrit.example.org/plugins/gitiles/r/+/refs/heads/main/a.yaml", "#7"),
        (
            "https://dev.azure.com/o/p/_git/r?path=/a.yaml&version=GBmain",
            "&line=7&lineEnd=7&lineStartColumn=1&lineEndColumn=1000",
        ),
    ],
)
def test_each_host_leads_to_a_line_in_its_own_way(view: str, lines: str) -> None:
    found = HOSTS.parse(view)
    assert found
    assert found[0].line(view, 7) == view + lines
