"""The git program, run so that no configuration, hook, helper or option from outside can steer it."""

import base64
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sipario_scm.errors import HostUnavailable

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
    "gc.auto": "0",
    "submodule.recurse": "false",
}


class GitProgram:
    """Clones with the git program: quicker than Python for all that is large. `path` is the program's."""

    def __init__(self, path: str, *, seconds: float = 600.0) -> None:
        self._path = path
        self._seconds = seconds

    @classmethod
    def found(cls) -> "GitProgram | None":
        """Look for git on the PATH."""
        path = shutil.which("git")
        return cls(path) if path else None

    def fetch(self, folder: Path, url: str, token: str, *, ref: str) -> None:
        """Bring a ref, or a commit by its full id, into a bare repository. Raises HostUnavailable."""
        command = [self._path, "--git-dir", str(folder), "fetch", "--quiet", "--no-tags"]
        command += ["--no-write-fetch-head", "--no-recurse-submodules", "--", url, f"+{ref}:refs/heads/new"]
        try:
            done = subprocess.run(  # noqa: S603 - a list, no shell, operands after --
                command,
                env=_environment(url, token),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise HostUnavailable(f"cloning {url} took more than {self._seconds:g} s") from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise HostUnavailable(f"{url} can't be cloned: {said[-1][:300] if said else done.returncode}")


def _environment(url: str, token: str) -> Mapping[str, str]:
    """Pass settings, and a token for this host alone, where other users' process lists do not show them."""
    settings = dict(_SETTINGS)
    if token:
        parts = urlsplit(url)
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        settings[f"http.{parts.scheme}://{parts.netloc}/.extraHeader"] = f"Authorization: Basic {basic}"
    numbered = {
        f"GIT_CONFIG_{part}_{number}": text
        for number, (key, value) in enumerate(settings.items())
        for part, text in (("KEY", key), ("VALUE", value))
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.lower().endswith("_proxy") or name in {"PATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR"}
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
    }
