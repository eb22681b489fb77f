"""Configuration files are read as Backstage reads them."""

from pathlib import Path

import pytest
from sipario_kit.configuration import ConfigurationError, as_written, check, load, section, tell_strange_keys
from sipario_kit.configuration_shapes import Strange
from structlog.testing import capture_logs


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_later_files_win_and_lists_are_replaced(tmp_path: Path) -> None:
    first = written(tmp_path, "a.yaml", "a: {b: 1, c: [1, 2]}\nd: 4\n")
    second = written(tmp_path, "b.yaml", "a: {c: [3]}\n")
    assert load([first, second], {}) == {"a": {"b": 1, "c": [3]}, "d": 4}


def test_variables_come_from_the_environment(tmp_path: Path) -> None:
    file = written(tmp_path, "a.yaml", 'a: "${NAME}-${OTHER:-none}-$${NAME}"\n')
    assert load([file], {"NAME": "x"}) == {"a": "x-none-${NAME}"}


def test_a_variable_that_is_not_set_is_named_with_its_file(tmp_path: Path) -> None:
    file = written(tmp_path, "a.yaml", "a: 1\nb: ${MISSING}\n")
    with pytest.raises(ConfigurationError, match=r"a\.yaml:2: b: the variable MISSING is not set"):
        load([file], {})


