"""The command line: each command a few lines, what it does is elsewhere."""

import gc
import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from sipario import cli_catalog, cli_config

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sipario, a developer portal.",
)
Folder = Annotated[
    Path | None, typer.Option("--data", help="The data folder (default: ~/.local/share/sipario).")
]
app.command()(cli_catalog.validate)
app.command()(cli_catalog.import_backstage)
app.add_typer(cli_catalog.app, name="catalog")
app.add_typer(cli_config.app, name="config")
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command()
def up(
    data: Folder = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The gateway's port (default: 7007, or a free one).")
    ] = None,
    config: Annotated[list[Path] | None, typer.Option(help="A configuration file; may be repeated.")] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Do not seed the demo organisation.")] = False,
    split: Annotated[bool, typer.Option("--split", help="One process for each service.")] = False,
) -> None:
    """Start everything on this machine, with the demo organisation in a new data folder. Ctrl-C stops it."""
    from sipario_engines import EngineDidNotStart  # noqa: PLC0415 - help must be quick

    from sipario import up as starting  # noqa: PLC0415 - as above
    from sipario.data import DataError  # noqa: PLC0415 - as above

    files = _checked(config) if config else []
    try:
        starting.up(data, port=port, files=files, empty=empty, split=split)
    except (DataError, EngineDidNotStart, TimeoutError) as error:
        _fail(str(error))


@app.command()
def run(
    services: Annotated[
        list[str], typer.Argument(help="One service or several, which then share a process.")
    ],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 7007,
) -> None:
    """Run a service with settings from the environment, as a container would."""
    gc.disable()  # until `serve` has made everything: while modules load there is no garbage, and much to look through
    from sipario_kit.configuration import ConfigurationError  # noqa: PLC0415 - as above
    from sipario_kit.topics import TopicUnfit  # noqa: PLC0415 - as above

    from sipario.process import serve  # noqa: PLC0415 - as above

    try:
        serve(_known(services), host=host, port=port)
    except (ConfigurationError, TopicUnfit, TimeoutError) as error:
        _fail(str(error))


@app.command()
def status(
    data: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="With tokens, for programs.")] = False,
) -> None:
    """Tell what runs, how it is and how far behind."""
    from sipario import status as asking  # noqa: PLC0415 - as above
    from sipario.data import Data, DataError  # noqa: PLC0415 - as above

    try:
        found = asking.status(Data.of(data))
    except DataError as error:
        _fail(str(error))
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        asking.show(found)


@app.command()
def rebuild(
    what: Annotated[str, typer.Argument(help="graph, search or docs")],
    data: Folder = None,
) -> None:
    """Build the graph, the index or the docs anew from what was recorded, while the portal serves."""
    from sipario import rebuild as anew  # noqa: PLC0415 - as above
    from sipario.data import Data, DataError  # noqa: PLC0415 - as above
    from sipario.gateway import UnansweredError  # noqa: PLC0415 - as above

    if what not in anew.PATHS:
        _fail(f"{what!r} cannot be rebuilt; graph, search and docs can.")
    try:
        typer.echo(anew.rebuild(Data.of(data), what))
    except (DataError, UnansweredError) as error:
        _fail(str(error))


@app.command()
def parked(
    service: Annotated[str | None, typer.Argument(help="Of this service only.")] = None,
    data: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs, with the messages.")] = False,
) -> None:
    """List the messages that services could not handle: since when, what, why."""
    from sipario import parked as parking  # noqa: PLC0415 - as above
    from sipario.data import Data, DataError  # noqa: PLC0415 - as above
    from sipario.order import ORDER  # noqa: PLC0415 - as above

    try:
        found = parking.parked(Data.of(data), _known([service]) if service else ORDER)
    except DataError as error:
        _fail(str(error))
    for line in [parking.as_json(found)] if as_json else parking.lines(found):
        typer.echo(line)


@app.command()
def redrive(
    service: Annotated[str, typer.Argument(help="The service whose messages are tried again.")],
    data: Folder = None,
) -> None:
    """Put the messages that a service could not handle back where they came from."""
    from sipario import parked as parking  # noqa: PLC0415 - as above
    from sipario.data import Data, DataError  # noqa: PLC0415 - as above

    try:
        typer.echo(parking.redrive(Data.of(data), *_known([service])))
    except DataError as error:
        _fail(str(error))


@app.command()
def restored(data: Folder = None) -> None:
    """Run once after ledgers were put back from a backup while Kafka kept what was said since."""
    from sipario import restored as restoring  # noqa: PLC0415 - as above
    from sipario.data import Data, DataError  # noqa: PLC0415 - as above

    try:
        for line in restoring.restored(Data.of(data)):
            typer.echo(line)
    except DataError as error:
        _fail(str(error))


@app.command(context_settings=PASSED_ON)
def test(context: typer.Context) -> None:
    """Run the tests; arguments go to pytest."""
    from sipario import checkout  # noqa: PLC0415 - as above

    raise typer.Exit(checkout.test(context.args))


@app.command()
def lint() -> None:
    """Run the linters, the type checker and the import ladder."""
    from sipario import checkout  # noqa: PLC0415 - as above

    raise typer.Exit(checkout.lint())


@app.command(context_settings=PASSED_ON)
def bench(context: typer.Context) -> None:
    """Run the benchmarks, or one (`catalog`, also against Backstage); other arguments go to pytest."""
    from sipario import checkout  # noqa: PLC0415 - as above

    raise typer.Exit(checkout.bench(context.args))


def _checked(files: list[Path]) -> list[Path]:
    from sipario_kit.configuration import ConfigurationError, load  # noqa: PLC0415 - as above

    resolved = [file.resolve() for file in files]
    try:
        load(resolved)
    except ConfigurationError as error:
        _fail(str(error))
    return resolved


def _known(services: list[str]) -> list[str]:
    from sipario.order import ORDER  # noqa: PLC0415 - as above

    unknown = [name for name in services if name not in ORDER]
    if unknown:
        _fail(f"There is no service {', '.join(unknown)}; there are {', '.join(ORDER)}.")
    return services


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
