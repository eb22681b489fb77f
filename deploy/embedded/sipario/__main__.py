"""`python -m sipario` is `sipario`."""

from sipario.cli import app

app()
