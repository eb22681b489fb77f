"""What a post-receive hook of a plain Git server says: a small JSON of our own.

    {"repository": "https://git.example.org/team/app", "ref": "refs/heads/main", "after": "<commit>",
     "pusher": "anna"}

`change` may be `pushed` (assumed), `removed` or `renamed`; the last has `previous`, the former address.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sipario_events import Cause, RepositoryChanged

from sipario_scm.address import address

_HEADS = "refs/heads/"


def changes_of_git(event: str, payload: Mapping[str, Any]) -> Sequence[RepositoryChanged]:
    """Translate the JSON; a push to anything but a branch says nothing."""
    change: Any = payload.get("change") or event or "pushed"
    ref, after = str(payload.get("ref", "")), str(payload.get("after", ""))
    if change == "pushed" and ref and not ref.startswith(_HEADS):
        return ()
    home = address(str(payload["repository"]), lower=False)
    commit = "" if set(after) <= {"0"} else after
    cause = Cause(repository=home, commit=commit, actor=str(payload.get("pusher", "")))
    previous = address(str(payload["previous"]), lower=False) if change == "renamed" else ""
    return (
        RepositoryChanged(
            repository=home,
            change=change,
            branch=ref.removeprefix(_HEADS),
            commit=commit,
            previous=previous,
            cause=cause,
        ),
    )
