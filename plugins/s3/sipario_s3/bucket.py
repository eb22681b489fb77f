"""Asks a bucket. Nothing that is raised has a key in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, urlsplit

from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected
from botocore.session import Session
from sipario_plugin import Unreadable

from sipario_s3.settings import Integration, Settings

LARGEST = 5_000_001
"""Bytes of an object that are read: one more than a file may have, so that it is told of one that is too large."""
AT_ONCE = 8
SOMEWHERE = "us-east-1"
_PATIENCE = Config(connect_timeout=10, read_timeout=30, retries={"mode": "standard", "max_attempts": 3})


@dataclass(frozen=True, slots=True)
class Listed:
    """An object as a list has it; the tag changes with its content. `size` is how many bytes of it would be read."""

    key: str
    tag: str
    size: int


class Bucket:
    """A bucket, for any thread."""

    def __init__(self, client: BaseClient, settings: Settings, *, in_path: bool) -> None:
        self._client: Any = client
        self._settings = settings
        self._in_path = in_path
        self._asked = {"Bucket": settings.bucket}
        if settings.owner:
            self._asked["ExpectedBucketOwner"] = settings.owner

    @classmethod
    @contextmanager
    def opened(cls, settings: Settings, integration: Integration) -> Iterator[Self]:
        """Open it as who is configured; raises Unreadable."""
        with _told(f"the sign-in for {settings.bucket}"):
            client = _client(settings, integration)
        try:
            yield cls(client, settings, in_path=integration.has_bucket_in_path)
        finally:
            client.close()

    def objects(self) -> Iterator[Listed]:
        """List all objects under the prefix; raises Unreadable."""
        with _told(f"the list of {self._settings.bucket}"):
            for page in self._client.get_paginator("list_objects_v2").paginate(
                **self._asked, Prefix=self._settings.prefix
            ):
                for each in page.get("Contents") or ():
                    size = min(int(each.get("Size") or 0), LARGEST)
                    yield Listed(each["Key"], each.get("ETag") or "", size)

    def content(self, key: str) -> bytes | None:
        """Return the bytes of an object; None of one that is gone meanwhile. Raises Unreadable."""
        with _told(self.url(key)):
            try:
                answer = self._client.get_object(**self._asked, Key=key)
            except self._client.exceptions.NoSuchKey:
                return None
            with answer["Body"] as body:
                content: bytes = body.read(LARGEST)
                return content

    def url(self, key: str) -> str:
        """Return the URL of an object."""
        endpoint = urlsplit(self._client.meta.endpoint_url)
        bucket, path = self._settings.bucket, quote(key)
        if self._in_path:
            return f"{endpoint.scheme}://{endpoint.netloc}/{bucket}/{path}"
        return f"{endpoint.scheme}://{bucket}.{endpoint.netloc}/{path}"


def _client(settings: Settings, integration: Integration) -> BaseClient:
    session = Session()
    region = settings.region or session.get_config_variable("region") or SOMEWHERE
    where: dict[str, Any] = {"region_name": region, "endpoint_url": integration.endpoint or None}
    who: dict[str, Any] = {
        "aws_access_key_id": integration.key_id or None,
        "aws_secret_access_key": integration.key or None,
    }
    if integration.role:
        who = _in_role(session, integration, {**where, **who})
    in_path = integration.has_bucket_in_path
    style = Config(
        s3={"addressing_style": "path" if in_path else "virtual", "us_east_1_regional_endpoint": "regional"}
    )
    client: BaseClient = session.create_client("s3", **where, **who, config=_PATIENCE.merge(style))
    return client


def _in_role(session: Session, integration: Integration, given: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of a role, which last for an hour: longer than a reading."""
    client: Any = session.create_client("sts", **given, config=_PATIENCE)
    try:
        outside = {"ExternalId": integration.external_id} if integration.external_id else {}
        keys = client.assume_role(RoleArn=integration.role, RoleSessionName="sipario", **outside)[
            "Credentials"
        ]
    finally:
        client.close()
    return {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Tell what a server, or the library, has against something."""
    try:
        yield
    except ClientError as error:
        said = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        words = f"{said.get('Code', status)}: {said.get('Message', 'no more is said')}"
        raise Unreadable(f"S3 refuses {what}: {words}", later=status >= 500 or status == 429) from error
    except (HTTPClientError, NotConnected) as error:
        raise Unreadable(f"S3 does not answer {what}: {error}", later=True) from error
    except BotoCoreError as error:
        raise Unreadable(f"S3 can't be asked for {what}: {error}") from error
