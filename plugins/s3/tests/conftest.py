"""A server that speaks S3's protocol on loopback, and checks who asks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from botocore.session import Session
from moto.server import ThreadedMotoServer


@dataclass
class Store:
    """The server, an account that may read, and what objects were fetched."""

    url: str
    key_id: str = ""
    key: str = ""
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Return a client of the account's owner."""
        if service not in self.clients:
            self.clients[service] = Session().create_client(
                service,
                region_name="eu-west-1",
                endpoint_url=self.url,
                aws_access_key_id="AKIAANYBODY",
                aws_secret_access_key="anything",
            )
        return self.clients[service]

    def put(self, **files: str) -> None:
        """Write objects of the bucket `catalog`, with `__` for `/` and `.yaml` at their end."""
        for name, text in files.items():
            self.client("s3").put_object(
                Bucket="catalog", Key=f"{name.replace('__', '/')}.yaml", Body=text.encode()
            )

    def is_strict(self) -> None:
        """Let nobody in any more but accounts that it knows, with their key."""
        httpx2.post(f"{self.url}/moto-api/reset-auth", content=b"0").raise_for_status()

    def integration(self, **more: Any) -> dict[str, Any]:
        """Return an entry of `integrations.awsS3` for the account."""
        who = {"accessKeyId": self.key_id or "AKIAANYBODY", "secretAccessKey": self.key or "anything"}
        return {"endpoint": self.url, "s3ForcePathStyle": True, **who, **more}


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Give the URL of a server."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    try:
        host, port = running.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        running.stop()


@pytest.fixture
def store(server: str) -> Iterator[Store]:
    """Give a server with the bucket `catalog`, empty, which lets everybody in."""
    made = Store(server)
    region = {"LocationConstraint": "eu-west-1"}
    bucket = made.client("s3")
    bucket.create_bucket(Bucket="catalog", CreateBucketConfiguration=region)
    yield made
    httpx2.post(f"{server}/moto-api/reset-auth", content=b"1e9").raise_for_status()
    for each in bucket.list_objects_v2(Bucket="catalog", MaxKeys=1_000).get("Contents") or ():
        bucket.delete_object(Bucket="catalog", Key=each["Key"])
    bucket.delete_bucket(Bucket="catalog")
    for client in made.clients.values():
        client.close()
