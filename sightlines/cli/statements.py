"""`statements`: the Cypher that answers an address, ready for Neo4j Browser."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.errors import InputError
from sightlines.cli.app import app
from sightlines.console import out, say
from sightlines.settings import read_settings

if TYPE_CHECKING:
    from graph.question import Question
    from graph.store.address import Address


@app.command("statements")
def statements_command(
    path: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="An address of the API or of a page.")
    ],
) -> None:
    """Print the statements that answer an address, with their parameters, for Neo4j Browser.

    Example: [bold]sightlines statements '/v1/ties?as_of=2015'[/bold]
    """
    from sightlines.connect import open_address

    if not path.startswith("/"):
        raise InputError(f"{path!r} does not begin with a slash: write /v1/ties?as_of=2015.")
    with open_address(read_settings()) as address:
        status, questions = asyncio.run(_ask(address, path))
    if status >= 400:
        say(f"The answer has the status {status}.")
    for question in questions:
        out.print(browser_text(question))


async def _ask(address: Address, path: str) -> tuple[int, list[Question[Any]]]:
    """Serve the app in this process, and return the status and the questions of one answer."""
    import httpx2

    from api.app import create_app
    from graph.store.recording import RecordingStore
    from graph.stories import read_stories
    from sightlines import __version__

    stories = read_stories(read_settings().stories_folder)
    api_app = create_app(address, version=__version__, stories=stories, store_class=RecordingStore)
    async with (
        api_app.router.lifespan_context(api_app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(api_app), base_url="http://127.0.0.1"
        ) as client,
    ):
        response = await client.get(path)
        return response.status_code, api_app.state.services.store.questions


def browser_text(question: Question[Any]) -> str:
    """Return a question as Neo4j Browser takes it: its parameters, and its statement."""
    parameters = f":param {literal(question.parameters)}\n\n" if question.parameters else ""
    return f"{parameters}{question.cypher.strip()};\n"


def literal(value: object) -> str:
    """Return the value of a parameter as a literal of Cypher."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str():
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        case date():
            return f"date('{value.isoformat()}')"
        case Mapping():
            return "{" + ", ".join(f"`{key}`: {literal(v)}" for key, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(literal, value)) + "]"
    raise TypeError(f"A parameter is a {type(value).__name__}, which has no literal in Cypher.")
