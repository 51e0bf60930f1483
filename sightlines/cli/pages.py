"""`site`: the pages as static files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graph.disk import writing_in
from graph.errors import InputError
from graph.language import read
from graph.text import TextStore
from sightlines.cli.app import app
from sightlines.console import say, steps
from sightlines.settings import read_settings


@app.command("site")
def site_command(
    out: Annotated[Path, typer.Argument(help="The folder to write.", show_default=False)],
    quotes: Annotated[
        bool, typer.Option("--quotes", help="Quote passages of the stored texts.")
    ] = False,
    address: Annotated[
        str,
        typer.Option(
            "--address",
            help="Where the folder will be on the web, for sitemap.xml.",
            metavar="URL",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Write the pages as static files, for any web host.

    Example: [bold]sightlines site public/[/bold]
    """
    # The pages take half a second to import: only this command imports them.
    from graph.stories import read_stories
    from sightlines.connect import read_store
    from sightlines.site import write_site
    from viz.links import safe_url

    if address and not safe_url(address):
        raise InputError(f"{address} is no address on the web: it begins with https:// or http://.")
    settings = read_settings()
    texts = TextStore(settings.texts_folder) if quotes else None
    stories = read_stories(settings.stories_folder)
    with steps() as step, writing_in(out, InputError):
        site = read_store(
            settings,
            lambda store: write_site(
                store,
                out,
                texts=texts,
                stories=stories,
                address=address,
                lang=read(settings.language),
                progress=step,
            ),
        )
    say(
        f"{site.pages:,} pages are in {out}: {site.writes:,} written, {site.removals:,} removed, "
        "the others unchanged."
    )
