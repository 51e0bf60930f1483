"""`db`: start, find and stop the local servers, and verify what the store holds."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.errors import InputError, LocalServerError
from sightlines.cli.app import db
from sightlines.cli.parameters import AsJson
from sightlines.console import facts, out, say, steps, waiting
from sightlines.settings import Settings, read_settings

if TYPE_CHECKING:
    from graph.store.local import ServerState


@db.command("start")
def start_command(
    read_only: Annotated[
        bool,
        typer.Option("--read-only", help="Also start a server for tools, which takes no writes."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start the local Neo4j and leave it running.

    With --read-only another one runs beside it, over a copy that follows each load. It has a
    password of its own, and nobody can write to the graph through it.

    Example: [bold]sightlines db start --read-only[/bold]
    """
    from sightlines.connect import start_local

    settings = _local_settings()
    start_local(settings, detached=True)
    if read_only:
        with waiting("Starting Neo4j for statements"):
            _start_read_only(settings)
    _print_servers(settings, as_json)


def _start_read_only(settings: Settings) -> None:
    """Start the read-only server in a process of its own, which supervises it, and wait for it."""
    from graph.store import local

    folder = local.read_only_folder(settings.data_folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = folder / "supervisor.log"
    with log.open("wb") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-c", "from sightlines.cli import main; main()", "db", "supervise"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    while (state := local.status(folder)) is None or not state.ready:
        if supervisor.poll() is not None:
            raise LocalServerError(
                f"Neo4j for statements did not start: {log.read_text('utf-8').strip()}"
            )
        time.sleep(0.1)


@db.command("supervise", hidden=True)
def supervise_command() -> None:
    """Start the read-only server, and again when it fails, until `db stop`.

    Example: [bold]sightlines db supervise[/bold]
    """
    from sightlines.connect import read_only_server

    read_only_server(_local_settings()).run()


@db.command("stop")
def stop_command() -> None:
    """Stop the local Neo4j and the read-only one, whoever started them.

    Example: [bold]sightlines db stop[/bold]
    """
    from graph.store import local

    data = _local_settings().data_folder
    local.stop(local.read_only_folder(data))
    stopped = local.stop(data)
    say("Neo4j has stopped." if stopped else "No local Neo4j was running.")


@db.command("status")
def status_command(as_json: AsJson = False) -> None:
    """Print whether the local Neo4j is running, and where. Exit code 3 if it is not.

    Example: [bold]sightlines db status[/bold]
    """
    _print_servers(_local_settings(), as_json)


def _print_servers(settings: Settings, as_json: bool) -> None:
    from graph.store import local
    from graph.store.local.home import Home

    folder = settings.data_folder
    state = local.status(folder)
    if state is None:
        if as_json:
            facts({"running": False})
        else:
            say("No local Neo4j is running. Start it with: sightlines db start")
        raise typer.Exit(3)
    server = _facts(state, Home(folder).password_file)
    reader = local.status(local.read_only_folder(folder))
    if reader is not None:
        password_file = Home(local.read_only_folder(folder)).password_file
        server["read_only"] = _facts(reader, password_file)
    if as_json:
        facts(server)
        return
    _print(server)
    if "read_only" in server:
        out.print("\nRead-only")
        _print(server["read_only"])


@db.command("verify")
def verify_command(as_json: AsJson = False) -> None:
    """Compare all that the store holds with the records in it, and print each difference.

    Every hash, tie, count, name, index and constraint is computed again. Exit code 1 if anything
    differs.

    Example: [bold]sightlines db verify[/bold]
    """
    from graph.store.loader import verify
    from sightlines.connect import open_writer

    with open_writer(read_settings()) as writer, steps() as step:
        differences = verify(writer, step)
    if as_json:
        facts({"ok": not differences, "differences": [d._asdict() for d in differences]})
    elif differences:
        for difference in differences:
            out.print(str(difference), markup=False)
        count = f"{len(differences):,} difference{'s' * (len(differences) != 1)}"
        say(f"{count}. Put it right from the files: sightlines load --rebuild FOLDER")
    else:
        say("The store holds what its records say, and nothing else.")
    if differences:
        raise typer.Exit(1)


def _facts(state: ServerState, password_file: Path) -> dict[str, Any]:
    return {
        "running": True,
        "uri": state.uri,
        "pid": state.pid,
        "user": "neo4j",
        "password_file": str(password_file),
    }


def _print(server: dict[str, Any]) -> None:
    rows = {
        "Bolt": server["uri"],
        "User": server["user"],
        "Password": f"in {server['password_file']}",
        "Process": server["pid"],
    }
    for name, value in rows.items():
        out.print(f"{name:<10}{value}", markup=False)


def _local_settings() -> Settings:
    settings = read_settings()
    if settings.neo4j_uri is not None:
        raise InputError(
            f"SIGHTLINES_NEO4J_URI is set to {settings.neo4j_uri}: Sightlines does not start or "
            "stop that server. Unset it to use the local one."
        )
    return settings
