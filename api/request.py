"""A request to the graph: its questions, the snapshot of its answer, and its cursor."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import (
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Annotated, Any, TypeVar, cast
from uuid import uuid4

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Scope

from api.answers.common import DatasetRef, Meta, SnapshotRef
from api.changed_since import ChangesSince
from api.errors import NotModified, ProblemError, cursor_outdated, not_loaded, snapshot_not_current
from api.exports import Exports
from api.files import CachedFile, FileCache, send
from api.http.auth import may
from api.http.cache import ResponseCache, make_etag, match
from api.http.slots import Slots
from api.http.store_state import StateCache
from api.parameters import GraphRead, Read
from graph.citation import Retrieval
from graph.errors import StoreBusy
from graph.language import ENGLISH, Language
from graph.model import Claim, Source, Story
from graph.queries import entities
from graph.question import Question
from graph.store.connection import Store
from graph.store.state import State
from graph.text import TextStore
from viz.editor import Editor

#: Parameters that do not change which records a list has: a cursor works with any values of them.
_FREE = ("cursor", "limit", "seen_in", "fields", "include", "lang")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list continues; opaque to the client. One of an older snapshot is refused.

    Its text holds the snapshot, a hash of the filters, and the sort values of the last record.
    """

    snapshot: str | None
    after: list[object]


def _filters(request: Request) -> str:
    pairs = sorted((k, v) for k, v in request.query_params.multi_items() if k not in _FREE)
    return hashlib.sha256(json.dumps([request.url.path, pairs]).encode()).hexdigest()[:16]


def next_address(
    request: Request, snapshot: str | None, after: Sequence[object] | None
) -> str | None:
    """Return the address of the next part of a list, or None at its end."""
    if after is None:
        return None
    content = json.dumps([snapshot, _filters(request), after], separators=(",", ":"), default=str)
    cursor = base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")
    return str(request.url.include_query_params(cursor=cursor))


def read_cursor(request: Request, cursor: str) -> Cursor:
    """Read a cursor. Raises a problem if it is malformed or belongs to another request."""
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        snapshot, filters, after = json.loads(content)
    except (binascii.Error, ValueError, TypeError) as error:
        raise ProblemError(400, "malformed", "Bad request", "The cursor cannot be read.") from error
    if filters != _filters(request) or not isinstance(after, list):
        raise ProblemError(
            422, "bad_value", "A value is wrong", "The cursor belongs to another question."
        )
    return Cursor(snapshot, after)


T = TypeVar("T")

#: How often a request is tried where loads end meanwhile.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Services:
    """The services of one process. `cypher_slots` is None where Cypher is off.

    `statement_store` answers clients' own statements; it is `store` or a copy of it.
    """

    store: Store
    state_cache: StateCache
    response_cache: ResponseCache
    texts: TextStore | None
    version: str
    cypher_slots: Slots | None
    costly_slots: Slots
    exports: Exports
    files: FileCache
    stories: Mapping[str, Story]
    statement_store: Store
    editor: Editor | None = None
    language: Language = ENGLISH

    def etag(self, state: State, scope: Scope) -> str:
        """Return the `ETag` of the answer to a request.

        The moment of the load stands for the history: a later load may bring the same content back.
        """
        quoted = self.texts is not None and "quotes" in scope["sightlines.rights"]
        texts = self.texts.revision if self.texts and quoted else None
        version = f"{self.version} {self.language.code}"
        return make_etag(state.snapshot, scope, version, texts, state.completed_on)


