"""`analyse`: figures over many ties at once, each with the ties behind it."""

from __future__ import annotations

import csv
import io
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from graph.dates import parse_day
from graph.errors import InputError, NotFound
from graph.faults import did_you_mean
from graph.ontology import ONTOLOGY
from sightlines.cli.app import app
from sightlines.cli.parameters import AsJson
from sightlines.console import facts, out, say, steps
from sightlines.settings import read_settings

if TYPE_CHECKING:
    from graph.analyses import Analysis, Figure, Progress
    from graph.model import TieKey

#: The most figures in the table; files have all of them.
TABLE_ROWS = 25
#: The columns of `--csv`: ids of entities and ties joined by a space, a pair by a slash.
COLUMNS = ("entities", "value", "unit", "ties", "pairs", "weakest", "words")


@app.command("analyse")
def analyse_command(
    kind: Annotated[
        str | None,
        typer.Argument(help="The analysis; without one, all are listed.", show_default=False),
    ] = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Only ties of this type; repeatable.")
    ] = None,
    statuses: Annotated[
        list[str] | None, typer.Option("--status", help="Only ties of this status; repeatable.")
    ] = None,
    min_independent: Annotated[
        int, typer.Option(min=0, help="Only ties with at least so many independent accounts.")
    ] = 0,
    inferred: Annotated[
        bool | None,
        typer.Option(
            "--inferred/--not-inferred",
            help="Only ties of which the editors inferred an end, or only the others.",
        ),
    ] = None,
    around: Annotated[
        list[str] | None,
        typer.Option("--around", help="Only ties between this entity and its neighbours."),
    ] = None,
    hops: Annotated[
        int, typer.Option(min=0, max=3, help="The number of hops that --around covers.")
    ] = 1,
    as_of: Annotated[
        str | None, typer.Option(help="The world at the end of that day: 2015, 2015-03.")
    ] = None,
    known_by: Annotated[
        str | None, typer.Option(help="Only claims whose source was public by then.")
    ] = None,
    certain: Annotated[
        bool,
        typer.Option("--certain", help="Leave out ties that only possibly existed or were known."),
    ] = False,
    start: Annotated[
        str | None, typer.Option("--from", help="The entity at which supply chains start.")
    ] = None,
    max_hops: Annotated[
        int, typer.Option(min=2, max=10, help="The most hops of a supply chain.")
    ] = 6,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="The most supply chains.")] = 1_000,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the figures as CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """Count over all ties or some of them; each figure names the ties behind it.

    Example: [bold]sightlines analyse supply-chains --from tiandy --status reported[/bold]
    """
    # NetworkX takes a quarter of a second to import: only this command imports it.
    from graph import analyses
    from graph.queries.analyses import tie_graph
    from graph.queries.moment import Moment
    from sightlines.connect import read_store

    if as_csv and as_json:
        raise InputError("Give --csv or --json, and not both.")
    if kind is None:
        return _print_kinds(as_json)
    (kind,) = _check_names("analysis", [kind], analyses.KINDS)
    question = tie_graph(
        types=analyses.asked_types(kind, _check_names("type of tie", types, ONTOLOGY.tie_types)),
        statuses=_check_names("status", statuses, ONTOLOGY.statuses),
        inferred=[] if inferred is None else [inferred],
        min_independent=min_independent,
        around=around or (),
        hops=hops,
        ids=[start] if start is not None else (),
        moment=Moment(_day(as_of), _day(known_by), certain),
        limit=analyses.KINDS[kind].limit + 1,
    )
    with _progress("Reading the ties"):
        graph = read_store(read_settings(), lambda store: store.ask(question))
    for entity_id in [*(around or ()), *([start] if start is not None else ())]:
        if entity_id not in graph.canonical:
            raise NotFound("entity", entity_id)
    begin = graph.canonical[start] if start is not None else None
    with _progress("Analysing the ties") as progress:
        options = analyses.Options(begin, max_hops, most)
        answer = analyses.run(kind, graph.ties, graph.entities, options, progress)
    _print(answer, as_csv, as_json)


