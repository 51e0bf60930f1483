"""`match`: pairs of entities that may be the same, decided one by one into judgements."""

from __future__ import annotations

import getpass
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph import dataset, language
from graph.dataset.pair_review import PairReview
from graph.errors import InputError
from graph.model import Entity
from graph.same import Pair, propose
from sightlines.cli.app import app
from sightlines.cli.parameters import AsJson, Paths
from sightlines.console import facts, out, say
from sightlines.settings import read_settings

if TYPE_CHECKING:
    from fastapi import FastAPI

#: The port of the page.
PORT = 8011
#: What a person may answer, and the verdict that it is.
_VERDICTS = {"s": "same", "d": "different", "u": "unsure"}
_QUESTION = "[s]ame, [d]ifferent, [u]nsure, s[k]ip, undo [z], [q]uit"


@app.command("match")
def match_command(
    paths: Paths,
    to: Annotated[
        Path | None, typer.Option(help="File of judgements to write to; it ends with them.")
    ] = None,
    least: Annotated[float, typer.Option(help="The least score.", min=0, max=1)] = 0.85,
    limit: Annotated[int, typer.Option(help="How many pairs at most.", min=1)] = 100,
    by: Annotated[str | None, typer.Option(help="Who decides.")] = None,
    page: Annotated[
        bool, typer.Option("--page", help="Decide on a page in the browser; needs --to.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port of the page; 0 is any.", min=0, max=65535)] = PORT,
    as_json: AsJson = False,
) -> None:
    """Propose entities that may be the same, with a score and its reasons. A person decides.

    With --to each pair is asked about, in the terminal or on a page (--page). Answers become
    judgements.

    Example: [bold]sightlines match seeds/ lists/ --to seeds/judgements.yaml[/bold]
    """
    if page and to is None:
        raise InputError("--page writes judgements: name their file with --to.")
    data = dataset.read(paths)
    pairs = propose(list(data.entities.values()), data.judgements, least)
    if as_json:
        facts([_facts(pair) for pair in pairs[:limit]])
        return
    if to is not None and page:
        from api.judging import create_judging_app

        review = PairReview(pairs[:limit], to, by or getpass.getuser())
        token = secrets.token_urlsafe(24)
        words = language.read(read_settings().language)
        _serve(create_judging_app(review, data, token, language=words), port, token)
        say(_summary(review))
        return
    if to is None or not sys.stdin.isatty():
        for pair in pairs[:limit]:
            out.print(f"{pair.score:.2f}  {_words(pair.left)}  =?  {_words(pair.right)}")
            out.print(f"      {'; '.join(pair.reasons)}")
        say(f"{len(pairs):,} pairs of at least {least}.")
        return
    _ask(PairReview(pairs[:limit], to, by or getpass.getuser()))


def _ask(review: PairReview) -> None:
    while (pair := review.pair) is not None:
        place = f"{review.number + 1} of {len(review.pairs)}"
        out.print(f"\n{place}, {pair.score:.2f}: {'; '.join(pair.reasons)}")
        for entity in (pair.left, pair.right):
            out.print(f"  {_words(entity)}: {', '.join(n.text for n in entity.names[1:])}")
        answer = typer.prompt(_QUESTION, default="k").strip().lower()[:1]
        if answer == "q":
            break
        if answer == "z":
            review.undo()
        elif answer == "k":
            review.skip()
        elif answer in _VERDICTS:
            review.judge(_VERDICTS[answer], typer.prompt("Why", default="; ".join(pair.reasons)))
    say(_summary(review))


def _summary(review: PairReview) -> str:
    return f"{review.path} has {review.count} new judgements."


def _serve(app: FastAPI, port: int, token: str) -> None:
    """Serve a page for this machine until Ctrl-C, at an address that nobody can guess."""
    # The web framework takes half a second to import: only the commands that serve import it.
    from sightlines.server import listen, serve_page

    with listen("127.0.0.1", port) as listener:
        port = listener.getsockname()[1]
        out.print(f"http://127.0.0.1:{port}/{token}/")
        say("Open this address in a browser. It is for you alone. Ctrl-C stops it.")
        serve_page(app, listener)


def _words(entity: Entity) -> str:
    return f"{entity.label} ({entity.id}, {entity.type})"


def _facts(pair: Pair) -> dict[str, Any]:
    sides = {"left": pair.left, "right": pair.right}
    return {
        **{side: {"id": e.id, "label": e.label, "type": e.type} for side, e in sides.items()},
        "score": pair.score,
        "reasons": list(pair.reasons),
    }
