import pytest
from sipario_scm import Host, Hosts, Target

HOSTS = Hosts.of_integrations(
    {
        "github": [{"host": "127.0.0.1:3000", "apiBaseUrl": "http://127.0.0.1:3000/api/v3", "token": "t"}],
        "gitea": [{"host": "gitea.example.org"}],
        "bitbucketServer": [{"host": "bb.example.org"}],
        "git": [{"baseUrl": "https://git.example.org"}],
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
    ["https://evil.example/o/r", "https://github.com.evil.example/o/r", "https://github.com", "nonsense", ""],
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