class GraphRequest:
    """One request to the graph: a `Reader` whose answers all come from one snapshot.

    It also sets the headers and the `meta` that name this snapshot.
    """

    def __init__(self, request: Request, response: Response) -> None:
        self.http = request
        self.response = response
        self.services = cast(Services, request.app.state.services)
        self.store = self.services.store
        self.state_cache = self.services.state_cache
        self._pinned = request.query_params.get("snapshot")
        self._seen_in = request.query_params.get("seen_in")
        self._state: State | None = None
        self._cursor: Cursor | None = None
        self._since: ChangesSince | None = None

    def use_statement_store(self) -> None:
        """Answer from the store for statements, whose snapshot may be the one before."""
        self.store = self.services.statement_store
        if self.store is not self.services.store:
            self.state_cache = StateCache(self.store)

    def use_body(self, params: Read) -> None:
        """Read `snapshot` and `seen_in` from a body instead of the address."""
        self._pinned, self._seen_in = params.snapshot, params.seen_in

    @property
    def snapshot(self) -> str | None:
        """The snapshot of the answer; None before the first question."""
        return self._state.snapshot if self._state else None

    @property
    def settled(self) -> State:
        """The state that the answer comes from; an empty one before the first question."""
        return self._state or State()

    async def state(self) -> State:
        """Return the store's state. Raises a problem before the first load is complete."""
        self.settle(await self.state_cache.read())
        assert self._state is not None
        return self._state

    async def file(self, write: Callable[[IO[bytes]], Awaitable[int]]) -> CachedFile:
        """Return the file of the answer; `write` writes it, unless it was written before.

        `write` returns how many rows it wrote. To be called after the first question.
        """
        # What has no tag is of this moment alone.
        key = self.response.headers.get("etag") or uuid4().hex
        return await self.services.files.get_or_make(key, write, self.settled.completed_on)

    def send(self, file: CachedFile, media_type: str) -> Response:
        """Return the response with a file of rows, a part of it, or 304."""
        headers = dict(self.response.headers)
        etag = headers.pop("etag", "").removeprefix("W/") or None
        return send(self.http.scope, file.path, file.rows, etag, media_type, headers)

    async def ask(self, question: Question[T]) -> T:
        """Return the answer to a question, and bind the response to its snapshot.

        Raises what `begin` raises, `SnapshotChanged` where the snapshot is another one than that of
        an earlier question, and `StoreBusy` where loads end again and again meanwhile.
        """
        if self._state is None:
            await self.begin()
        answer = await _Unnoted(self).ask(question)
        await self.note(answer)
        return answer

    async def note(self, answer: object) -> None:
        """Look up what has changed in the records of an answer since the snapshot `seen_in`."""
        if self._since:
            await self._since.note(answer, _Unnoted(self))

    async def begin(self) -> None:
        """Raise `NotModified` where `If-None-Match` names the answer, before anything is asked.

        Raises a problem for a snapshot or a cursor that is not the current one's.
        """
        state = await self.services.state_cache.current()
        if state.loading or self.http.method != "GET":
            return
        etag = self.services.etag(state, self.http.scope)
        if state.snapshot is not None and match(self.http.scope, etag):
            self._check(state)
            raise NotModified({"ETag": etag, "Cache-Control": self._cache_control()})

    @property
    def removal(self) -> str | None:
        """What to say of data sets that were removed since `seen_in`; None where none was."""
        return self._since.removal if self._since else None

    def settle(self, state: State) -> None:
        """Bind the answer to a state.

        Raises `SnapshotChanged` where another load has ended since the state before.
        """
        if state.snapshot is None:
            raise not_loaded()
        if self._state is not None and _load_of(self._state) != _load_of(state):
            raise SnapshotChanged("A load ended while this was answered. Ask again.")
        self._check(state)
        if self._state is None and self._seen_in not in (None, state.snapshot):
            self._since = ChangesSince(self._seen_in, self._references())
        self._state = state
        self.label(state)

    def _references(self) -> frozenset[str] | None:
        """The values in the address, with the ids that it names; None where it names one tie."""
        if "tie_type" in self.http.path_params:
            return None
        values = [*self.http.path_params.values(), *self.http.query_params.values()]
        return frozenset(part for value in values for part in str(value).split(","))

    def _check(self, state: State) -> None:
        pinned = self._pinned
        if pinned is not None and pinned != state.snapshot:
            raise snapshot_not_current(pinned, state.snapshot)
        if self._cursor is not None and self._cursor.snapshot != state.snapshot:
            raise cursor_outdated(str(self.http.url.remove_query_params("cursor")))

    @property
    def texts(self) -> TextStore | None:
        """The texts that may be quoted to this client; None where none may."""
        return self.services.texts if may(self.http, "quotes") else None

    def holds_text(self, source: Source) -> bool:
        """Whether the text of a source is held and may be quoted to this client."""
        return self.texts is not None and (source.text_sha256 or "") in self.texts

    def label(self, state: State) -> None:
        """Set the headers that name the snapshot of the response."""
        if state.loading or self.http.method != "GET":
            self.response.headers["Cache-Control"] = "no-store"
            return
        self.response.headers["ETag"] = self.services.etag(state, self.http.scope)
        self.response.headers["Cache-Control"] = self._cache_control()

    def _cache_control(self) -> str:
        """Answers that quote passages, or were given to a key, must stay out of shared caches."""
        keyed = "authorization" in self.http.headers
        who = "private" if self.texts or keyed else "public"
        return f"{who}, no-cache"

    def meta(
        self,
        params: Read | None = None,
        notices: list[str] | None = None,
        sources: Collection[str] | None = None,
    ) -> Meta:
        """Return the `meta` of the answer; `sources` are the documents that its ties rest on."""
        state = self.settled
        timed = params if isinstance(params, GraphRead) else None
        licences = {dataset.licence for dataset in state.datasets}
        return Meta(
            snapshot=snapshot_ref(state),
            datasets=[DatasetRef.of(dataset) for dataset in state.datasets],
            loading=state.loading,
            as_of=timed.as_of if timed else None,
            known_by=timed.known_by if timed else None,
            certain=timed.certain if timed else False,
            documents=None if sources is None else len(sources),
            permalink=self.permalink(),
            licence=licences.pop() if len(licences) == 1 else None,
            notices=[*(self._since.notices() if self._since else []), *(notices or [])],
            since_seen=self._since.out() if self._since else None,
        )

    def permalink(self) -> str:
        """Return the address of this request, with its snapshot as `seen_in`."""
        bare = self.http.url.remove_query_params("snapshot")
        return str(bare.include_query_params(seen_in=self.snapshot))

    def after(self, cursor: str | None) -> list[object] | None:
        """Return the sort values after which a list continues; None at its start.

        Raises a problem for a cursor that cannot be read or that belongs to another question.
        """
        self._cursor = read_cursor(self.http, cursor) if cursor is not None else None
        return self._cursor.after if self._cursor else None

    def next(self, after: Sequence[object] | None) -> str | None:
        """Return the address of the next part of a list, and link to it."""
        address = next_address(self.http, self.snapshot, after)
        if address is not None:
            self.response.headers["Link"] = f'<{address}>; rel="next"'
        return address

    async def labels(self, names: Mapping[str, str], params: Read) -> Mapping[str, str]:
        """Return what entities are called in the language asked for, by id."""
        if params.lang == "en" or not names:
            return names
        return {**names, **await self.ask(entities.labels(list(names), params.lang))}


