"""`sipario config …`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Look at configuration files.")


@app.callback()
def config() -> None:
    """Look at configuration files."""


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(help="Configuration files, in the shape of app-config.yaml.")
    ],
) -> None:
    """Tell which keys cannot be used as they are (exit code 1), and which nobody here honours."""
    from sipario_kit.configuration import ConfigurationError, load  # noqa: PLC0415 - help must be quick
    from sipario_kit.configuration import check as findings  # noqa: PLC0415 - as above
    from sipario_kit.configuration_shapes import Strange  # noqa: PLC0415 - as above

    wrong = strange = 0
    try:
        for file in files:
            for line, each in findings(file):
                is_wrong = not isinstance(each, Strange)
                wrong, strange = wrong + is_wrong, strange + (not is_wrong)
                text = str(each) if is_wrong or " " in str(each) else f"{each} is not honoured"
                typer.echo(f"{file}:{line}: {'error' if is_wrong else 'warning'}: {text}")
        if not wrong:
            load(files)
    except ConfigurationError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{wrong} wrong, {strange} not honoured; all other keys are.", err=True)
    raise typer.Exit(bool(wrong))
