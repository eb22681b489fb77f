"""Entity files in the buckets of S3, by `catalog.providers.awsS3` in Backstage's words."""

from collections.abc import Mapping
from typing import Any

from sipario_plugin import Extensions, Provider, Surroundings

from sipario_s3.settings import Integration, Settings


def register(portal: Extensions) -> None:
    """Add the provider `awsS3`."""
    portal.providers.add("awsS3", files)


def files(_name: str, entry: Mapping[str, Any], surroundings: Surroundings) -> Provider:
    """Make a provider of an entry; raises ValueError that names the key that is wrong."""
    # botocore takes 40 MB and most of a second to be imported: only a portal with a bucket pays.
    from sipario_s3.reading import Reading  # noqa: PLC0415

    return Provider(Reading(Settings.of(entry), Integration.of(surroundings.integrations)))
