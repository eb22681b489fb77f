"""What is in no repository: files of a bucket and clusters of the configuration come, change and go."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.session import Session
from moto.server import ThreadedMotoServer
from sipario.testing import running_portal
from sipario_testkit.files import component
from sipario_testkit.harness import Harness
from sipario_testkit.waiting import until

SECRET = "hush-hush-secret"
CONFIGURATION = """\
catalog:
  providers:
    awsS3: {{catalog: {{bucketName: catalog, prefix: teams/}}}}
    kubernetes: {{main: {{owner: platform}}}}
integrations:
  awsS3: [{{endpoint: "{url}", s3ForcePathStyle: true, accessKeyId: AKIA, secretAccessKey: {secret}}}]
kubernetes:
  clusterLocatorMethods:
    - {{type: config, clusters: [{{name: stage, url: "https://stage.example:6443"}}]}}
"""


@pytest.fixture
def bucket() -> Iterator[Any]:
    """Give a client of a server that speaks S3's protocol, and has the bucket `catalog`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client: Any = Session().create_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="AKIA",
        aws_secret_access_key=SECRET,
    )
    client.create_bucket(Bucket="catalog")
    yield client
    client.close()
    server.stop()


@pytest.mark.slow
async def test_a_bucket_and_clusters_are_sources_like_any_other(bucket: Any, tmp_path: Path) -> None:
    put(bucket, "teams/till.yaml", component("till-of-the-bucket"))
    put(bucket, "elsewhere/other.yaml", component("other-of-the-bucket"))
    file = tmp_path / "app-config.yaml"
    file.write_text(CONFIGURATION.format(url=bucket.meta.endpoint_url, secret=SECRET))
    with running_portal(tmp_path / "portal", {}, files=(file,)) as portal:
        harness = Harness.of(portal.state())
        await there(harness, "component:default/till-of-the-bucket")
        await there(harness, "resource:default/stage")
        assert await harness.entity("component:default/other-of-the-bucket") is None
        put(bucket, "teams/lamp.yaml", component("lamp-of-the-bucket"))
        bucket.delete_object(Bucket="catalog", Key="teams/till.yaml")
        asked = {"entityRef": "component:default/till-of-the-bucket"}
        (await harness.client.post("/api/catalog/refresh", json=asked)).raise_for_status()
        await there(harness, "component:default/lamp-of-the-bucket")
        await harness.settle()
        assert await harness.entity("component:default/till-of-the-bucket") is None
        told = (await harness.get("/api/catalog/sources")).text
        assert "provider:awsS3/catalog" in told
        assert SECRET not in told
        await harness.close()


async def there(harness: Harness, ref: str) -> None:
    async def found() -> bool:
        return await harness.entity(ref) is not None

    await until(found)


def put(bucket: Any, key: str, text: str) -> None:
    bucket.put_object(Bucket="catalog", Key=key, Body=text.encode())
