"""What has changed since a snapshot: record by record, and for the records of one answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, LiteralString

from graph.changes import Change, ChangeName, Kind, RecordKey, fold, read_change
from graph.model import Claim, Entity, Source, TieKey
from graph.queries.parts import Found
from graph.queries.tie_graphs import Node
from graph.question import Question, Row


@dataclass(frozen=True, slots=True)
class Listed:
    """A change, and what its record is called now: of a tie, both of its ends.

    `names` has the labels by ids, without those that are gone.
    """

    change: Change
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """How many records of a kind had the same happen to them, whatever is asked for."""

    kind: Kind
    change: ChangeName
    total: int


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of what changed, in the order of kind and id, with totals over all of it.

    `next_after` is the place to go on after, or None at the end.
    """

    found: Found[Listed]
    next_after: list[str] | None
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class UnknownSnapshot:
    """There is no such snapshot; `newest` are the last ones that there are, the newest first."""

    newest: tuple[str, ...]


#: The numbers of the load that was asked for and of the current one; null where there is none.
_NUMBERS: LiteralString = (
    "WITH head(COLLECT { MATCH (s:Snapshot {id: $since}) RETURN s.sequence }) AS since, "
    "head(COLLECT { MATCH (:Sightlines {id: 'store'})-[:CURRENT]->(s:Snapshot) "
    "RETURN s.sequence }) AS now "
)
#: The changes `n` in between. Those of a load that is not complete have a higher number.
_BETWEEN: LiteralString = "MATCH (n:Change) WHERE n.sequence > since AND n.sequence <= now "
#: A change `n` as a map, with the labels that its record or its ends have now.
_MAP: LiteralString = (
    "n {.kind, .record, .before, .after, names: CASE n.kind "
    "WHEN 'entity' THEN COLLECT { MATCH (e:Entity {id: n.record}) RETURN [e.id, e.name] } "
    "WHEN 'source' THEN COLLECT { MATCH (s:Source {id: n.record}) RETURN [s.id, s.title] } "
    "WHEN 'claim' THEN COLLECT { MATCH (c:Claim {id: n.record}) RETURN [c.id, c.summary] } "
    "WHEN 'tie' THEN COLLECT { UNWIND split(n.record, '/') AS id "
    "MATCH (e:Entity {id: id}) RETURN [e.id, e.name] } ELSE [] END}"
)


