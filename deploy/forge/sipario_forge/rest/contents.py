"""Files at a commit, read and written."""

from sipario_forge.host import Host
from sipario_forge.receiving import ZERO, Update
from sipario_forge.registry import Hosted
from sipario_forge.writing import Note, Signature, add_commit, with_file


def first_commit(host: Host, hosted: Hosted, actor: str) -> None:
    """Give a new repository a README, as `auto_init` asks."""
    who = Signature(actor, f"{actor}@forge.invalid")
    with host.writing(hosted) as repo:
        readme = f"# {hosted.name}\n\n{hosted.description}".rstrip() + "\n"
        tree = with_file(repo.object_store, None, (b"README.md",), readme.encode())
        commit = add_commit(repo, tree, [], Note("Initial commit", who, who))
        host.set_ref(hosted, repo, Update(f"refs/heads/{hosted.default_branch}", ZERO, commit), actor)
