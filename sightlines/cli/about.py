"""`ontology`: the types, predicates and roles of claims."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from graph.ontology import ONTOLOGY
from sightlines.cli.app import app
from sightlines.cli.parameters import AsJson
from sightlines.console import facts, out


@app.command("ontology")
def ontology_command(
    as_json: AsJson = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print docs/ontology.md: the words.")
    ] = False,
    graph: Annotated[
        bool, typer.Option("--graph", help="Print docs/graph.md: nodes, edges, properties.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print docs/schema.json: for text-to-Cypher tools.")
    ] = False,
    words: Annotated[
        bool, typer.Option("--words", help="Print docs/vocabulary.md: words of our own.")
    ] = False,
) -> None:
    """Print the types, predicates and roles that claims are made of.

    Example: [bold]sightlines ontology[/bold]
    """
    if as_json:
        facts(json.loads(ONTOLOGY.model_dump_json(by_alias=True)))
    elif schema:
        from graph.graph_schema import graph_schema

        typer.echo(json.dumps(graph_schema(), indent=1, ensure_ascii=False))
    elif words:
        from sightlines.reference.vocabulary import vocabulary_page

        typer.echo(vocabulary_page().encode(), nl=False)
    elif markdown or graph:
        # The pages describe the store too, and import its driver.
        from sightlines import reference

        page = reference.ontology_page if markdown else reference.graph_page
        typer.echo(page(ONTOLOGY).encode(), nl=False)
    else:
        out.print(_types())
        out.print(_predicates())


def _types() -> Table:
    table = Table("Type", "What it is", header_style="bold")
    for name, entity_type in ONTOLOGY.types.items():
        table.add_row(name, entity_type.help)
    return table


def _predicates() -> Table:
    table = Table("Predicate", "Roles", "Ties", "What it says", header_style="bold")
    marks = {"one": "", "some": "+", "pair": " (2+)", "any": "*", "maybe": "?"}
    for name, predicate in ONTOLOGY.predicates.items():
        roles = ", ".join(f"{role}{marks[r.count]}" for role, r in predicate.roles.items())
        table.add_row(name, roles, ", ".join(t.type for t in predicate.ties), predicate.help)
    return table
