"""`sipario status`: what runs, how it is, and the keys to it."""

from typing import Any

import httpx2
from rich.console import Console
from rich.table import Table

from sipario.data import Data, DataError

ANSWER_SECONDS = 10.0


def status(data: Data) -> dict[str, Any]:
    """Ask the running portal; raises `DataError` when none runs on this data."""
    state = data.run_state()
    if state is None or not data.is_held():
        raise DataError(f"No Sipario is up on {data.folder}. Start it with ./sipario up.")
    services = _services(state)
    return {
        "gateway": state["gateway"],
        "token": state["token"],
        "forge": state["forge"],
        "engines": state["engines"],
        "processes": state["processes"],
        "services": {name: bool(each["ready"]) for name, each in services.items()},
        "reasons": {name: each["reason"] for name, each in services.items() if not each["ready"]},
        "lag": {projection: lag for each in services.values() for projection, lag in each["lag"].items()},
        "parked": {name: each["parked"] for name, each in services.items() if each["parked"]},
    }


def show(found: dict[str, Any], console: Console) -> None:
    """Print it for a person, without the keys."""
    console.print(f"Gateway  {found['gateway']}\nForge    {found['forge']['url']}", highlight=False)
    table = Table("", "state", "restarts", "at", box=None, pad_edge=False)
    for name, each in {**found["engines"], **found["processes"]}.items():
        table.add_row(name, "up" if each["alive"] else "down", str(each["restarts"]), each["address"])
    console.print(table)
    services = Table("service", "state", box=None, pad_edge=False)
    for name, ready in found["services"].items():
        services.add_row(name, "ready" if ready else found["reasons"].get(name, "not ready"))
    console.print(services)
    lag = ", ".join(f"{name} {behind}" for name, behind in found["lag"].items() if behind) or "none"
    console.print(f"Lag      {lag}", highlight=False)


def _services(state: dict[str, Any]) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {state['token']}"}
    try:
        answer = httpx2.get(f"{state['gateway']}/api/status", headers=headers, timeout=ANSWER_SECONDS)
        answer.raise_for_status()
    except httpx2.HTTPError:
        return {}
    return dict(answer.json())
