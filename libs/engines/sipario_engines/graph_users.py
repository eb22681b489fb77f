"""The logins of the embedded graph: its owner, and a reader that people's own queries run as."""

import base64
import hashlib
import json
import os
from pathlib import Path

from sipario_engines.secrets_file import passwords, write_private

OWNER = "root"
READER = "reader"
# The passwords are 256 random bits: stretching them would only slow every connection down.
_ROUNDS = 1_000
_ALL = ["createRecord", "readRecord", "updateRecord", "deleteRecord"]
_ADMIN = ["updateSecurity", "updateSchema", "updateDatabaseSettings"]


def write_users(folder: Path, database: str) -> dict[str, str]:
    """Write the server's users and groups, and return the password of each user.

    The passwords stay in a file of mode 0600 beside the data; the server gets hashes, so that no
    password is ever on a command line.
    """
    found = passwords(folder / "passwords.json", (OWNER, READER))
    groups = {"admin": _group(_ADMIN, _ALL), "reader": _group([], ["readRecord"]), "*": _group([], [])}
    config = folder / "config"
    write_private(
        config / "server-groups.json",
        json.dumps({"databases": {"*": {"groups": groups}}, "version": 2}),
    )
    users = (
        _user(OWNER, found[OWNER], {"*": ["admin"]}),
        _user(READER, found[READER], {database: ["reader"]}),
    )
    write_private(config / "server-users.jsonl", "\n".join(json.dumps(user) for user in users) + "\n")
    return found


def _group(access: list[str], records: list[str]) -> dict[str, object]:
    return {"resultSetLimit": -1, "readTimeout": -1, "access": access, "types": {"*": {"access": records}}}


def _user(name: str, password: str, databases: dict[str, list[str]]) -> dict[str, object]:
    return {"name": name, "databases": databases, "password": _hashed(password)}


def _hashed(password: str) -> str:
    salt = base64.b64encode(os.urandom(32))
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
    return f"PBKDF2WithHmacSHA256${_ROUNDS}${salt.decode()}${base64.b64encode(digest).decode()}"
