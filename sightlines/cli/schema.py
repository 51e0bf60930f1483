"""`schema`: what an editor needs to complete and to check files of data."""

from __future__ import annotations

from importlib.resources import as_file, files

from graph.dataset.lookup import entries, raw_records
from graph.exchange.editor_schema import editor_schema
from sightlines.cli.app import app
from sightlines.cli.parameters import HERE, DataPaths
from sightlines.console import facts


@app.command("schema")
def schema_command(paths: DataPaths = HERE) -> None:
    """Print the JSON schema of data files in YAML, with the ids of some files and of the seeds.

    An editor with a YAML language server takes it from the first line of a file of claims:
    `# yaml-language-server: $schema=sightlines.schema.json`.

    Example: [bold]sightlines schema > sightlines.schema.json[/bold]
    """
    with as_file(files("seeds")) as seeds:
        records = raw_records([*paths, seeds], claims=False)
        facts(editor_schema(entries(records)))
