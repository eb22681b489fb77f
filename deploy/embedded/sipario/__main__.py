"""`python -m sipario` is `sipario`."""

import sys


def main() -> None:
    """Be the command; whoever interrupts it, be it while it loads, sees no traceback."""
    try:
        from sipario.cli import app  # noqa: PLC0415 - loading takes a while, in which Ctrl-C may come

        app(prog_name="sipario")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
