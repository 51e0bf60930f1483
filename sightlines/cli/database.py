"""`db`: start, find and stop the local server."""

from __future__ import annotations

import typer

from graph.errors import InputError
from sightlines.cli.app import db
from sightlines.cli.parameters import AsJson
from sightlines.console import facts, out, say
from sightlines.settings import Settings, read_settings


@db.command("start")
def start_command(as_json: AsJson = False) -> None:
    """Start the local Neo4j and leave it running.

    Example: [bold]sightlines db start[/bold]
    """
    from sightlines.connect import start_local

    settings = _local_settings()
    server = start_local(settings, detached=True)
    _print_server(server.uri, server.pid, str(server.password_file), as_json)


@db.command("stop")
def stop_command() -> None:
    """Stop the local Neo4j, whoever started it.

    Example: [bold]sightlines db stop[/bold]
    """
    from graph.store import local

    stopped = local.stop(_local_settings().data_folder)
    say("Neo4j has stopped." if stopped else "No local Neo4j was running.")


@db.command("status")
def status_command(as_json: AsJson = False) -> None:
    """Print whether the local Neo4j is running, and where. Exit code 3 if it is not.

    Example: [bold]sightlines db status[/bold]
    """
    from graph.store import local
    from sightlines.connect import password_location

    settings = _local_settings()
    state = local.status(settings.data_folder)
    if state is None:
        if as_json:
            facts({"running": False})
        else:
            say("No local Neo4j is running. Start it with: sightlines db start")
        raise typer.Exit(3)
    _print_server(state.uri, state.pid, password_location(settings), as_json)


def _print_server(uri: str, pid: int, password_file: str, as_json: bool) -> None:
    server = {
        "running": True,
        "uri": uri,
        "pid": pid,
        "user": "neo4j",
        "password_file": password_file,
    }
    if as_json:
        facts(server)
        return
    out.print(f"Bolt      {uri}\nUser      neo4j\nPassword  in {password_file}\nProcess   {pid}")


def _local_settings() -> Settings:
    settings = read_settings()
    if settings.neo4j_uri is not None:
        raise InputError(
            f"SIGHTLINES_NEO4J_URI is set to {settings.neo4j_uri}: Sightlines does not start or "
            "stop that server. Unset it to use the local one."
        )
    return settings