def test_env_and_file_stand_for_their_text(tmp_path: Path) -> None:
    written(tmp_path, "secret", "s3cret\n")
    file = written(tmp_path, "a.yaml", "a: {$env: NAME}\nb: {$file: secret}\n")
    assert load([file], {"NAME": "x"}) == {"a": "x", "b": "s3cret"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [\n", r"a\.yaml:\d"),
        ("a: 1\na: 2\n", r"a\.yaml:2"),
        ("a: 1\n---\nb: 2\n", "one document is expected"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load([written(tmp_path, "a.yaml", text)], {})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load([tmp_path / "none.yaml"], {})


def test_a_section_is_picked_by_its_path() -> None:
    configuration = {"backend": {"reading": {"allow": [1]}}}
    assert section(configuration, "backend.reading.allow") == [1]
    assert section(configuration, "backend.nothing", "fallback") == "fallback"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "catalog:\n  locations: hello\n",
            "2: catalog.locations: a list of locations, each with type and target is expected, not a text",
        ),
        ("catalog: hello\n", "1: catalog: an object with keys is expected, not a text"),
        (
            "catalog:\n  locations:\n    - hello\n",
            "3: catalog.locations[0]: an object with type and target is expected, not a text",
        ),
        (
            "catalog:\n  locations:\n    - type: url\n",
            "3: catalog.locations[0].target: a text is expected, not nothing",
        ),
        (
            "catalog:\n  rules:\n    - allow: Component\n",
            "3: catalog.rules[0].allow: a list of kinds is expected, not a text",
        ),
        (
            "catalog:\n  rules: {allow: []}\n",
            "2: catalog.rules: a list of rules, each with allow is expected",
        ),
        ("catalog:\n  readonly: [1]\n", "2: catalog.readonly: true or false is expected, not a list"),
        (
            "catalog: {providers: {github: x}}\n",
            "1: catalog.providers.github: an object with keys is expected, not a text",
        ),
        (
            "catalog: {providers: {github: {acme: x}}}\n",
            "1: catalog.providers.github.acme: an object with keys",
        ),
        ("integrations: [github]\n", "1: integrations: an object with keys is expected, not a list"),
        ("integrations:\n  github: {host: x}\n", "2: integrations.github: a list of hosts is expected"),
        ("integrations:\n  github:\n    - token: [s3cret]\n", "3: integrations.github[0].token: a text"),
        ("backend: {reading: {allow: x}}\n", "1: backend.reading.allow: a list of hosts"),
        ("backend: {reading: {allow: [x]}}\n", "1: backend.reading.allow[0]: an object with a host"),
        ("backend: {reading: {allow: [{host: x, paths: /a}]}}\n", "allow[0].paths: a list of path prefixes"),
        ("backend: {auth: {externalAccess: true}}\n", "1: backend.auth.externalAccess: a list of tokens"),
        (
            "backend: {auth: {externalAccess: [{type: static, options: 7}]}}\n",
            "externalAccess[0].options: an object",
        ),
        (
            "backend: {auth: {externalAccess: [{type: static, options: {token: s3cret, subject: ci}}]}}\n",
            "1: backend.auth.externalAccess[0].options.token: a text of 8 or more characters, without spaces,",
        ),
        (
            "backend: {auth: {externalAccess: [{type: static, options: {token: long-enough}}]}}\n",
            "externalAccess[0].options.subject: a text is expected, not nothing",
        ),
        (
            "backend: {auth: {externalAccess: [{type: statik, options: {}}]}}\n",
            "[0].type: static is expected",
        ),
        (
            "integrations:\n  gitea:\n    - token: s3cret\n",
            "3: integrations.gitea[0].host: a text is expected, not nothing",
        ),
        (
            "auth:\n  providers:\n    oidc:\n      development: {clientId: a}\n",
            "4: auth.providers.oidc.development.metadataUrl: a text is expected, not nothing",
        ),
        (
            "catalog:\n  providers:\n    ldapOrg:\n      main: {users: [{dn: a}, {map: {}}]}\n",
            "4: catalog.providers.ldapOrg.main.users[1].dn: a text is expected, not nothing",
        ),
        (
            "catalog: {providers: {ldapOrg: {groups: {dn: a}, bind: {secret: s3cret}}}}\n",
            "catalog.providers.ldapOrg.bind.dn: a text is expected, not nothing",
        ),
        (
            "catalog:\n  providers:\n    githubOrg:\n      - {orgs: [a], schedule: {frequency: often}}\n",
            "4: catalog.providers.githubOrg[0].schedule.frequency: a duration as {minutes: 30}, PT30M, ",
        ),
        ("auth: {providers: {google: {development: x}}}\n", "auth.providers.google.development: an object"),
        (
            "catalog:\n  orphanGrace: soonish\n",
            "2: catalog.orphanGrace: a duration as {minutes: 30}, PT30M, '30 minutes' is expected, not another",
        ),
        ("catalog: {orphanGrace: -5 days}\n", "1: catalog.orphanGrace: a duration as"),
        ("catalog: {orphanGrace: {days: -5}}\n", "1: catalog.orphanGrace: a duration as"),
        (
            "catalog: {orphanStrategy: Keep}\n",
            "1: catalog.orphanStrategy: keep or delete is expected, not another",
        ),
        (
            "catalog: {orphanProviderStrategy: true}\n",
            "1: catalog.orphanProviderStrategy: keep or delete is expected, not true or false",
        ),
        (
            "catalog:\n  providers:\n    ldapOrg:\n      main:\n        target: 5\n",
            "5: catalog.providers.ldapOrg.main.target: ldap://host or ldaps://host is expected, not a number",
        ),
        (
            "catalog: {providers: {ldapOrg: {main: {users: {dn: a, options: {scope: all}}}}}}\n",
            "catalog.providers.ldapOrg.main.users.options.scope: base, one or sub is expected, not another",
        ),
        (
            "catalog: {providers: {ldapOrg: {main: {users: {dn: a, options: {sizeLimit: few}}}}}}\n",
            "catalog.providers.ldapOrg.main.users.options.sizeLimit: a whole number is expected",
        ),
        (
            "catalog:\n  providers:\n    awsS3:\n      main: {prefix: teams/}\n",
            "4: catalog.providers.awsS3.main.bucketName: a text is expected, not nothing",
        ),
        (
            "catalog: {providers: {microsoftGraphOrg: {main: {tenantId: a, clientSecret: s3cret}}}}\n",
            "1: catalog.providers.microsoftGraphOrg.main.clientId: a text is expected, not nothing",
        ),
        (
            "catalog: {providers: {microsoftGraphOrg: [{queryMode: simple}]}}\n",
            "1: catalog.providers.microsoftGraphOrg[0].queryMode: basic or advanced is expected",
        ),
        (
            "catalog: {providers: {kubernetes: {schedule: {frequency: PT1H}}}}\n",
            "1: catalog.providers.kubernetes.owner: a text is expected, not nothing",
        ),
    ],
)
def test_a_wrong_shape_is_told_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    file = written(tmp_path, "a.yaml", text)
    with pytest.raises(ConfigurationError) as caught:
        load([file], {})
    assert str(caught.value).startswith(f"{file}:")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("grace", ["7 days", "PT12H", "{days: 7}", "0", "{days: 0}", '""'])
def test_a_grace_may_be_any_duration_or_none(tmp_path: Path, grace: str) -> None:
    text = f"catalog: {{orphanGrace: {grace}, orphanStrategy: keep, orphanProviderStrategy: delete}}\n"
    assert check(written(tmp_path, "a.yaml", text), {}) == []


def test_what_a_provider_of_entities_needs_may_stand_in_another_file(tmp_path: Path) -> None:
    head = "catalog:\n  providers:\n    microsoftGraphOrg:\n      main:\n"
    one = written(tmp_path, "a.yaml", head + "        tenantId: acme\n        clientId: portal\n")
    two = written(tmp_path, "b.yaml", head + "        clientSecret: s3cret\n")
    assert load([one, two], {})["catalog"]["providers"]["microsoftGraphOrg"]["main"]["clientId"] == "portal"
    with pytest.raises(ConfigurationError, match=r"a\.yaml:4: .*\.main\.clientSecret: a text is expected"):
        load([one], {})


