"""The application of the command line and its groups of commands."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="sightlines",
    help="Who supplies surveillance technology to whom, who uses it against whom, and who says so.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
db = typer.Typer(help="Start and stop the local Neo4j.", no_args_is_help=True)
text = typer.Typer(help="Store and check the texts of sources.", no_args_is_help=True)
key = typer.Typer(help="Keys for a server that others can reach.", no_args_is_help=True)
source = typer.Typer(help="Begin with a document of your own.", no_args_is_help=True)
data = typer.Typer(help="List, show and remove the data sets of the store.")
app.add_typer(data, name="data")
app.add_typer(db, name="db")
app.add_typer(key, name="key")
app.add_typer(source, name="source")
app.add_typer(text, name="text")
