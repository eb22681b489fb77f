"""The git program, run so that no configuration, hook, helper or option from outside can steer it."""

import base64
import errno
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from sipario_scm.errors import HostUnavailable
from sipario_scm.login import USER
from sipario_scm.packs import USUAL, Limits

_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "protocol.allow": "never",
    "protocol.http.allow": "always",
    "protocol.https.allow": "always",
    "protocol.file.allow": "always",
    "protocol.ext.allow": "never",
    "http.followRedirects": "false",
    "credential.helper": "",
    "fetch.fsckObjects": "true",
    "transfer.fsckObjects": "false",
    "fetch.writeCommitGraph": "false",
    "fetch.unpackLimit": "1",
    "gc.auto": "0",
    "submodule.recurse": "false",
}


# The shell only sets a limit, which is inherited by all that git starts: none of them can write a larger file.
_LIMITED = 'ulimit -f "$0" && exec "$@"'
_BLOCK = 512
_SAID = 2_000


class GitProgram:
    """Clones with the git program: quicker than Python for all that is large. `path` is the program's."""

    def __init__(
        self, path: str, *, user: str = USER, limits: Limits = USUAL, seconds: float = 600.0
    ) -> None:
        self._path = path
        self._user = user
        self._limits = limits
        self._seconds = seconds

    @classmethod
    def found(cls, limits: Limits = USUAL, user: str = USER) -> "GitProgram | None":
        """Look for git on the PATH."""
        path = shutil.which("git")
        return cls(path, user=user, limits=limits) if path else None

    def fetch(self, folder: Path, url: str, token: str, *, ref: str) -> None:
        """Bring a ref, or a commit by its full id, into a bare repository.

        Raises HostUnavailable, and RepositoryTooLarge, after which what came is to be removed.
        """
        command = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"]
        status, said = self._run(folder, url, token, [*command, "--", url, f"+{ref}:refs/heads/new"])
        if status and _is_too_large(said):
            self._limits.refuse_pack(self._limits.pack + 1)
        if status:
            lines = said.strip().splitlines()
            raise HostUnavailable(f"{url} can't be cloned: {lines[-1][:300] if lines else status}")
        self._limits.refuse_object(self._largest(folder), self._limits.object)

    def _largest(self, folder: Path) -> int:
        """Ask for the size of the largest object there is."""
        command = ["cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectsize)"]
        with tempfile.TemporaryFile() as sizes:
            self._run(folder, "", "", command, out=sizes)
            sizes.seek(0)
            return max(map(int, sizes), default=0)

    def _run(
        self, folder: Path, url: str, token: str, command: Sequence[str], out: IO[bytes] | None = None
    ) -> tuple[int, str]:
        """Run git; returns its status and the end of what it said, on a file since a host may say a lot."""
        blocks = str(self._limits.pack // _BLOCK + 1)
        whole = ["/bin/sh", "-c", _LIMITED, blocks, self._path, "--git-dir", str(folder), *command]
        with tempfile.TemporaryFile() as errors:
            try:
                done = subprocess.run(  # noqa: S603 - a list; the shell gets constants, operands come after --
                    whole,
                    env=_environment(url, self._user, token),
                    stdin=subprocess.DEVNULL,
                    stdout=out or subprocess.DEVNULL,
                    stderr=errors,
                    timeout=self._seconds,
                    check=False,
                    restore_signals=False,  # a file that becomes too large is an error to git, not its death
                )
            except subprocess.TimeoutExpired as error:
                raise HostUnavailable(f"cloning {url} took more than {self._seconds:g} s") from error
            errors.seek(max(errors.seek(0, os.SEEK_END) - _SAID, 0))
            return done.returncode, errors.read().decode("utf-8", "replace")


def _is_too_large(said: str) -> bool:
    return os.strerror(errno.EFBIG) in said or f"signal {signal.SIGXFSZ}" in said


def _environment(url: str, user: str, token: str) -> Mapping[str, str]:
    """Pass settings, and a token for this host alone, where other users' process lists do not show them."""
    settings = dict(_SETTINGS)
    if token:
        parts = urlsplit(url)
        basic = base64.b64encode(f"{user}:{token}".encode()).decode()
        settings[f"http.{parts.scheme}://{parts.netloc}/.extraHeader"] = f"Authorization: Basic {basic}"
    numbered = {
        f"GIT_CONFIG_{part}_{number}": text
        for number, (key, value) in enumerate(settings.items())
        for part, text in (("KEY", key), ("VALUE", value))
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.lower().endswith("_proxy") or name in {"PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"}
    }
    return {
        **kept,
        **numbered,
        "GIT_CONFIG_COUNT": str(len(settings)),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "HOME": os.devnull,
        "LC_ALL": "C",
    }
