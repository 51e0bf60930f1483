"""Asking in Cypher: from what a request holds to an answer, its evidence and its notices."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Literal, TypeVar
from uuid import uuid4

import anyio.to_thread
from fastapi import Request
from pydantic import Field

from api.answers.claims import claim_out
from api.answers.common import labels_by_id
from api.answers.cypher import CypherMeta, Included, Remark
from api.answers.sources import source_facts
from api.answers.ties import tie_out
from api.errors import ProblemError
from api.http.auth import demand
from api.http.headers import LONGEST_ADDRESS
from api.http.slots import Slots
from api.parameters import GraphRead
from api.request import GraphRequest
from graph.changes import RecordKey
from graph.cypher.evidence import RecordIds, RowEvidence, evidence
from graph.cypher.guard import Mode, Statement, check_parameters, check_statement, read_parameters
from graph.cypher.result import CypherResult
from graph.cypher.run import Bounds, wait_until_ended
from graph.cypher.run import run as run_statement
from graph.errors import CypherFault, StoreStarting, StoreTimeout, StoreUnreachable
from graph.passages import passages
from graph.store.state import State
from graph.text import TextStore
from graph.wording import plural_ids


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
#: The plans that a page can ask for.
MODES: Mapping[str, Mode] = {"explain": "EXPLAIN", "profile": "PROFILE"}
#: Seconds beyond its time that a statement may take altogether: a place, the server's grace, and
#: what the snapshot is.
LATE = 0.9
_CUT = {
    "rows": "Only the first {rows:,} rows are here; max_rows gets up to 10,000, a file all.",
    "bytes": "Only the first {rows:,} rows are here: more than 20 MB are not sent. Ask for less.",
}


@dataclass(frozen=True, slots=True)
class BoundStatement:
    """A statement that may be run, with all its parameters."""

    statement: Statement
    parameters: dict[str, Any]

    def planned(self, plan: str) -> BoundStatement:
        """Return the same for its plan, `explain` or `profile`; itself where it asks for one."""
        mode = MODES.get(plan)
        if mode is None or self.statement.mode is not None:
            return self
        return replace(self, statement=replace(self.statement, mode=mode, deterministic=False))


def read_statement(params: CypherBounds, values: dict[str, Any] | str) -> BoundStatement:
    """Check a statement and its parameters, and hand the time parameters over to it.

    Raises `CypherFault`.
    """
    statement = check_statement(params.statement)
    bound = read_parameters(values) if isinstance(values, str) else check_parameters(values)
    times = {name: getattr(params, name) for name in TIME}
    # Generated clients send what is usual too: that asks for nothing.
    for name in (name for name, value in sorted(times.items()) if value not in (None, False)):
        if name in bound:
            raise _parameter(name, f"{name} is given twice: among the parameters and by itself.")
        if name not in statement.parameters:
            raise _parameter(
                name, f"{name} is given, and the statement does not use ${name}: nothing would ask."
            )
    times_used = {name: times[name] for name in TIME if name in statement.parameters}
    missing = sorted(statement.parameters - bound.keys() - times_used.keys())
    if missing:
        names = ", ".join(f"${name}" for name in missing)
        raise _parameter(
            missing[0], f"The statement uses {names}, and parameters has no such name."
        )
    return BoundStatement(statement, times_used | bound)


async def bind(params: CypherBounds, values: dict[str, Any] | str) -> BoundStatement:
    """Do what `read_statement` does, in a thread: there may be a megabyte of parameters."""
    return await anyio.to_thread.run_sync(read_statement, params, values)


def _parameter(name: str, message: str) -> CypherFault:
    return CypherFault("cypher_parameter", message, operator=name)


def cypher_slots(request: GraphRequest) -> Slots:
    """Return the places for statements. Raises a problem where none are taken."""
    slots = request.services.cypher_slots
    if slots is None:
        raise ProblemError(
            403,
            "cypher_off",
            "No statements here",
            "This server takes no Cypher. Whoever runs it can allow it: SIGHTLINES_CYPHER=key.",
        )
    demand(request.http, "cypher", "A statement of one's own")
    return slots


async def run(request: GraphRequest, bound: BoundStatement, bounds: Bounds) -> CypherResult:
    """Run a statement in one of the places, for as long as the client listens.

    The response is tied to a snapshot only if the statement gives the same each time and no load
    ended meanwhile. Raises `StoreTimeout` at the latest `LATE` seconds after the statement's time,
    whatever the store does.
    """
    try:
        async with asyncio.timeout(bounds.seconds + LATE):
            slots = cypher_slots(request)
            if bound.statement.deterministic:
                await request.begin()
            request.use_statement_store()
            before = await request.state()
            check_copy(before, await request.services.state_cache.current())
            name, store = str(uuid4()), request.store
            async with slots.acquire(partial(wait_until_ended, store, name)):
                answer = await while_listening(
                    request.http,
                    run_statement(store, bound.statement, bound.parameters, bounds, name),
                )
            after = await request.state()
    except TimeoutError as error:
        raise StoreTimeout("The store did not answer in time. Try again in a moment.") from error
    except StoreUnreachable as error:
        if request.store is request.services.store:
            raise
        raise _restarting() from error
    _label(request, after, bound.statement.deterministic and before == after)
    await request.note(list(_records(answer.records())))
    return answer


def check_copy(copy: State, store: State) -> None:
    """Raise `StoreStarting` where the copy for statements has a set that the store lost since."""
    if {dataset.id for dataset in copy.datasets} - {dataset.id for dataset in store.datasets}:
        raise StoreStarting("The server for statements is starting: a data set was removed.")


def _restarting() -> ProblemError:
    return ProblemError(
        503,
        "cypher_restarted",
        "The server for statements has ended",
        "The server for statements had to be ended while the statement ran, because of this or of "
        "another one, and is started again. Try again in a moment; ask for less if it happens "
        "again.",
        headers={"Retry-After": "10"},
        retryable=True,
    )


def _records(cited: RecordIds) -> Iterator[RecordKey]:
    """Name the records in rows; their other values have no history."""
    yield from (RecordKey("claim", i) for i in cited.claims)
    yield from (RecordKey("source", i) for i in cited.sources)
    yield from (RecordKey("entity", i) for i in cited.entities)
    yield from (RecordKey("tie", str(key)) for key in cited.ties)


def _label(request: GraphRequest, state: State, deterministic: bool) -> None:
    if deterministic and request.http.method == "GET":
        request.label(state)
    else:
        request.response.headers["Cache-Control"] = "no-store"
        del request.response.headers["ETag"]


async def while_listening(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return what the work gives; end it when the client hangs up."""
    task = asyncio.create_task(work)
    disconnect = asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait({task, disconnect}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ProblemError(499, "closed", "Nobody listens", "The client hung up.")
        return await task
    finally:
        for one in (task, disconnect):
            one.cancel()
            with suppress(asyncio.CancelledError, Exception):  # it ended, however it did
                await one


async def _hung_up(request: Request) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(0.1)


async def fetch_evidence(request: GraphRequest, cited: RecordIds) -> RowEvidence:
    """Ask for the evidence of rows."""
    return await request.store.ask(evidence(cited))


def included(records: RowEvidence, texts: TextStore | None) -> Included:
    """Return evidence as the API shows it."""
    labels = labels_by_id(records.names, records.sources)
    quoted = passages(records.claims.values(), records.sources, texts)
    plurals = plural_ids(records.entities)
    return Included(
        ties={str(tie.key): tie_out(tie, labels, plurals) for tie in records.ties},
        claims={i: claim_out(claim, labels, quoted) for i, claim in records.claims.items()},
        sources={
            i: source_facts(source, texts is not None and (source.text_sha256 or "") in texts)
            for i, source in records.sources.items()
        },
    )


def remarks(answer: CypherResult) -> list[Remark]:
    """Return what the server remarked."""
    return [Remark(**asdict(notification)) for notification in answer.notifications]


def notices(answer: CypherResult, records: RowEvidence | None = None) -> list[str]:
    """Say what was left out."""
    texts = []
    if answer.truncated is not None:
        texts.append(_CUT[answer.truncated].format(rows=len(answer.rows)))
    if records is not None and records.left_out:
        texts.append(f"{records.left_out:,} further records of the evidence are left out.")
    return texts


def meta(
    request: GraphRequest,
    params: CypherBounds,
    answer: CypherResult,
    records: RowEvidence | None,
    cited: RecordIds | None,
) -> CypherMeta:
    """Return the `meta` of an answer."""
    plain = request.meta(params, notices(answer, records))
    without = None
    if cited is not None and answer.rows:
        without = [column for column in answer.columns if column not in cited.columns]
    fields = {**plain.model_dump(), "permalink": _permalink(request, params, plain.permalink)}
    return CypherMeta(**fields, without_evidence=without)


def _permalink(request: GraphRequest, params: CypherBounds, address: str) -> str:
    """Return the address that asks the same as a body did; the bare one if it were too long."""
    if request.http.method == "GET":
        return address
    values = params.model_dump(mode="json", exclude_unset=True)
    if "parameters" in values:
        values["parameters"] = json.dumps(values["parameters"], ensure_ascii=False)
    whole = str(request.http.url.include_query_params(**values))
    return whole if len(whole) < LONGEST_ADDRESS else str(request.http.url)
