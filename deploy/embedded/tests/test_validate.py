"""`sipario validate` says what the portal would say, and says it to CI."""

from pathlib import Path

import pytest
from sipario.cli import app
from typer.testing import CliRunner

GOOD = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)


def checked(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["validate", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_good_file_passes(tmp_path: Path) -> None:
    (tmp_path / "catalog-info.yaml").write_text(GOOD)
    assert checked(tmp_path) == (0, "1 entities are good.\n")
    assert checked(tmp_path / "catalog-info.yaml")[0] == 0


def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "catalog-info.yaml").write_text(GOOD + "---\n" + GOOD.replace("owner: team-a", "x: 1"))
    code, said = checked(tmp_path)
    assert code == 1
    assert f"{tmp_path}/catalog-info.yaml:9: error: /spec must have required property 'owner'" in said
    assert "1 entities are good." in said


def test_locations_are_followed_inside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "catalog-info.yaml").write_text(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec: {targets: [./a.yaml]}\n"
    )
    (tmp_path / "a.yaml").write_text(GOOD.replace("name: a", "name: -"))
    code, said = checked(tmp_path)
    assert code == 1
    assert f"{tmp_path}/a.yaml:3: error:" in said


def test_rules_of_a_configuration_count(tmp_path: Path) -> None:
    (tmp_path / "catalog-info.yaml").write_text(GOOD)
    (tmp_path / "app-config.yaml").write_text("catalog: {rules: [{allow: [API]}]}\n")
    code, said = checked(tmp_path, "--config", tmp_path / "app-config.yaml")
    assert code == 1
    assert "allow Component in catalog.rules" in said


LOCATION = (
    "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec: {targets: ['%s']}\n"
)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ssh://git.example.org/a/b"])
def test_a_target_that_no_configuration_allows_is_told(tmp_path: Path, target: str) -> None:
    (tmp_path / "catalog-info.yaml").write_text(LOCATION % target)
    code, said = checked(tmp_path)
    assert code == 1
    assert f"{tmp_path}: error: {target} can't be read: name its host in integrations" in said


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:7007/x", "https://git.example.org/a/b/blob/main/c.yaml"]
)
def test_a_host_that_is_not_in_the_configuration_is_told(tmp_path: Path, target: str) -> None:
    (tmp_path / "catalog-info.yaml").write_text(LOCATION % target)
    config = tmp_path / "app-config.yaml"
    config.write_text("integrations: {gitea: [{host: git.other.org}]}\n")
    assert checked(tmp_path)[0] == 0
    code, said = checked(tmp_path, "--config", config)
    assert code == 1
    assert f"{target} can't be read: name its host in integrations, or in backend.reading.allow" in said
    config.write_text("backend: {reading: {allow: [{host: git.example.org}, {host: '127.0.0.1:7007'}]}}\n")
    assert checked(tmp_path, "--config", config)[0] == 0


@pytest.mark.parametrize("name", ["none", "empty"])
def test_where_there_is_nothing_it_does_not_pass(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    assert checked(tmp_path / name)[0] == 1


def test_properties_that_can_not_be_computed_are_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "catalog-info.yaml").write_text(
        "apiVersion: sipario.dev/v1alpha1\nkind: KindDefinition\nmetadata: {name: component}\nspec:\n"
        "  owner: team-a\n  names: {kind: Component}\n  properties:\n"
        "    yearly:\n      compute: multiply(properties.monthly)\n"
        "    monthly: {mirror: {along: [partof], field: spec.cost}}\n"
    )
    code, said = checked(tmp_path)
    assert code == 1
    assert (
        f"{tmp_path}/catalog-info.yaml:9: error: yearly can't be computed: multiply() takes 2 arguments"
        in said
    )
    text = (tmp_path / "catalog-info.yaml").read_text().replace("monthly)", "monthly, `12`)")
    (tmp_path / "catalog-info.yaml").write_text(text)
    code, said = checked(tmp_path)
    assert code == 1
    assert (
        f"{tmp_path}/catalog-info.yaml:10: error: no relation is called partof: did you mean partOf?" in said
    )


def test_kinds_that_are_defined_beside_them_are_known(tmp_path: Path) -> None:
    instance = "apiVersion: backstage.io/v1alpha1\nkind: Cell\nmetadata: {name: a}\nspec: {%s}\n"
    definition = (
        "apiVersion: sipario.dev/v1alpha1\nkind: KindDefinition\nmetadata: {name: cell}\n"
        "spec: {owner: team-a, names: {kind: Cell}, schema: {required: [region]}}\n"
    )
    for name, text in (("good", instance % "region: eu"), ("bad", instance % ""), ("kinds", definition)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "catalog-info.yaml").write_text(text)
    assert checked(tmp_path / "good", tmp_path / "kinds") == (0, "2 entities are good.\n")
    code, said = checked(tmp_path / "bad", tmp_path / "kinds")
    assert code == 1
    assert "/spec must have required property 'region'" in said
    assert "foreign kind" in checked(tmp_path / "good")[1]
