"""`write`: the page on which claims are written, for one folder."""

from __future__ import annotations

import getpass
import secrets
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from graph.disk import write_whole, writing_in
from graph.errors import InputError
from graph.exchange.claim_folder import ClaimFolder
from graph.language import read
from graph.text import TextStore
from sightlines.cli.app import app
from sightlines.console import out, say
from sightlines.settings import Settings, read_settings

#: Always the same, so that a page that is open goes on when the program is started again.
PORT = 8010


@app.command("write")
def write_command(
    folder: Annotated[Path, typer.Argument(help="The folder of the data set.")],
    others: Annotated[
        list[Path] | None,
        typer.Option("--with", help="Another data set whose entities may be named; repeatable."),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who writes the claims down.")] = None,
    port: Annotated[int, typer.Option(help="Port of the page.", min=1, max=65535)] = PORT,
) -> None:
    """Serve a page on which claims are written beside their text, for this folder and this machine.

    Each step is saved in the YAML files of the folder. Entities of the seeds may be named as well.

    Example: [bold]sightlines write articles/[/bold]
    """
    # The web framework takes half a second to import: only the commands that serve import it.
    from api.writing import create_writing_app
    from sightlines.server import listen, serve_page

    if not folder.is_dir():
        raise InputError(f"{folder} is no folder. `sightlines source add FILE --to {folder}`.")
    settings = read_settings()
    token = _token(settings)
    with as_file(files("seeds")) as seeds, listen("127.0.0.1", port) as listener:
        texts = TextStore(settings.texts_folder)
        claims = ClaimFolder(folder, texts, [*(others or []), seeds], by or getpass.getuser())
        out.print(f"http://127.0.0.1:{port}/#token={token}")
        say("Open this address in a browser. It is for you alone: it opens the folder to change.")
        say("Ctrl-C stops it.")
        serve_page(create_writing_app(claims, token, read(settings.language)), listener)
        say("Stopped.")


def _token(settings: Settings) -> str:
    """Return the token of this user, which is made once."""
    path = settings.data_folder / "write-token"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        token = secrets.token_urlsafe(24)
    with writing_in(path.parent, InputError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, token.encode(), 0o600)
    return token
