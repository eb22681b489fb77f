"""Every YAML object of a bucket is a file; what is wrong is told without a key."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from sipario_plugin import Ask, Extensions, Found, Provider, Surroundings, Unreadable
from sipario_s3 import files, register
from sipario_s3.bucket import Bucket
from sipario_s3.memory import Memory
from sipario_s3.reading import Reading
from sipario_s3.settings import Integration, Settings

ROLE = "arn:aws:iam::123456789012:role/reader"
TILL = "kind: Component\nmetadata: {name: till}\n"


def unasked(*_: Any, **__: Any) -> Any:
    raise AssertionError("S3 has a client of its own")


ask: Ask = unasked


def provider(integration: Mapping[str, Any], **entry: Any) -> Provider:
    return files(
        "main", {"bucketName": "catalog", **entry}, Surroundings(ask, integrations={"awsS3": [integration]})
    )


def contents(found: Any) -> dict[str, bytes]:
    every: list[Found] = [*found]
    return {one.location.rpartition("/catalog/")[2]: one.content or b"" for one in every}


def test_every_yaml_object_is_a_file_and_nothing_else_is(store: Any) -> None:
    store.put(till=TILL, teams__scene="kind: Group\n")
    store.client("s3").put_object(Bucket="catalog", Key="teams/notes.txt", Body=b"no entity")
    store.client("s3").put_object(Bucket="catalog", Key="teams/", Body=b"")
    found = contents(provider(store.integration()).read())
    assert found == {"till.yaml": TILL.encode(), "teams/scene.yaml": b"kind: Group\n"}


def test_only_what_is_under_the_prefix_is_read(store: Any) -> None:
    store.put(till=TILL, teams__scene="kind: Group\n")
    assert contents(provider(store.integration(), prefix="teams/").read()).keys() == {"teams/scene.yaml"}


def test_a_bucket_of_many_pages_is_read_to_its_end(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    store.put(**{f"many__n{at}": TILL for at in range(5)})
    assert len(contents(provider(store.integration()).read())) == 5


def test_an_object_is_found_at_its_url(store: Any) -> None:
    store.client("s3").put_object(Bucket="catalog", Key="a team/é.yml", Body=b"kind: Group\n")
    (found,) = provider(store.integration()).read()
    assert found.location == f"url:{store.url}/catalog/a%20team/%C3%A9.yml"


def test_amazons_own_urls_have_the_bucket_in_their_host() -> None:
    for region, host in (
        ("eu-west-1", "s3.eu-west-1.amazonaws.com"),
        ("us-east-1", "s3.us-east-1.amazonaws.com"),
    ):
        settings = Settings("catalog", region=region)
        with Bucket.opened(settings, Integration(key_id="AKIA", key="x")) as bucket:
            assert bucket.url("a/b.yaml") == f"https://catalog.{host}/a/b.yaml"


def test_what_has_not_changed_is_not_fetched_again(store: Any, caplog: pytest.LogCaptureFixture) -> None:
    store.put(till=TILL, scene="kind: Group\n")
    reading = provider(store.integration())
    assert len(contents(reading.read())) == 2
    store.put(till=TILL + "spec: {}\n")
    caplog.clear()
    with caplog.at_level("INFO", "werkzeug"):  # the server's own log of who asks for what
        assert contents(reading.read())["till.yaml"] == (TILL + "spec: {}\n").encode()
    fetched = [line for line in caplog.messages if "GET /catalog/" in line]
    assert len(fetched) == 1
    assert "/catalog/till.yaml" in fetched[0]


def test_what_is_gone_is_given_no_more(store: Any) -> None:
    store.put(till=TILL, scene="kind: Group\n")
    reading = provider(store.integration())
    assert len(contents(reading.read())) == 2
    store.client("s3").delete_object(Bucket="catalog", Key="till.yaml")
    assert contents(reading.read()).keys() == {"scene.yaml"}


def test_of_an_object_that_is_too_large_no_more_is_read_than_to_tell_it(store: Any) -> None:
    store.put(huge="#" * 6_000_000)
    assert len(contents(provider(store.integration()).read())["huge.yaml"]) == 5_000_001


def test_a_bucket_with_more_than_a_reading_can_hold_is_refused_unread(
    store: Any, caplog: pytest.LogCaptureFixture
) -> None:
    store.put(till=TILL, scene=TILL)
    settings, integration = Settings("catalog"), Integration.of({"awsS3": store.integration()})
    assert len(contents(Reading(settings, integration, 2 * len(TILL))())) == 2
    caplog.clear()
    with caplog.at_level("INFO", "werkzeug"), pytest.raises(Unreadable, match="catalog has more than"):
        Reading(settings, integration, 2 * len(TILL) - 1)()
    assert not [line for line in caplog.messages if ".yaml" in line]


def test_who_has_a_key_is_let_in_and_who_has_not_is_told(store: Any) -> None:
    store.put(till=TILL)
    _known(store)
    store.is_strict()
    assert len(contents(provider(store.integration()).read())) == 1
    wrong = store.integration(secretAccessKey="wrong-secret-key")
    with pytest.raises(
        Unreadable, match=r"^S3 refuses the list of catalog: SignatureDoesNotMatch"
    ) as refused:
        provider(wrong).read()
    assert "wrong-secret-key" not in str(refused.value)


def test_a_role_is_taken_to_read(store: Any) -> None:
    store.put(till=TILL)
    assert len(contents(provider(store.integration(roleArn=ROLE, externalId="42")).read())) == 1


def test_a_bucket_that_is_not_there_is_told(store: Any) -> None:
    with pytest.raises(Unreadable, match="refuses the list of nowhere: NoSuchBucket") as told:
        provider(store.integration(), bucketName="nowhere").read()
    assert not told.value.later


def test_nobody_at_home_is_worth_another_try() -> None:
    with pytest.raises(Unreadable, match="does not answer the list of catalog") as told:
        provider(
            {"endpoint": "http://127.0.0.1:1", "accessKeyId": "AKIA", "secretAccessKey": "hush-hush"}
        ).read()
    assert told.value.later
    assert "hush-hush" not in str(told.value)


@pytest.mark.parametrize(
    ("entry", "integration", "said"),
    [
        ({"bucketName": ""}, {}, "bucketName is missing"),
        ({}, {"accessKeyId": "AKIA"}, r"integrations\.awsS3: secretAccessKey is missing"),
        ({}, {"secretAccessKey": "x"}, r"integrations\.awsS3: accessKeyId is missing"),
        ({}, {"endpoint": "minio:9000"}, r"integrations\.awsS3: endpoint: a URL"),
        ({}, {"endpoint": "http://minio/path"}, r"integrations\.awsS3: endpoint: a URL"),
    ],
)
def test_what_can_not_be_used_names_its_key(entry: dict[str, Any], integration: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        provider(integration, **entry)


def test_memory_holds_no_more_than_it_may_and_forgets_what_is_gone() -> None:
    memory = Memory(most=10)
    memory.keep("a", "1", b"12345678")
    memory.keep("b", "1", b"123")
    assert (memory.of("a", "1"), memory.of("a", "2"), memory.of("b", "1")) == (b"12345678", None, None)
    memory.forget_others({"b"})
    memory.keep("b", "1", b"123")
    assert (memory.of("a", "1"), memory.of("b", "1")) == (None, b"123")


def test_the_provider_goes_by_backstages_name() -> None:
    portal = Extensions()
    register(portal)
    assert [name for name, _ in portal.providers] == ["awsS3"]


def _known(store: Any) -> None:
    """Make an account that may read, and only read."""
    iam = store.client("iam")
    iam.create_user(UserName="reader")
    may = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=document)
    made = iam.create_access_key(UserName="reader")["AccessKey"]
    store.key_id, store.key = made["AccessKeyId"], made["SecretAccessKey"]
