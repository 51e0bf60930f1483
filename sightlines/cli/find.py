"""`find`: the ids of entities and sources, to paste into claims."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Annotated

import typer

from graph.dataset.lookup import entries, find, raw_records
from graph.errors import InputError
from sightlines.cli.app import app
from sightlines.cli.parameters import HERE, AsJson, DataPaths
from sightlines.console import facts, out


@app.command("find")
def find_command(
    name: Annotated[str, typer.Argument(help="A name in any script, or words of one.")],
    paths: DataPaths = HERE,
    limit: Annotated[int, typer.Option(help="How many to print.", min=1)] = 10,
    as_json: AsJson = False,
) -> None:
    """Print the ids of entities and sources by their names, from files and from the seeds.

    Example: [bold]sightlines find 'guard corps' lists/[/bold]
    """
    with as_file(files("seeds")) as seeds:
        records = raw_records([*paths, seeds], claims=False)
        matches = find(name, entries(records), limit)
    if as_json:
        facts([{**entry._asdict(), "match": text} for text, entry in matches])
        return
    if not matches:
        raise InputError(f"No entity or source has a name like {name!r}.")
    width = max(len(entry.id) for _, entry in matches)
    for text, entry in matches:
        also = f" ({text})" if text not in (entry.label, entry.id) else ""
        line = f"{entry.id:<{width}}  {entry.type:<12}  {entry.label}{also}  {entry.place}"
        out.print(line, markup=False)
