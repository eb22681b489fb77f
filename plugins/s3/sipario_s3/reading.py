"""One reading of a bucket: each YAML object under the prefix is a file of entities."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from sipario_plugin import Found, Unreadable

from sipario_s3.bucket import AT_ONCE, Bucket, Listed
from sipario_s3.memory import Memory
from sipario_s3.settings import Integration, Settings

MOST_OBJECTS = 100_000
MOST_BYTES = 500_000_000
ENDINGS = (".yaml", ".yml")


class Reading:
    """Reads the bucket of an entry, as often as it is called, and remembers what it read.

    One with more than `most` bytes of YAML is refused: a reading holds all of them.
    """

    def __init__(self, settings: Settings, integration: Integration, most: int = MOST_BYTES) -> None:
        self._settings = settings
        self._integration = integration
        self._most = most
        self._memory = Memory()

    def __call__(self) -> Iterable[Found]:
        """Give all files; raises Unreadable where it can't be all."""
        with Bucket.opened(self._settings, self._integration) as bucket:
            listed = self._listed(bucket)
            self._memory.forget_others({each.key for each in listed})
            with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="s3") as threads:
                contents = threads.map(lambda each: self._content(bucket, each), listed)
                return [*_found(bucket, listed, contents)]

    def _listed(self, bucket: Bucket) -> list[Listed]:
        files = (each for each in bucket.objects() if each.key.lower().endswith(ENDINGS))
        listed = [*islice(files, MOST_OBJECTS + 1)]
        if len(listed) > MOST_OBJECTS:
            raise Unreadable(
                f"{self._settings.bucket} has more than {MOST_OBJECTS:,} YAML objects under the prefix"
            )
        if sum(each.size for each in listed) > self._most:
            raise Unreadable(
                f"{self._settings.bucket} has more than {self._most / 1e6:g} MB of YAML under the prefix"
            )
        return listed

    def _content(self, bucket: Bucket, each: Listed) -> bytes | None:
        content = self._memory.of(each.key, each.tag)
        if content is None:
            content = bucket.content(each.key)
            if content is not None:
                self._memory.keep(each.key, each.tag, content)
        return content


def _found(bucket: Bucket, listed: Sequence[Listed], contents: Iterable[bytes | None]) -> Iterator[Found]:
    for each, content in zip(listed, contents, strict=True):
        if content is not None:
            yield Found(f"url:{bucket.url(each.key)}", content=content)
