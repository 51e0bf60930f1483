"""Asking in Cypher: from what a request holds to an answer, its evidence and its notices."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeVar

from fastapi import Request
from pydantic import Field

from api.answers.claims import claim_out
from api.answers.common import labels_of
from api.answers.cypher import CypherMeta, Included, Remark
from api.answers.sources import source_facts
from api.answers.ties import tie_out
from api.errors import ProblemError
from api.http.auth import demand
from api.http.headers import LONGEST_ADDRESS
from api.http.slots import Places
from api.parameters import GraphRead
from api.request import Context
from graph.changes import RecordKey
from graph.cypher import guard, parameters
from graph.cypher.evidence import Cited, Evidence, evidence
from graph.cypher.guard import Statement
from graph.cypher.result import Answer
from graph.cypher.run import Bounds
from graph.errors import CypherFault, StoreTimeout
from graph.passages import passages
from graph.store.state import State
from graph.text import TextStore


class CypherBounds(GraphRead):
    """What all ways to ask in Cypher share; the time parameters are handed to the statement."""

    statement: str = Field(
        description="One Cypher statement that only reads; 10,000 bytes at most.",
        examples=["MATCH (c:Company)-[r:SUPPLIES]->(s:State) RETURN c.name, s.name LIMIT 10"],
    )
    timeout_ms: int = Field(5_000, ge=100, le=30_000, description="From start to end.")


class CypherShape(CypherBounds):
    """What an answer in JSON may be."""

    max_rows: int = Field(1_000, ge=1, le=10_000)
    typed: bool = Field(False, description="Wrap each value as `$type` and `_value`.")
    expand: Literal["evidence"] | None = Field(
        None, description="Bring the ties, claims and sources that the rows hold."
    )
    shape: Literal["rows", "graph"] = Field(
        "rows", description="`graph`: the nodes and edges that the rows hold, as node-link JSON."
    )


_IN_ADDRESS = Field("{}", description="A JSON object; whole numbers stay whole.")


class CypherRead(CypherShape):
    """The parameters of `/cypher` in an address."""

    parameters: str = _IN_ADDRESS


class CypherAsked(CypherShape):
    """The same in a body."""

    parameters: dict[str, Any] = Field({})


class CypherFile(CypherBounds):
    """What a file of rows may be."""

    max_rows: int | None = Field(
        None, ge=1, le=200_000, description="None: all rows, and a problem if there are too many."
    )


class CypherCsv(CypherFile):
    """What a table for a spreadsheet may be."""

    excel: bool = Field(False, description="Add a BOM and disarm cells that start with = + - @.")


class CypherCsvRead(CypherCsv):
    """The parameters of `/cypher.csv` in an address."""

    parameters: str = _IN_ADDRESS


class CypherCsvAsked(CypherCsv):
    """The same in a body."""

    parameters: dict[str, Any] = Field({})


class CypherJsonlRead(CypherFile):
    """The parameters of `/cypher.jsonl` in an address."""

    parameters: str = _IN_ADDRESS


class CypherJsonlAsked(CypherFile):
    """The same in a body."""

    parameters: dict[str, Any] = Field({})


T = TypeVar("T")
TIME = ("as_of", "known_by", "certain")
#: Seconds beyond its time that a statement may take altogether: a place, the server's grace, and
#: what the snapshot is.
LATE = 0.9
_CUT = {
    "rows": "Only the first {rows:,} rows are here; max_rows gets up to 10,000, a file all.",
    "bytes": "Only the first {rows:,} rows are here: more than 20 MB are not sent. Ask for less.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement that may be run, with all its parameters."""

    statement: Statement
    parameters: dict[str, Any]


def read_asked(asked: CypherBounds, given: dict[str, Any] | str) -> Asked:
    """Check a statement and its parameters, and hand the time parameters over to it.

    Raises `CypherFault`.
    """
    statement = guard.read(asked.statement)
    values = parameters.read(given) if isinstance(given, str) else parameters.check(given)
    times = {name: getattr(asked, name) for name in TIME}
    # Generated clients send what is usual too: that asks for nothing.
    for name in (name for name, value in sorted(times.items()) if value not in (None, False)):
        if name in values:
            raise _parameter(name, f"{name} is given twice: among the parameters and by itself.")
        if name not in statement.parameters:
            raise _parameter(
                name, f"{name} is given, and the statement does not use ${name}: nothing would ask."
            )
    known = {name: times[name] for name in TIME if name in statement.parameters}
    missing = sorted(statement.parameters - values.keys() - known.keys())
    if missing:
        names = ", ".join(f"${name}" for name in missing)
        raise _parameter(
            missing[0], f"The statement uses {names}, and parameters has no such name."
        )
    return Asked(statement, known | values)


