"""`sipario validate` and `sipario catalog …`: each command a few lines, what it does is elsewhere."""

import json
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sipario.asking import Portal

app = typer.Typer(
    no_args_is_help=True, help="Ask a portal's catalog: one that runs here, or --url and --token."
)
Url = Annotated[str | None, typer.Option("--url", help="The portal's address (or SIPARIO_URL).")]
Token = Annotated[str | None, typer.Option("--token", help="A token for it (or SIPARIO_TOKEN).")]
Folder = Annotated[Path | None, typer.Option("--data", help="The data folder of a portal that runs here.")]
Filters = Annotated[
    list[str] | None,
    typer.Option("--filter", help="For example kind=component,spec.type=service; repeated: or."),
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def validate(
    paths: Annotated[list[Path], typer.Argument(help="Entity files, or folders as of a repository.")],
    config: Annotated[
        list[Path] | None, typer.Option(help="Take catalog.rules from here; may be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check entity files as the portal would, without one; exit code 1 when something is wrong."""
    from sipario_kit.configuration import ConfigurationError, load  # noqa: PLC0415 - help must be quick

    from sipario import validate as checking  # noqa: PLC0415 - as above

    try:
        found = list(checking.validate(paths, load(config or [])))
    except ConfigurationError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    problems = [each for _, _, wrong in found for each in wrong]
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in problems], indent=2))
    else:
        for each in problems:
            typer.echo(checking.line(each))
        typer.echo(f"{sum(good for _, good, _ in found)} entities are good.", err=True)
    raise typer.Exit(any(each.level == "error" for each in problems))


@app.command()
def get(
    ref: Annotated[
        str, typer.Argument(help="An entity, for example component:default/petstore or petstore.")
    ],
    as_of: Annotated[str | None, typer.Option(help="As it was at this moment (ISO 8601).")] = None,
    url: Url = None,
    token: Token = None,
    data: Folder = None,
) -> None:
    """Print an entity as YAML."""
    from sipario import catalog  # noqa: PLC0415 - as above

    with _portal(url, token, data) as portal:
        typer.echo(catalog.get(portal, ref, as_of), nl=False)


@app.command()
def query(
    filters: Filters = None,
    text: Annotated[str, typer.Option(help="Words to find.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100,
    as_json: AsJson = False,
    url: Url = None,
    token: Token = None,
    data: Folder = None,
) -> None:
    """Find entities."""
    from sipario import catalog  # noqa: PLC0415 - as above

    with _portal(url, token, data) as portal:
        found = catalog.query(portal, filters or [], text, limit)
    found.show(Console(), as_json=as_json)
    if found.rest:
        typer.echo(found.rest, err=True)


@app.command()
def facets(
    keys: Annotated[list[str], typer.Argument(help="Keys whose values are counted, for example spec.type.")],
    filters: Filters = None,
    as_json: AsJson = False,
    url: Url = None,
    token: Token = None,
    data: Folder = None,
) -> None:
    """Count the values of some keys."""
    from sipario import catalog  # noqa: PLC0415 - as above

    with _portal(url, token, data) as portal:
        catalog.facets(portal, keys, filters or []).show(Console(), as_json=as_json)


@app.command()
def history(
    ref: Annotated[
        str, typer.Argument(help="An entity, for example component:default/petstore or petstore.")
    ],
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many versions.")] = 20,
    as_json: AsJson = False,
    url: Url = None,
    token: Token = None,
    data: Folder = None,
) -> None:
    """List the versions of an entity: when, by whom, what changed."""
    from sipario import catalog  # noqa: PLC0415 - as above

    with _portal(url, token, data) as portal:
        catalog.history(portal, ref, limit).show(Console(), as_json=as_json)


@app.command()
def restore(
    ref: Annotated[
        str, typer.Argument(help="An entity that is gone, for example component:default/petstore.")
    ],
    url: Url = None,
    token: Token = None,
    data: Folder = None,
) -> None:
    """Bring an entity back as it was last, until something declares it again."""
    from sipario import catalog  # noqa: PLC0415 - as above

    with _portal(url, token, data) as portal:
        typer.echo(catalog.restore(portal, ref), nl=False)


@app.command("import")
def import_(
    target: Annotated[str, typer.Argument(help="The URL of a repository or of an entity file.")],
    url: Url = None,
    token: Token = None,
    data: Folder = None,
) -> None:
    """Register a location, so that it is read from now on."""
    from sipario import catalog  # noqa: PLC0415 - as above

    with _portal(url, token, data) as portal:
        typer.echo(f"Registered as {catalog.register(portal, target)}.")


def import_backstage(
    backstage: Annotated[str, typer.Argument(help="The address of a running Backstage's backend.")],
    backstage_token: Annotated[
        str, typer.Option(envvar="BACKSTAGE_TOKEN", help="A static token of its backend.auth.externalAccess.")
    ] = "",
    out: Annotated[Path, typer.Option(help="A new folder for what no repository declares.")] = Path(
        "imported"
    ),
    url: Url = None,
    token: Token = None,
    data: Folder = None,
) -> None:
    """Take over what a running Backstage has: its locations are registered, the rest is written as files."""
    from sipario import import_backstage as importing  # noqa: PLC0415 - as above
    from sipario.asking import Portal  # noqa: PLC0415 - as above

    with _portal(url, token, data) as portal, Portal(backstage, backstage_token) as there:
        found = importing.import_backstage(there, portal, out)
    typer.echo(found.told())
    raise typer.Exit(bool(found.refused))


@contextmanager
def _portal(url: str | None, token: str | None, data: Path | None) -> "Iterator[Portal]":
    from sipario.asking import Portal  # noqa: PLC0415 - as above
    from sipario.data import DataError  # noqa: PLC0415 - as above

    try:
        with Portal.found(url, token, data) as portal:
            yield portal
    except DataError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