@dataclass(frozen=True, slots=True)
class _Unnoted:
    """What reads for a request, and does not look up what has changed in the records read."""

    request: GraphRequest

    async def ask(self, question: Question[T]) -> T:
        """Return the answer to a question, and bind the response to its snapshot."""
        result = await self.request.state_cache.ask(question)
        self.request.settle(result.state)
        return result.answer


def about(state: State) -> dict[str, str]:
    """Return what a file says of itself: its snapshot, and who made its data sets, as JSON."""
    datasets = [DatasetRef.of(dataset).model_dump() for dataset in state.datasets]
    return {
        "snapshot": str(state.snapshot),
        "datasets": json.dumps(datasets, ensure_ascii=False),
    }


def _load_of(state: State) -> tuple[str | None, datetime | None]:
    """What tells one load from all others: two may have one snapshot, and not one history."""
    return state.snapshot, state.completed_on


def snapshot_ref(state: State) -> SnapshotRef | None:
    """Return the snapshot of a state, or None before the first load."""
    if state.snapshot is None or state.completed_on is None:
        return None
    return SnapshotRef(id=state.snapshot, completed_on=state.completed_on)


async def _graph_request(request: Request, response: Response) -> GraphRequest:
    """A coroutine: FastAPI would call the class itself in a thread, which costs twice as much."""
    return GraphRequest(request, response)


class SnapshotChanged(StoreBusy):
    """Raised where two statements of one answer read different snapshots."""


class SnapshotRoute(APIRoute):
    """A route whose answer is made from one snapshot: it begins again when a load ends meanwhile.

    Raises `SnapshotChanged` after a few tries.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with its tries."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            for _ in range(_TRIES - 1):
                with suppress(SnapshotChanged):
                    return await handler(request)
            return await handler(request)

        return handle


RequestDep = Annotated[GraphRequest, Depends(_graph_request)]


def retrieval(request: GraphRequest, claims: Iterable[Claim]) -> Retrieval:
    """Return the address and snapshot of an answer to cite, with the data sets of its claims.

    To be called after the first question.
    """
    state = request.settled
    assert state.snapshot and state.completed_on
    ids = {claim.dataset for claim in claims}
    datasets = [dataset for dataset in state.datasets if dataset.id in ids]
    return Retrieval(request.permalink(), state.snapshot, datasets, state.completed_on.date())