def _parameter(name: str, message: str) -> CypherFault:
    return CypherFault("cypher_parameter", message, operator=name)


def places(ask: Context) -> Places:
    """Return the places for statements. Raises a problem where none are taken."""
    found = ask.services.cypher
    if found is None:
        raise ProblemError(
            403,
            "cypher_off",
            "No statements here",
            "This server takes no Cypher. Whoever runs it can allow it: SIGHTLINES_CYPHER=key.",
        )
    demand(ask.request, "cypher", "A statement of one's own")
    return found


async def run(ask: Context, asked: Asked, bounds: Bounds) -> Answer:
    """Run a statement in one of the places, for as long as the client listens.

    The response is tied to a snapshot only if the statement gives the same each time and no load
    ended meanwhile. Raises `StoreTimeout` at the latest `LATE` seconds after the statement's time,
    whatever the store does.
    """
    try:
        async with asyncio.timeout(bounds.seconds + LATE):
            if asked.statement.steady:
                await ask.begin()
            before = await ask.state()
            async with places(ask).one():
                answer = await while_listening(
                    ask.request,
                    ask.services.store.answer(asked.statement, asked.parameters, bounds),
                )
            after = await ask.state()
    except TimeoutError as error:
        raise StoreTimeout("The store did not answer in time. Try again in a moment.") from error
    _label(ask, after, asked.statement.steady and before == after)
    await ask.note(list(_records(answer.cited())))
    return answer


def _records(cited: Cited) -> Iterator[RecordKey]:
    """Name the records in rows; their other values have no history."""
    yield from (RecordKey("claim", i) for i in cited.claims)
    yield from (RecordKey("source", i) for i in cited.sources)
    yield from (RecordKey("entity", i) for i in cited.entities)
    yield from (RecordKey("tie", str(key)) for key in cited.ties)


def _label(ask: Context, state: State, steady: bool) -> None:
    if steady and ask.request.method == "GET":
        ask.label(state)
    else:
        ask.response.headers["Cache-Control"] = "no-store"
        del ask.response.headers["ETag"]


async def while_listening(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return what the work gives; end it when the client hangs up."""
    task = asyncio.create_task(work)
    watch = asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ProblemError(499, "closed", "Nobody listens", "The client hung up.")
        return await task
    finally:
        for one in (task, watch):
            one.cancel()
            with suppress(asyncio.CancelledError, Exception):  # it ended, however it did
                await one


async def _hung_up(request: Request) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(0.1)


async def behind(ask: Context, cited: Cited) -> Evidence:
    """Ask for the evidence of rows."""
    return await ask.services.store.ask(evidence(cited))


def included(found: Evidence, texts: TextStore | None) -> Included:
    """Return evidence as the API shows it."""
    labels = labels_of(found.names, found.sources)
    quoted = passages(found.claims.values(), found.sources, texts)
    return Included(
        ties={str(tie.key): tie_out(tie, labels) for tie in found.ties},
        claims={i: claim_out(claim, labels, quoted) for i, claim in found.claims.items()},
        sources={
            i: source_facts(source, texts is not None and (source.text_sha256 or "") in texts)
            for i, source in found.sources.items()
        },
    )


def remarks(answer: Answer) -> list[Remark]:
    """Return what the server remarked."""
    return [Remark(**asdict(notification)) for notification in answer.notifications]


def notices(answer: Answer, found: Evidence | None = None) -> list[str]:
    """Say what was left out."""
    said = []
    if answer.truncated is not None:
        said.append(_CUT[answer.truncated].format(rows=len(answer.rows)))
    if found is not None and found.left_out:
        said.append(f"{found.left_out:,} further records of the evidence are left out.")
    return said


def meta(
    ask: Context, asked: CypherBounds, answer: Answer, found: Evidence | None, cited: Cited | None
) -> CypherMeta:
    """Return the `meta` of an answer."""
    plain = ask.meta(asked, notices(answer, found))
    without = None
    if cited is not None and answer.rows:
        without = [column for column in answer.columns if column not in cited.columns]
    said = {**plain.model_dump(), "permalink": _permalink(ask, asked, plain.permalink)}
    return CypherMeta(**said, without_evidence=without)


def _permalink(ask: Context, asked: CypherBounds, address: str) -> str:
    """Return the address that asks the same as a body did; the bare one if it were too long."""
    if ask.request.method == "GET":
        return address
    values = asked.model_dump(mode="json", exclude_unset=True)
    if "parameters" in values:
        values["parameters"] = json.dumps(values["parameters"], ensure_ascii=False)
    whole = str(ask.request.url.include_query_params(**values))
    return whole if len(whole) < LONGEST_ADDRESS else str(ask.request.url)
