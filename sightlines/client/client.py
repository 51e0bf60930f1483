"""The client: a method for each question that the API answers.

Keyword arguments are the API's parameters under their own names, `from_` and `in_` for the two
that are words of Python. Several values are alternatives. The API refuses what it does not know
and says what may be meant: `SightlinesProblem`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from importlib.metadata import version
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import httpx2
from pydantic import BaseModel

from api.answers.analyses import AnalysisList, FigureOut, KindList
from api.answers.changes import ChangePage
from api.answers.claims import ClaimOut, ClaimRecord
from api.answers.common import ChangeOut, Meta, Page
from api.answers.entities import EntityHit
from api.answers.lists import EntityRecord, Listing, TiePage
from api.answers.search import SearchHit, Suggestions
from api.answers.service import OntologyRecord, SnapshotOut, SnapshotRecord
from api.answers.sources import SourceItemOut, SourceRecord
from api.answers.ties import TieOut
from api.answers.whatif import WhatIfRecord
from api.http.headers import LONGEST_ADDRESS
from graph.errors import InputError
from graph.tables import TableName
from sightlines.client.answers import Graph, Paths, Rows, Tie
from sightlines.client.html import PageView
from sightlines.client.lists import Export, Records, Table
from sightlines.client.sending import Plain, Query, Sender, Value, path, query

ModelT = TypeVar("ModelT", bound=BaseModel)
ListT = TypeVar("ListT", bound=Page[Any])

#: Seconds: the longest that the API gives itself for a question is half of it.
_TIMEOUT = 60.0
_TIE_COLUMNS = ("sentence", "status", "origins", "first", "last")
_MOMENT = ("as_of", "known_by", "certain")
#: What pages take of a question; one that asks for more is shown as a table.
_OF_TIE_PAGES = {"lang", *_MOMENT}
_OF_PATH_PAGES = {"from", "to", "through", "type", "max_hops", "k", "lang", *_MOMENT}
#: Not `limit`: an answer's counts connections, and a page's entities.
_OF_GRAPH_PAGES = {
    "from", "to", "entity", "type", "status", "disputed", "min_origins", "source", "lang",
    *_MOMENT,
}  # fmt: skip
_OF_ENTITY_PAGES = {"depth", "limit", "type", "status", "lang", *_MOMENT}
#: What changes nothing of what a page shows.
_OF_NO_PAGE = {"snapshot", "seen_in", "include"}


class Client:
    """Asks one API of Sightlines.

    `key` is sent as it is given out by `sightlines keys`; `contact`, an address of yours, goes into
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
        name = f"sightlines-client/{version('sightlines')}"
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
        given = {"as_of": as_of, "known_by": known_by, "certain": certain}
        other = self._derived()
        other._moment = {name: value for name, value in given.items() if value is not None}
        return other

    def _derived(self) -> Client:
        other = copy.copy(self)
        other._own = False
        return other

    def _current(self) -> str:
        found = self._sender.read(Page[SnapshotOut], "/v1/snapshots", [("limit", "1")])
        assert found.meta.snapshot is not None  # without one the API answers with a problem
        return found.meta.snapshot.id

    # Records.

    def entities(self, **asked: Value) -> Table[EntityHit, Listing[EntityHit]]:
        """List entities: `type`, `tag`, `id`, `min_ties`, `q`, `include`, `facet`, `sort`."""
        columns = ("id", "label", "type")
        return self._table("/v1/entities", asked, Listing[EntityHit], columns, "entities")

    def entity(self, entity_id: str, /, **asked: Value) -> EntityRecord:
        """Return one entity; of an id that is merged, the entity that it is merged into."""
        return self._read(EntityRecord, path("v1", "entities", entity_id), self._timed(asked))

    def entity_ties(self, entity_id: str, /, **asked: Value) -> Table[TieOut, TiePage]:
        """List the ties of an entity: `direction`, and the filters of `ties`.

        `answer.groups` has its totals by type and direction.
        """
        where = path("v1", "entities", entity_id, "ties")
        return self._table(where, asked, TiePage, _TIE_COLUMNS, "ties")

    def ties(self, **asked: Value) -> Table[TieOut, Listing[TieOut]]:
        """List ties: `from_`, `to`, `entity`, `type`, `status`, `disputed`, `min_origins`, …"""
        return self._table("/v1/ties", asked, Listing[TieOut], _TIE_COLUMNS, "ties")

    def tie(self, *key: str, **asked: Value) -> Tie:
        """Return one tie with its docket. Its key is `from/TYPE/to`, in one text or in three."""
        parts = "/".join(key).split("/")
        if len(parts) != 3:
            raise InputError(f"A tie is from/TYPE/to, such as tiandy/SUPPLIES/irgc, not {key}.")
        given = self._timed(asked)
        found = self._read(Tie, path("v1", "ties", *parts), given)
        found._view = self._page(path("tie", *parts), given, _OF_TIE_PAGES, found.meta)
        return found

    def claims(self, **asked: Value) -> Table[ClaimOut, Listing[ClaimOut]]:
        """List claims: `predicate`, `role="supplier:tiandy"`, `entity`, `source`, `speaker`, …"""
        columns = ("predicate", "summary", "when", "modality", "said_by")
        return self._table("/v1/claims", asked, Listing[ClaimOut], columns, "claims")

    def claim(self, claim_id: str, /, **asked: Value) -> ClaimRecord:
        """Return one claim; `retracted="include"` also one that was withdrawn or superseded."""
        return self._read(ClaimRecord, path("v1", "claims", claim_id), self._of(asked))

    def sources(self, **asked: Value) -> Table[SourceItemOut, Listing[SourceItemOut]]:
        """List sources: `kind`, `publisher`, `q`, …"""
        columns = ("id", "title", "publisher", "published")
        return self._table("/v1/sources", asked, Listing[SourceItemOut], columns, "sources")

    def source(self, source_id: str, /, **asked: Value) -> SourceRecord:
        """Return one source with the ids of its claims."""
        return self._read(SourceRecord, path("v1", "sources", source_id), self._of(asked))

    # Questions about the graph.

    def graph(self, **asked: Value) -> Graph:
        """Return the ties that pass the filters of `ties` as a graph, the strongest `limit`."""
        given = self._timed(asked)
        found = self._read(Graph, "/v1/graph", given)
        found._cut = len(found.edges) >= _bound(given, 500) and bool(found.meta.notices)
        found._view = self._page("/graph", given, _OF_GRAPH_PAGES, found.meta)
        return found

    def neighbourhood(self, entity_id: str, /, **asked: Value) -> Graph:
        """Return those around an entity and all ties between them: `depth`, `limit`, `type`, …"""
        given = self._timed(asked)
        found = self._read(Graph, path("v1", "entities", entity_id, "neighbourhood"), given)
        found._cut = len(found.nodes) >= _bound(given, 150) and bool(found.meta.notices)
        where = path("entity", entity_id)
        found._view = self._page(where, given, _OF_ENTITY_PAGES, found.meta)
        return found

    def paths(self, start: str, end: str, /, **asked: Value) -> Paths:
        """Return the best paths between two entities: `max_hops`, `k`, `type`, `through`."""
        given = self._timed({"from": start, "to": end, **asked})
        found = self._read(Paths, "/v1/paths", given)
        found._view = self._page("/path", given, _OF_PATH_PAGES, found.meta)
        return found

    def what_if(self, **asked: Value) -> WhatIfRecord:
        """Say what would become of ties: `without_source`, `without_speaker`, `without_claim`."""
        return self._read(WhatIfRecord, "/v1/what-if", self._timed(asked))

    def analyses(self) -> KindList:
        """List the kinds of analysis, with what each shows and does not show."""
        return self._read(KindList, "/v1/analyses", self._of({}))

    def analyse(self, kind: str, /, **asked: Value) -> Records[FigureOut, AnalysisList]:
        """Run an analysis over the ties that pass the filters; its figures are a list.

        `answer` says what it shows and does not show, and has the ties behind the figures.
        """
        given = self._timed({"limit": 500, **asked})
        where = path("v1", "analyses", kind)
        return Records(self._sender, where, given, AnalysisList, ("entities", "value", "words"))

    # Words.

    def search(self, q: str, /, **asked: Value) -> Records[SearchHit, Page[SearchHit]]:
        """Find entities, claims and sources by words in any script: `in_`, `type`, `limit`."""
        given = self._of({"q": q, **asked})
        columns = ("kind", "id", "label", "type")
        return Records(self._sender, "/v1/search", given, Page[SearchHit], columns)

    def suggest(self, q: str, /, **asked: Value) -> Suggestions:
        """Return the entities whose names begin so, for a field in which names are typed."""
        return self._read(Suggestions, "/v1/suggest", self._of({"q": q, **asked}))

    def ontology(self) -> OntologyRecord:
        """Return the types, predicates, roles and vocabularies that everything is said in."""
        return self._read(OntologyRecord, "/v1/ontology", [])

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
        asked = self._timed({"statement": statement, **options})
        short = [*asked, ("parameters", json.dumps(parameters))]
        if len(self._sender.address("/v1/cypher", short)) < LONGEST_ADDRESS:
            return self._read(Rows, "/v1/cypher", short)
        return self._sender.post(Rows, "/v1/cypher", {**dict(asked), "parameters": parameters})

    # Snapshots and whole tables.

    def snapshots(self, **asked: Value) -> Records[SnapshotOut, Page[SnapshotOut]]:
        """List the completed loads, the newest first."""
        given = self._of({"limit": 500, **asked})
        columns = ("id", "data_set", "completed_on")
        return Records(self._sender, "/v1/snapshots", given, Page[SnapshotOut], columns)

    def snapshot(self, snapshot_id: str, /) -> SnapshotRecord:
        """Return one load, with the files of its tables."""
        return self._read(SnapshotRecord, path("v1", "snapshots", snapshot_id), self._of({}))

    def changes(self, since: str, /, **asked: Value) -> Records[ChangeOut, ChangePage]:
        """List what changed since a snapshot, record by record: `kind`, `change`."""
        given = self._of({"since": since, **asked})
        columns = ("kind", "label", "change", "reason")
        return Records(self._sender, "/v1/changes", given, ChangePage, columns)

    def export(self, table: TableName, /) -> Export:
        """Return a whole table, ready-made: entities, ties, claims, claim_roles or sources."""
        if self._moment:
            raise InputError(
                f"A whole table has no moment; {table}().to_pandas() of this client has one."
            )
        folder = ("snapshots", self._snapshot) if self._snapshot else ("export",)
        return Export(self._sender, path("v1", *folder, table), table)

    # How a question is put together.

    def _of(self, asked: Mapping[str, Value]) -> Query:
        """What asks for the snapshot of this client, if it has one."""
        return query({"snapshot": self._snapshot, **asked})

    def _timed(self, asked: Mapping[str, Value]) -> Query:
        """What asks for the snapshot and the moment of this client."""
        return self._of({**self._moment, **asked})

    def _read(self, model: type[ModelT], where: str, asked: Query) -> ModelT:
        return self._sender.read(model, where, asked)

    def _table(
        self,
        where: str,
        asked: Mapping[str, Value],
        shape: type[ListT],
        columns: tuple[str, ...],
        table: TableName,
    ) -> Table[Any, ListT]:
        return Table(self._sender, where, self._timed(asked), shape, columns, table)

    def _page(self, where: str, asked: Query, taken: set[str], meta: Meta) -> PageView | None:
        """The page of a record, if there is one that shows just what was asked for."""
        if {name for name, _ in asked} - taken - _OF_NO_PAGE:
            return None
        shown = [(name, value) for name, value in asked if name not in _OF_NO_PAGE]
        return PageView(self._sender, where, shown, meta.snapshot.id if meta.snapshot else None)


def _bound(asked: Query, usual: int) -> int:
    return int(dict(asked).get("limit", usual))