def changes(
    since: str,
    *,
    kinds: Sequence[Kind] = (),
    named: Sequence[ChangeName] = (),
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Question[Changes | UnknownSnapshot]:
    """Ask what changed from a snapshot to the current one, over all loads between.

    A record that is as it was then is not among it. `kinds` and `named` (what happened) keep those
    only, and none given keeps all.
    """
    cypher: LiteralString = (
        _NUMBERS
        # Most records change once, and are counted and paged where they lie. Those that change
        # more often are read, all of them: what their changes come to is for `fold` to say.
        + "CALL (since, now) { "
        + _BETWEEN
        + "WITH n.kind AS kind, n.record AS record, "
        "count(*) AS steps, min(n.change) AS change WHERE steps = 1 "
        "WITH kind, change, count(*) AS total RETURN collect([kind, change, total]) AS once } "
        "CALL (since, now) { " + _BETWEEN + "WITH n.kind AS kind, n.record AS record, "
        "collect(n) AS steps WHERE size(steps) > 1 UNWIND steps AS n "
        "WITH n ORDER BY n.sequence RETURN collect(" + _MAP + ") AS several } "
        "CALL (since, now) { " + _BETWEEN + "AND (size($kinds) = 0 OR n.kind IN $kinds) "
        "WITH n.kind AS kind, n.record AS record, collect(n) AS steps WHERE size(steps) = 1 "
        "WITH kind, record, head(steps) AS n "
        "WHERE (size($named) = 0 OR n.change IN $named) "
        "AND ($after IS NULL OR [kind, record] > $after) "
        "WITH kind, record, n ORDER BY kind, record LIMIT $limit + 1 "
        "RETURN collect(" + _MAP + ") AS page } "
        "RETURN since, once, several, page, CASE WHEN since IS NULL THEN COLLECT { "
        "MATCH (s:Snapshot) RETURN s.id ORDER BY s.sequence DESC LIMIT 5 } END AS newest"
    )

    def read(rows: Sequence[Row]) -> Changes | UnknownSnapshot:
        row = rows[0]
        if row["since"] is None:
            return UnknownSnapshot(tuple(row["newest"]))
        several = _listed(row["several"])
        groups = _groups(row["once"], several)
        fit = [g for g in groups if _among(g.kind, kinds) and _among(g.change, named)]
        found = [
            *_listed(row["page"]),
            *(
                item
                for item in several
                if _among(item.change.key.kind, kinds)
                and _among(item.change.change, named)
                and (after is None or item.change.key > tuple(after))
            ),
        ]
        found.sort(key=lambda item: item.change.key)
        page, more = tuple(found[:limit]), len(found) > limit
        return Changes(
            found=Found(page, sum(group.total for group in fit), more),
            next_after=list(page[-1].change.key) if more and page else None,
            groups=groups,
        )

    parameters = {
        "since": since,
        "kinds": list(kinds),
        "named": list(named),
        "after": list(after) if after is not None else None,
        "limit": limit,
    }
    return Question(cypher, read, parameters, seconds=30.0)


def _among(value: str, asked: Sequence[str]) -> bool:
    return not asked or value in asked


def _listed(rows: Iterable[Row]) -> list[Listed]:
    """Fold rows, which come in the order of the loads, to one change a record."""
    names: dict[str, str] = {}
    steps = []
    for row in rows:
        steps.append(read_change(row))
        names |= dict(row["names"])
    return [Listed(c, {i: names[i] for i in _named(c.key) if i in names}) for c in fold(steps)]


def _named(key: RecordKey) -> Sequence[str]:
    return key.id.split("/")[::2] if key.kind == "tie" else [key.id]


def _groups(
    once: Iterable[tuple[Kind, ChangeName, int]], several: Iterable[Listed]
) -> tuple[Group, ...]:
    totals: Counter[tuple[Kind, ChangeName]] = Counter()
    for kind, change, total in once:
        totals[kind, change] += total
    totals.update((item.change.key.kind, item.change.change) for item in several)
    return tuple(Group(*group, total) for group, total in sorted(totals.items()))


@dataclass(frozen=True, slots=True)
class SinceSeen:
    """What became of some records since a snapshot, and of the claims that their ties have lost.

    `superseded` has, for each such claim, the live one that stands in its place.
    """

    changes: tuple[Listed, ...]
    superseded: dict[str, str]


#: The changes of the record with the key `key` in between, in the order of their index.
_OF_RECORD: LiteralString = (
    "MATCH (n:Change) WHERE n.id > key + '/' + right('00000000' + toString(since), 9) "
    "AND n.id <= key + '/' + right('00000000' + toString(now), 9) "
)


def since_seen(since: str, records: Iterable[RecordKey]) -> Question[SinceSeen | None]:
    """Ask what changed of some records from a snapshot to the current one; None if it is unknown.

    Claims that a tie among them has lost are told too, with what happened to them.
    """
    cypher: LiteralString = (
        _NUMBERS
        + "CALL (since, now) { UNWIND $records AS key "
        + _OF_RECORD
        + "WITH n ORDER BY n.sequence RETURN collect("
        + _MAP
        + ") AS found, collect(n.lost) AS lost } "
        "CALL (lost) { UNWIND lost AS ids UNWIND ids AS id "
        "RETURN collect(DISTINCT id) AS lost_ids } "
        "CALL (since, now, lost_ids) { UNWIND lost_ids AS id WITH since, now, 'claim/' + id AS key "
        + _OF_RECORD
        + "WITH n ORDER BY n.sequence RETURN collect("
        + _MAP
        + ") AS withdrawn } "
        "CALL (lost_ids) { UNWIND lost_ids AS id MATCH (:Claim {id: id})<-[:SUPERSEDES]-(c:Claim) "
        "WHERE c.retracted_on IS NULL RETURN collect([id, c.id]) AS superseded } "
        "RETURN since, found, withdrawn, superseded"
    )

    def read(rows: Sequence[Row]) -> SinceSeen | None:
        row = rows[0]
        if row["since"] is None:
            return None
        found = {item.change.key: item for item in _listed(row["found"])}
        lost = {RecordKey("claim", i) for item in found.values() for i in item.change.lost}
        withdrawn = {item.change.key: item for item in _listed(row["withdrawn"])}
        found |= {key: item for key, item in withdrawn.items() if key in lost}
        return SinceSeen(
            changes=tuple(item for _, item in sorted(found.items())),
            superseded={i: by for i, by in sorted(row["superseded"]) if ("claim", i) in lost},
        )

    keys = [f"{key.kind}/{key.id}" for key in records]
    return Question(cypher, read, {"since": since, "records": keys})


def records_in(answer: object) -> Iterator[RecordKey]:
    """Yield the entities, ties, claims and sources that the answer to any question holds.

    As often as they are met; those that it only names are passed over, unless by a `RecordKey`.
    """
    key = getattr(answer, "key", None)
    if isinstance(key, TieKey):  # A whole tie, or a row of a list, or as much as an analysis needs.
        yield RecordKey("tie", str(key))
        return
    match answer:
        case RecordKey():
            yield answer
        case Entity() | Node():
            yield RecordKey("entity", answer.id)
        case Claim():
            yield RecordKey("claim", answer.id)
        case Source():
            yield RecordKey("source", answer.id)
        case Mapping():
            yield from records_in(tuple(answer.values()))
        case tuple() | list():
            for item in answer:
                yield from records_in(item)
        case _ if is_dataclass(answer):
            for part in fields(answer):
                yield from records_in(getattr(answer, part.name))
