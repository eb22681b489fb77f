"""Commands that end by themselves, with a bound on how long they may take."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sipario_engines.errors import EngineUnavailable


def run_bounded(
    command: list[str],
    *,
    what: str,
    seconds: float,
    env: Mapping[str, str] | None = None,
    account: str | None = None,
    folder: Path | None = None,
) -> None:
    """Run a command to its end, as another account if one is named.

    Raises EngineUnavailable, saying `what` and why, when it fails or takes longer than `seconds`.
    """
    try:
        subprocess.run(  # noqa: S603 - the command is Sipario's own
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=True,
            env={**os.environ, **(env or {})},
            cwd=folder,
            user=account,
            group=_group_of(account),
            extra_groups=[] if account else None,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineUnavailable(f"{what}: not done after {seconds:.0f} s") from error
    except subprocess.CalledProcessError as error:
        tail = (error.stdout + error.stderr).decode(errors="replace").strip()[-500:]
        raise EngineUnavailable(f"{what}: {tail}") from error
    except OSError as error:
        raise EngineUnavailable(f"{what}: {error}") from error


def _group_of(account: str | None) -> int | None:
    """Return the first group of an account, None for None."""
    return pwd.getpwnam(account).pw_gid if account else None
