"""An entry of `catalog.providers.awsS3`, and who asks: `integrations.awsS3`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Settings:
    """A bucket, and what its objects' keys begin with. With `owner`, the bucket must be of that account."""

    bucket: str
    prefix: str = ""
    region: str = ""
    owner: str = ""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """Read an entry; raises ValueError that names the key that is wrong."""
        bucket, prefix, region, owner = (
            str(entry.get(key) or "") for key in ("bucketName", "prefix", "region", "accountId")
        )
        if not bucket:
            raise ValueError("bucketName is missing")
        # A file of configuration may have the number without its quotes, and then without zeros before it.
        return cls(bucket, prefix, region, owner.zfill(12) if owner else "")


@dataclass(frozen=True, slots=True)
class Integration:
    """A server and who asks it. Empty: Amazon's own, and whoever the environment of the portal says."""

    endpoint: str = ""
    has_bucket_in_path: bool = False
    key_id: str = ""
    key: str = field(default="", repr=False)
    role: str = ""
    external_id: str = ""

    @classmethod
    def of(cls, integrations: Mapping[str, Any]) -> Self:
        """Read the first of `integrations.awsS3`; raises ValueError that names the key that is wrong."""
        given = integrations.get("awsS3") or {}
        first = (given[0] if given else {}) if isinstance(given, list) else given
        endpoint, key_id, key, role, external_id = (
            str(first.get(name) or "")
            for name in ("endpoint", "accessKeyId", "secretAccessKey", "roleArn", "externalId")
        )
        if bool(key_id) != bool(key):
            lacking = "secretAccessKey" if key_id else "accessKeyId"
            raise ValueError(f"integrations.awsS3: {lacking} is missing")
        url = urlsplit(endpoint)
        if endpoint and (url.scheme not in ("http", "https") or not url.netloc or url.path.strip("/")):
            raise ValueError(
                f"integrations.awsS3: endpoint: a URL without a path is expected, not {endpoint}"
            )
        in_path = str(first.get("s3ForcePathStyle")).lower() == "true"
        return cls(endpoint.rstrip("/"), in_path, key_id, key, role, external_id)