def test_what_has_no_value_is_as_good_as_not_there(tmp_path: Path) -> None:
    text = "catalog: {locations: , rules: , providers: {github: }}\nintegrations:\nbackend: {reading: {allow: }}\n"
    assert (
        load([written(tmp_path, "a.yaml", text), written(tmp_path, "b.yaml", "")], {})["integrations"] is None
    )


def test_a_slip_in_a_key_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    text = "catalog:\n  lokations: []\napp: {title: x}\nbackend: {baseUrl: x, readin: {}}\n"
    file = written(tmp_path, "a.yaml", text)
    with capture_logs() as logs:
        tell_strange_keys([file], lambda name: name != "app")
    assert [each.get("line") for each in logs] == [2, 4, None]
    assert logs[0]["reason"] == "catalog.lokations is not honoured; did you mean catalog.locations?"
    assert logs[1]["reason"] == "backend.readin is not honoured; did you mean backend.reading?"
    assert logs[2]["keys"] == "backend.baseUrl"


def test_files_are_looked_for_beside_the_configuration_that_names_them(tmp_path: Path) -> None:
    backend = tmp_path / "packages/backend"
    backend.mkdir(parents=True)
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples/org.yaml").write_text("")
    targets = ["examples/org.yaml", "../../examples/org.yaml", "examples/*.yaml", "none.yaml", "/a/b.yaml"]
    locations = "".join(f"    - {{type: file, target: {target}}}\n" for target in targets)
    file = written(
        tmp_path, "a.yaml", f"catalog:\n  locations:\n{locations}    - {{type: url, target: a/b}}\n"
    )
    found = [each["target"] for each in load([file], {})["catalog"]["locations"]]
    org = str(tmp_path / "examples/org.yaml")
    assert found == [
        org,
        org,
        str(tmp_path / "examples/*.yaml"),
        str(tmp_path / "none.yaml"),
        "/a/b.yaml",
        "a/b",
    ]


BACKSTAGE = """
backend:
  auth:
    externalAccess:
      - {type: legacy, options: {secret: abc, subject: old}}
auth:
  providers:
    guest: {}
    github:
      development: {clientId: a, clientSecret: b}
integrations:
  github:
    - token: x
"""


def test_what_is_backstages_and_not_offered_here_is_told_and_passed_over(tmp_path: Path) -> None:
    file = written(tmp_path, "a.yaml", BACKSTAGE)
    load([file], {})
    assert [
        (line, str(each)) for line, each in check(file, {}) if isinstance(each, Strange) and each.why
    ] == [
        (5, "backend.auth.externalAccess[0] is not honoured: only tokens of type static are"),
        (
            9,
            "auth.providers.github is not honoured: sign-in is by OpenID Connect, which needs a metadataUrl",
        ),
    ]


def test_a_provider_may_be_spread_over_files_and_what_lacks_is_told_of_the_nearest(tmp_path: Path) -> None:
    head = "auth:\n  providers:\n    acme:\n      development:\n"
    one = written(
        tmp_path, "a.yaml", head + "        metadataUrl: https://idp.example/m\n        clientId: a\n"
    )
    with pytest.raises(
        ConfigurationError, match=r"a\.yaml:4: auth\.providers\.acme\.development\.clientSecret"
    ):
        load([one, written(tmp_path, "c.yaml", "catalog: {}\n")], {})
    load([one, written(tmp_path, "b.yaml", head + "        clientSecret: b\n")], {})


def test_all_that_is_not_there_is_found_besides_what_is_wrong(tmp_path: Path) -> None:
    text = "catalog:\n  readonly: ${NO}\n  rules: x\nintegrations:\n  gitlab: [{token: {$file: none}}]\n"
    found = check(written(tmp_path, "a.yaml", text), {})
    assert [line for line, _ in found] == [2, 5, 3]
    assert "the variable NO is not set" in str(found[0][1])
    assert "cannot be read" in str(found[1][1])


def test_as_written_variables_stay_and_files_are_found_from_anywhere(tmp_path: Path) -> None:
    file = written(tmp_path, "a.yaml", "a: [{b: {$file: secret}, c: '$${D}', e: {$env: F}}, '${G}']\n")
    assert as_written([file]) == {
        "a": [{"b": {"$file": str(tmp_path / "secret")}, "c": "$${D}", "e": {"$env": "F"}}, "${G}"]
    }