def _check_names(what: str, names: list[str] | None, valid: Iterable[str]) -> tuple[str, ...]:
    """Return the names. Raises `InputError` for an unknown one, with the most similar name."""
    for name in names or ():
        if name not in valid:
            hint = did_you_mean(name, valid) or f"There are {', '.join(valid)}."
            raise InputError(f"There is no {what} {name!r}. {hint}")
    return tuple(names or ())


def _day(text: str | None) -> date | None:
    return parse_day(text) if text is not None else None


@contextmanager
def _progress(text: str) -> Iterator[Progress]:
    """Show the progress of work that takes more than a second; yields the function to report it."""
    with steps() as step:
        timer = threading.Timer(1.0, step, (text, 0, 0))
        timer.daemon = True
        timer.start()

        def update(done: int, of: int) -> None:
            # Not before the timer has run, and never at the same time.
            if not timer.is_alive():
                step(text, done, of)

        try:
            yield update
        finally:
            timer.cancel()


def _print_kinds(as_json: bool) -> None:
    from graph.analyses import KINDS

    if as_json:
        names = ("name", "title", "shows", "does_not_show", "limit", "types", "options")
        facts([{name: getattr(kind, name) for name in names} for kind in KINDS.values()])
        return
    table = Table("Analysis", "What it shows", "Up to", header_style="bold")
    for kind in KINDS.values():
        table.add_row(kind.name, kind.shows, f"{kind.limit:,} ties")
    out.print(table)


def _print(answer: Analysis, as_csv: bool, as_json: bool) -> None:
    if as_csv:
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\r\n")
        rows.writerow(COLUMNS)
        rows.writerows(_row(figure) for figure in answer.figures)
        sys.stdout.buffer.write(text.getvalue().encode())
    elif as_json:
        facts(_facts(answer))
    else:
        _print_table(answer)
    for notice in answer.notices:
        say(notice)


def _row(figure: Figure) -> tuple[object, ...]:
    return (
        " ".join(figure.entities),
        figure.value,
        figure.unit,
        " ".join(map(str, figure.ties)),
        " ".join("/".join(pair) for pair in figure.pairs),
        " ".join(map(str, figure.weakest)),
        figure.words,
    )


def _facts(answer: Analysis) -> dict[str, Any]:
    return {
        "kind": answer.kind,
        "title": answer.title,
        "shows": answer.shows,
        "does_not_show": answer.does_not_show,
        "over": {"ties": answer.over, "entities": answer.among},
        "total": len(answer.figures),
        "results": [_figure_facts(figure) for figure in answer.figures],
        "entities": {i: entity._asdict() for i, entity in answer.entities.items()},
        "ties": {
            str(key): {
                "status": tie.status,
                "independent": tie.independent,
                "match": tie.match,
                "claim_ids": tie.claim_ids,
            }
            for key, tie in answer.ties.items()
        },
        "notices": answer.notices,
    }


def _figure_facts(figure: Figure) -> dict[str, Any]:
    return {
        "entities": figure.entities,
        "value": figure.value,
        "unit": figure.unit,
        "ties": [str(key) for key in figure.ties],
        "pairs": figure.pairs,
        "weakest": [str(key) for key in figure.weakest],
        "words": figure.words,
    }


def _print_table(answer: Analysis) -> None:
    out.print(f"{answer.title}. {answer.shows}")
    table = Table("", "", "In words", "Ties behind it", header_style="bold")
    for figure in answer.figures[:TABLE_ROWS]:
        value = f"{figure.value:,.10g}"
        table.add_row(value, figure.unit, figure.words, _first_ties(figure.ties))
    out.print(table)
    out.print(f"What it does not show: {answer.does_not_show}")
    if len(answer.figures) > TABLE_ROWS:
        more = len(answer.figures) - TABLE_ROWS
        say(f"{more:,} more figures: --json or --csv prints all of them.")


def _first_ties(keys: tuple[TieKey, ...], most: int = 4) -> str:
    more = [f"and {len(keys) - most:,} more"] if len(keys) > most else []
    return "\n".join([*map(str, keys[:most]), *more])
