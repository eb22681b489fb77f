"""Directories to ask: a real slapd where one is installed, UnboundID's in memory where there are Java and Maven."""

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sipario_engines import EngineUnavailable
from sipario_engines.maven import jars
from sipario_testkit.waiting import until

HERE = Path(__file__).parent
ROOT = "dc=palco,dc=example"
ADMIN = f"cn=admin,{ROOT}"
SECRET = "curtain-7"
UNBOUNDID = "com.unboundid:unboundid-ldapsdk:7.0.3"
PATHS = (Path("/etc/ldap/schema"), Path("/etc/openldap/schema"))
MODULES = (Path("/usr/lib/ldap"), Path("/usr/lib/openldap"), Path("/usr/lib64/openldap"))
SLAPD = """\
{includes}
attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.146 NAME 'objectSid' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.55555.1 NAME 'directoryIds' AUXILIARY MAY ( objectGUID $ objectSid ) )
{modules}
pidfile {folder}/slapd.pid
database mdb
suffix "{root}"
rootdn "{admin}"
rootpw {secret}
directory {folder}/data
access to * by users read by anonymous auth
"""


@dataclass(frozen=True)
class Running:
    """A directory that answers at `target`."""

    target: str

    def entry(self, **more: Any) -> dict[str, Any]:
        """Return an entry of `ldapOrg` that reads all of it; a key with None is left out."""
        whole = {
            "target": self.target,
            "bind": {"dn": ADMIN, "secret": SECRET},
            "users": [{"dn": f"ou=people,{ROOT}"}],
            "groups": [{"dn": f"ou=groups,{ROOT}"}],
            **more,
        }
        return {key: value for key, value in whole.items() if value is not None}


@pytest.fixture(scope="session", params=["slapd", "unboundid"])
def directory(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give a directory with the people of Palco, whose server is sent away at the end."""
    folder = tmp_path_factory.mktemp(request.param)
    with _slapd(folder) if request.param == "slapd" else _unboundid(folder) as running:
        yield running


@pytest.fixture(scope="session")
def secure_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give a directory behind TLS, with a certificate that nobody signed."""
    with _unboundid(
        tmp_path_factory.mktemp("secure"), "--useSSL", "--generateSelfSignedCertificate"
    ) as running:
        yield running


@contextmanager
def _slapd(folder: Path) -> Iterator[Running]:
    program = shutil.which("slapd", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
    schemas = next((path for path in PATHS if path.is_dir()), None)
    if program is None or schemas is None:
        pytest.skip("there is no slapd on this machine, or not its schemas")
    modules = next((path for path in MODULES if (path / "back_mdb.la").exists()), None)
    (folder / "data").mkdir()
    configuration = folder / "slapd.conf"
    configuration.write_text(
        SLAPD.format(
            includes="\n".join(
                f"include {schemas / name}.schema" for name in ("core", "cosine", "inetorgperson")
            ),
            modules=f"modulepath {modules}\nmoduleload back_mdb" if modules else "",
            folder=folder,
            root=ROOT,
            admin=ADMIN,
            secret=SECRET,
        )
    )
    add = [program, "-T", "add", "-f", str(configuration), "-l", str(HERE / "palco.ldif")]
    subprocess.run(add, check=True, timeout=60, capture_output=True)
    with _running([program, "-f", str(configuration), "-d", "0", "-h", "ldap://127.0.0.1:{port}"]) as port:
        yield Running(f"ldap://127.0.0.1:{port}")


@contextmanager
def _unboundid(folder: Path, *more: str) -> Iterator[Running]:
    java = shutil.which("java")
    if java is None:
        pytest.skip("there is no Java on the PATH")
    try:
        classes = jars(UNBOUNDID)
    except EngineUnavailable as reason:
        pytest.skip(str(reason))
    # Its default schema has neither objectGUID nor objectSid; without one it takes whatever it is given.
    ours = [*("--baseDN", ROOT), *("--ldifFile", str(HERE / "palco.ldif")), *("--port", "{port}"), *more]
    admin = ["--additionalBindDN", ADMIN, "--additionalBindPassword", SECRET]
    tool = "com.unboundid.ldap.listener.InMemoryDirectoryServerTool"
    with _running([java, "-Xmx128m", "-cp", f"{classes}/*", tool, *ours, *admin], folder) as port:
        yield Running(f"ldap{'s' if more else ''}://127.0.0.1:{port}")


@contextmanager
def _running(command: list[str], folder: Path | None = None) -> Iterator[int]:
    """Run a server on a free port, which stands in its command, until it is no more needed."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    words = [word.replace("{port}", str(port)) for word in command]
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            asyncio.run(until(lambda: process.poll() is not None or _answers(port)))
            assert process.poll() is None, f"{words[0]} ended at once, with {process.returncode}"
            yield port
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
