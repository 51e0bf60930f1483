"""The client: a method for each question that the API answers.

Keyword arguments are the API's parameters under their own names, `from_` and `in_` for the two
that are words of Python. Several values are alternatives. The API refuses what it does not know
and says what may be meant: `SightlinesProblem`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import httpx2
from pydantic import BaseModel

from sightlines import __version__
from sightlines.client.answers import Graph, Paths, Rows, Tie
from sightlines.client.html import PageView
from sightlines.client.lists import Export, Records, Table
from sightlines.client.objects import JsonObject, Meta, Page
from sightlines.client.transport import Plain, Query, Sender, Value, encode, path

ModelT = TypeVar("ModelT", bound=BaseModel)

#: Characters of an address. Longer statements are sent by POST: the API, and proxies before it,
#: refuse addresses that are much longer.
_LONGEST_ADDRESS = 8_000
#: Seconds: the longest that the API gives itself for a question is half of it.
_TIMEOUT = 60.0
_TIE_COLUMNS = ("sentence", "status", "independent", "first", "last")
_MOMENT = ("as_of", "known_by", "certain")
#: What pages take of a question; one that asks for more is shown as a table.
_OF_TIE_PAGES = {"lang", *_MOMENT}
_OF_PATH_PAGES = {"from", "to", "through", "type", "max_hops", "k", "lang", *_MOMENT}
#: Not `limit`: an answer's counts connections, and a page's entities.
_OF_GRAPH_PAGES = {
    "from", "to", "entity", "type", "status", "disputed", "min_independent", "source", "dataset",
    "lang",
    *_MOMENT,
}  # fmt: skip
_OF_ENTITY_PAGES = {"depth", "limit", "type", "status", "lang", *_MOMENT}
#: What changes nothing of what a page shows.
_OF_NO_PAGE = {"snapshot", "seen_in", "include"}


class Client:
    """Asks one API of Sightlines.

    `key` is sent as printed by `sightlines keys`; `contact`, an address of yours, goes into
    the client's name, so that whoever runs a public server can write to you. `http` is a client of
    httpx2 to send with, which stays open; without one, the client opens and closes its own.
    """

    def __init__(
        self,
        base: str = "http://127.0.0.1:8000",
        *,
        key: str | None = None,
        http: httpx2.Client | None = None,
        contact: str | None = None,
    ) -> None:
        name = f"sightlines-client/{__version__}"
        headers = {"User-Agent": f"{name} ({contact})" if contact else name}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        self._own = http is None
        http = httpx2.Client(timeout=_TIMEOUT) if http is None else http
        self._sender = Sender(http, base.rstrip("/"), headers)
        self._snapshot: str | None = None
        self._moment: Mapping[str, Value] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that this client has opened, those of derived clients with them."""
        if self._own:
            self._sender.http.close()

    def __repr__(self) -> str:
        of = [f"snapshot={self._snapshot}"] if self._snapshot else []
        of += [f"{name}={value}" for name, value in self._moment.items()]
        return f"<Client of {' '.join([self._sender.base, *of])}>"

    # Clients of one snapshot, and of one moment.

    def at(self, snapshot: str | None = None) -> Client:
        """Return a client whose answers are all of one snapshot, or raise `Outdated`.

        None is the current one. A notebook that begins so cannot mix two states of the graph.
        """
        other = self._derived()
        other._snapshot = snapshot or self._current()
        return other

    def moment(
        self,
        *,
        as_of: Plain | None = None,
        known_by: Plain | None = None,
        certain: bool | None = None,
    ) -> Client:
        """Return a client that asks for the world of a day, as it was known by a day.

        It holds for what has a moment: entities, ties, claims, sources, graphs, paths, what-if and
        analyses. A search, one claim, one source, changes and snapshots have none. A statement in
        Cypher gets the three as `$as_of`, `$known_by` and `$certain`, and must use them.
        """
        days = {"as_of": as_of, "known_by": known_by, "certain": certain}
        other = self._derived()
        other._moment = {name: value for name, value in days.items() if value is not None}
        return other

    def _derived(self) -> Client:
        other = copy.copy(self)
        other._own = False
        return other

    def _current(self) -> str:
        answer = self._sender.read(Page, "/v1/snapshots", [("limit", "1")])
        assert answer.meta.snapshot is not None  # without one the API answers with a problem
        return str(answer.meta.snapshot.id)

    # Records.

    def entities(self, **params: Value) -> Table:
        """List entities: `type`, `tag`, `dataset`, `min_ties`, `q`, `facet`, `sort`, …"""
        return self._table("/v1/entities", params, ("id", "label", "type"))

    def entity(self, entity_id: str, /, **params: Value) -> JsonObject:
        """Return one entity; of an id that is merged, the entity that it is merged into."""
        return self._read(JsonObject, path("v1", "entities", entity_id), self._timed(params))

    def entity_ties(self, entity_id: str, /, **params: Value) -> Table:
        """List the ties of an entity: `direction`, and the filters of `ties`.

        `answer.groups` has its totals by type and direction.
        """
        where = path("v1", "entities", entity_id, "ties")
        return self._table(where, params, _TIE_COLUMNS)

    def ties(self, **params: Value) -> Table:
        """List ties: `from_`, `to`, `entity`, `type`, `status`, `disputed`, `dataset`, …"""
        return self._table("/v1/ties", params, _TIE_COLUMNS)

    def tie(self, *key: str, **params: Value) -> Tie:
        """Return one tie with its docket. Its key is `from/TYPE/to`, in one text or in three."""
        parts = "/".join(key).split("/")
        if len(parts) != 3:
            raise ValueError(f"A tie is from/TYPE/to, such as tiandy/SUPPLIES/irgc, not {key}.")
        query = self._timed(params)
        answer = self._read(Tie, path("v1", "ties", *parts), query)
        answer._view = self._page(path("tie", *parts), query, _OF_TIE_PAGES, answer.meta)
        return answer

    def claims(self, **params: Value) -> Table:
        """List claims: `predicate`, `role="supplier:tiandy"`, `entity`, `source`, `dataset`, …"""
        columns = ("predicate", "summary", "when", "modality", "said_by")
        return self._table("/v1/claims", params, columns)

    def claim(self, claim_id: str, /, **params: Value) -> JsonObject:
        """Return one claim; `retracted="include"` also one that was withdrawn or superseded."""
        return self._read(JsonObject, path("v1", "claims", claim_id), self._of(params))

    def sources(self, **params: Value) -> Table:
        """List sources: `kind`, `publisher`, `dataset`, `q`, …"""
        columns = ("id", "title", "publisher", "published")
        return self._table("/v1/sources", params, columns)

    def source(self, source_id: str, /, **params: Value) -> JsonObject:
        """Return one source with the ids of its claims."""
        return self._read(JsonObject, path("v1", "sources", source_id), self._of(params))

    # Questions about the graph.

    def graph(self, **params: Value) -> Graph:
        """Return the ties that pass the filters of `ties` as a graph, the strongest `limit`."""
        query = self._timed(params)
        answer = self._read(Graph, "/v1/graph", query)
        answer._cut = len(answer.edges) >= _bound(query, 500) and bool(answer.meta.notices)
        answer._view = self._page("/graph", query, _OF_GRAPH_PAGES, answer.meta)
        return answer

    def neighbourhood(self, entity_id: str, /, **params: Value) -> Graph:
        """Return those around an entity and all ties between them: `depth`, `limit`, `type`, …"""
        query = self._timed(params)
        answer = self._read(Graph, path("v1", "entities", entity_id, "neighbourhood"), query)
        answer._cut = len(answer.nodes) >= _bound(query, 150) and bool(answer.meta.notices)
        where = path("entity", entity_id)
        answer._view = self._page(where, query, _OF_ENTITY_PAGES, answer.meta)
        return answer

    def paths(self, start: str, end: str, /, **params: Value) -> Paths:
        """Return the best paths between two entities: `max_hops`, `k`, `type`, `through`."""
        query = self._timed({"from": start, "to": end, **params})
        answer = self._read(Paths, "/v1/paths", query)
        answer._view = self._page("/path", query, _OF_PATH_PAGES, answer.meta)
        return answer

    def what_if(self, **params: Value) -> JsonObject:
        """Say what would become of ties: `without_source`, `without_speaker`, `without_claim`."""
        return self._read(JsonObject, "/v1/what-if", self._timed(params))

    def analyses(self) -> Page:
        """List the kinds of analysis, with what each shows and does not show."""
        return self._read(Page, "/v1/analyses", self._of({}))

    def analyse(self, kind: str, /, **params: Value) -> Records:
        """Run an analysis over the ties that pass the filters; its figures are a list.

        `answer` says what it shows and does not show, and has the ties behind the figures.
        """
        query = self._timed({"limit": 500, **params})
        where = path("v1", "analyses", kind)
        return Records(self._sender, where, query, ("entities", "value", "words"))

    # Words.

    def search(self, q: str, /, **params: Value) -> Records:
        """Find entities, claims and sources by words in any script: `in_`, `type`, `limit`."""
        query = self._of({"q": q, **params})
        columns = ("kind", "id", "label", "type")
        return Records(self._sender, "/v1/search", query, columns)

    def suggest(self, q: str, /, **params: Value) -> JsonObject:
        """Return the entities whose names begin so, for a field in which names are typed."""
        return self._read(JsonObject, "/v1/suggest", self._of({"q": q, **params}))

    def ontology(self) -> JsonObject:
        """Return the types, predicates, roles and vocabularies that everything is said in."""
        return self._read(JsonObject, "/v1/ontology", [])

    def cypher(
        self,
        statement: str,
        /,
        *,
        max_rows_: int | None = None,
        timeout_ms_: int | None = None,
        expand_: Literal["evidence"] | None = None,
        **parameters: Any,
    ) -> Rows:
        """Run a statement that only reads; its parameters are the keywords.

        What the API takes beside them ends with an underscore, so that it hides no parameter.
        """
        options = {"max_rows": max_rows_, "timeout_ms": timeout_ms_, "expand": expand_}
        query = self._timed({"statement": statement, **options})
        short = [*query, ("parameters", json.dumps(parameters))]
        if len(self._sender.address("/v1/cypher", short)) < _LONGEST_ADDRESS:
            return self._read(Rows, "/v1/cypher", short)
        return self._sender.post(Rows, "/v1/cypher", {**dict(query), "parameters": parameters})

    # Snapshots and whole tables.

    def datasets(self) -> Records:
        """List the data sets of the store: who made each, under which licence, what it holds."""
        columns = ("id", "title", "author", "licence", "loaded_at")
        return Records(self._sender, "/v1/datasets", self._of({}), columns)

    def snapshots(self, **params: Value) -> Records:
        """List the completed loads, the newest first."""
        query = self._of({"limit": 500, **params})
        columns = ("id", "completed_on")
        return Records(self._sender, "/v1/snapshots", query, columns)

    def snapshot(self, snapshot_id: str, /) -> JsonObject:
        """Return one load, with the files of its tables."""
        return self._read(JsonObject, path("v1", "snapshots", snapshot_id), self._of({}))

    def changes(self, since: str, /, **params: Value) -> Records:
        """List what changed since a snapshot, record by record: `kind`, `change`."""
        query = self._of({"since": since, **params})
        columns = ("kind", "label", "change", "reason")
        return Records(self._sender, "/v1/changes", query, columns)

    def export(self, table: str, /) -> Export:
        """Return a whole table, ready-made: entities, ties, claims, claim_roles or sources."""
        if self._moment:
            raise ValueError(
                f"A whole table has no moment; {table}().to_pandas() of this client has one."
            )
        folder = ("snapshots", self._snapshot) if self._snapshot else ("export",)
        return Export(self._sender, path("v1", *folder, table))

    # How a question is put together.

    def _of(self, params: Mapping[str, Value]) -> Query:
        """What asks for the snapshot of this client, if it has one."""
        return encode({"snapshot": self._snapshot, **params})

    def _timed(self, params: Mapping[str, Value]) -> Query:
        """What asks for the snapshot and the moment of this client."""
        return self._of({**self._moment, **params})

    def _read(self, model: type[ModelT], where: str, query: Query) -> ModelT:
        return self._sender.read(model, where, query)

    def _table(self, where: str, params: Mapping[str, Value], columns: tuple[str, ...]) -> Table:
        return Table(self._sender, where, self._timed(params), columns)

    def _page(self, where: str, query: Query, page_params: set[str], meta: Meta) -> PageView | None:
        """The page of a record, if there is one that shows just what was asked for."""
        if {name for name, _ in query} - page_params - _OF_NO_PAGE:
            return None
        page_query = [(name, value) for name, value in query if name not in _OF_NO_PAGE]
        snapshot = meta.snapshot.id if meta.snapshot else None
        return PageView(self._sender, where, page_query, snapshot)


def _bound(query: Query, usual: int) -> int:
    return int(dict(query).get("limit", usual))
