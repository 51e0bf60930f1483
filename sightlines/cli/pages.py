"""`site`: the pages as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graph.text import TextStore
from sightlines.cli.app import app
from sightlines.console import say, steps
from sightlines.opening import open_store
from sightlines.settings import read_settings


@app.command("site")
def site_command(
    out: Annotated[Path, typer.Argument(help="The folder to write.", show_default=False)],
    quotes: Annotated[
        bool, typer.Option("--quotes", help="Quote passages of texts that you hold.")
    ] = False,
) -> None:
    """Write the pages as files that work from a folder, for any web host.

    Example: [bold]sightlines site public/[/bold]
    """
    # The pages take half a second to import: only this command waits for them.
    from sightlines.site import write_site

    settings = read_settings()
    texts = TextStore(settings.texts_folder) if quotes else None
    with open_store(settings) as store, steps() as step:
        count = write_site(store, out, texts=texts, progress=step)
    say(f"{count:,} pages are in {out}.")
