"""`sipario status`: what runs, how it is, and the keys to it."""

from contextlib import suppress
from typing import Any

from rich.console import Console
from rich.table import Table

from sipario.data import Data, DataError
from sipario.gateway import UnansweredError, services


def status(data: Data) -> dict[str, Any]:
    """Ask the running portal; raises `DataError` when none runs on this data."""
    state = data.run_state()
    if state is None or not data.is_held():
        raise DataError(f"No Sipario is up on {data.folder}. Start it with ./sipario up.")
    found: dict[str, dict[str, Any]] = {}
    with suppress(UnansweredError):
        found = services(state["gateway"], state["token"])
    return {
        "gateway": state["gateway"],
        "token": state["token"],
        "forge": state["forge"],
        "engines": state["engines"],
        "processes": state["processes"],
        "services": {name: bool(each["ready"]) for name, each in found.items()},
        "reasons": {name: each["reason"] for name, each in found.items() if each["reason"]},
        "lag": {projection: lag for each in found.values() for projection, lag in each["lag"].items()},
        "parked": {name: each["parked"] for name, each in found.items() if each["parked"]},
    }


def show(found: dict[str, Any]) -> None:
    """Print it for a person, without the keys."""
    console = Console()
    console.print(f"Gateway  {found['gateway']}\nForge    {found['forge']['url']}", highlight=False)
    table = Table("", "state", "restarts", "at", box=None, pad_edge=False)
    for name, each in {**found["engines"], **found["processes"]}.items():
        table.add_row(name, "up" if each["alive"] else "down", str(each["restarts"]), each["address"])
    console.print(table)
    states = Table("service", "state", box=None, pad_edge=False)
    for name, ready in found["services"].items():
        reason = found["reasons"].get(name, "")
        states.add_row(
            name, ", but ".join(filter(None, ["ready", reason])) if ready else reason or "not ready"
        )
    console.print(states)
    lag = ", ".join(f"{name} {behind}" for name, behind in found["lag"].items() if behind) or "none"
    console.print(f"Lag      {lag}", highlight=False)
