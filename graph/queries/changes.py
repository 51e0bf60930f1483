"""What has changed since a snapshot: record by record, and for the records of one answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, LiteralString

from graph.changes import Change, ChangeName, Kind, RecordKey, fold, read_change
from graph.model import Claim, Entity, Source, TieKey
from graph.queries.clauses import call, collect, lines, where
from graph.queries.neighbourhood import Node
from graph.question import Question, Row
from graph.wording import TieState


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A change, and what its record is called now: of a tie, both of its ends.

    `names` has the labels by ids, without those of records that no longer exist. `tie` is a tie as
    it is now, None where it is gone; `plural` is the number of its first end's name.
    """

    change: Change
    names: dict[str, str]
    tie: TieState | None = None
    plural: bool = False


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many records of a kind had the same happen to them, whatever the filters say."""

    kind: Kind
    change: ChangeName
    total: int


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of changes, in the order of kind and id, with totals over all of them.

    `next_after` is the position to go on after, or None at the end.
    """

    items: tuple[RecordChange, ...]
    total: int
    next_after: list[str] | None
    groups: tuple[ChangeCount, ...]


@dataclass(frozen=True, slots=True)
class UnknownSnapshot:
    """There is no such snapshot; `newest` are the last ones that there are, the newest first."""

    newest: tuple[str, ...]


#: The numbers of the load that is asked about and of the current one; null where there is none.
_NUMBERS: LiteralString = """WITH head(COLLECT {
    MATCH (s:Snapshot {id: $since})
    RETURN s.sequence
  }) AS since, head(COLLECT {
    MATCH (:Sightlines {id: 'store'})-[:CURRENT]->(s:Snapshot)
    RETURN s.sequence
  }) AS now"""
#: The changes `n` in between. Those of a load that is not complete have a higher number.
_BETWEEN: LiteralString = "MATCH (n:Change) WHERE n.sequence > since AND n.sequence <= now"
#: A change `n` as a map, with the labels that its record or its ends have now, and with what the
#: sentence of a tie needs.
_MAP: LiteralString = """n {.kind, .record, .before, .after, names: CASE n.kind
  WHEN 'entity' THEN COLLECT { MATCH (e:Entity {id: n.record}) RETURN [e.id, e.name] }
  WHEN 'source' THEN COLLECT { MATCH (s:Source {id: n.record}) RETURN [s.id, s.title] }
  WHEN 'claim' THEN COLLECT { MATCH (c:Claim {id: n.record}) RETURN [c.id, c.summary] }
  WHEN 'tie' THEN COLLECT {
    UNWIND split(n.record, '/') AS id MATCH (e:Entity {id: id}) RETURN [e.id, e.name] }
  ELSE []
END, tie: head(COLLECT { WITH split(n.record, '/') AS key
  MATCH (a:Entity {id: key[0]})-[r:!JUDGED]->(b:Entity {id: key[2]})
  WHERE type(r) = key[1] AND r.id = n.record
  RETURN [r.status, r.disputed, coalesce(r.inferred, []), r.intermediary, r.past, a.plural] })}"""


def changes(
    since: str,
    *,
    kinds: Sequence[Kind] = (),
    names: Sequence[ChangeName] = (),
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Question[Changes | UnknownSnapshot]:
    """Ask what changed from a snapshot to the current one, over all loads between.

    A record that is as it was then is omitted. `kinds` and `names` (of what happened) keep those
    only; none keep all.
    """
    more: list[LiteralString] = ["AND n.kind IN $kinds"] if kinds else []
    conditions: list[LiteralString] = ["n.change IN $names"] if names else []
    if after is not None:
        conditions.append("[kind, record] > $after")
    # Most records change once, and are counted and paged where they lie. Those that change more
    # often are read, all of them: what their changes come to is for `fold` to say.
    cypher = lines(
        _NUMBERS,
        call(
            "since, now",
            _BETWEEN,
            "WITH n.kind AS kind, n.record AS record, count(*) AS steps, min(n.change) AS change",
            "WHERE steps = 1",
            "WITH kind, change, count(*) AS total",
            "RETURN collect([kind, change, total]) AS once",
        ),
        call(
            "since, now",
            _BETWEEN,
            "WITH n.kind AS kind, n.record AS record, collect(n) AS steps",
            "WHERE size(steps) > 1",
            "UNWIND steps AS n",
            "WITH n ORDER BY n.sequence",
            "RETURN collect(n) AS several",
        ),
        call(
            "since, now",
            _BETWEEN,
            *more,
            "WITH n.kind AS kind, n.record AS record, collect(n) AS steps",
            "WHERE size(steps) = 1",
            "WITH kind, record, head(steps) AS n",
            where(*conditions),
            "WITH kind, record, n ORDER BY kind, record LIMIT $limit + 1",
            "RETURN collect(n) AS page",
        ),
        call(
            "several, page",
            "UNWIND several + page AS n",
            "RETURN collect(" + _MAP + ") AS maps",
        ),
        "RETURN since, once, size(several) AS several, maps, CASE WHEN since IS NULL THEN "
        + collect("MATCH (s:Snapshot)", "RETURN s.id ORDER BY s.sequence DESC LIMIT 5")
        + " END AS newest",
    )

    def read(rows: Sequence[Row]) -> Changes | UnknownSnapshot:
        row = rows[0]
        if row["since"] is None:
            return UnknownSnapshot(tuple(row["newest"]))
        several = _folded(row["maps"][: row["several"]])
        groups = _groups(row["once"], several)
        total = sum(g.total for g in groups if _passes(g.kind, kinds) and _passes(g.change, names))
        items = [
            *_folded(row["maps"][row["several"] :]),
            *(
                item
                for item in several
                if _passes(item.change.key.kind, kinds)
                and _passes(item.change.change, names)
                and (after is None or item.change.key > tuple(after))
            ),
        ]
        items.sort(key=lambda item: item.change.key)
        page = tuple(items[:limit])
        more = len(items) > limit and page
        return Changes(page, total, list(page[-1].change.key) if more else None, groups)

    parameters = {
        "since": since,
        "kinds": list(kinds),
        "names": list(names),
        "after": list(after) if after is not None else None,
        "limit": limit,
    }
    return Question(cypher, read, parameters, seconds=30.0)


def _passes(value: str, values: Sequence[str]) -> bool:
    return not values or value in values


def _folded(rows: Iterable[Row]) -> list[RecordChange]:
    """Fold rows, which come in the order of the loads, to one change a record."""
    names: dict[str, str] = {}
    now: dict[RecordKey, list[Any]] = {}
    steps = []
    for row in rows:
        steps.append(read_change(row))
        names |= dict(row["names"])
        if row["tie"]:
            now[steps[-1].key] = row["tie"]
    return [_record_change(change, names, now.get(change.key)) for change in fold(steps)]


def _record_change(change: Change, names: Mapping[str, str], now: list[Any] | None) -> RecordChange:
    labels = {i: names[i] for i in _ids(change.key) if i in names}
    if now is None:
        return RecordChange(change, labels)
    *state, plural = now
    tie = TieState(TieKey(*change.key.id.split("/")), *state)
    return RecordChange(change, labels, tie, bool(plural))


def _ids(key: RecordKey) -> Sequence[str]:
    """Return the ids of the records that a change is named after: of a tie, those of its ends."""
    return key.id.split("/")[::2] if key.kind == "tie" else [key.id]


def _groups(
    once: Iterable[tuple[Kind, ChangeName, int]], several: Iterable[RecordChange]
) -> tuple[ChangeCount, ...]:
    totals: Counter[tuple[Kind, ChangeName]] = Counter()
    for kind, change, total in once:
        totals[kind, change] += total
    totals.update((item.change.key.kind, item.change.change) for item in several)
    return tuple(ChangeCount(*group, total) for group, total in sorted(totals.items()))


def snapshot_before(day: date) -> Question[str | None]:
    """Ask for the last snapshot that was complete when a day began, in UTC; None if none was."""
    cypher = lines(
        "MATCH (s:Snapshot) WHERE s.completed_on < datetime({date: $day, timezone: 'Z'})",
        "RETURN s.id AS id ORDER BY s.sequence DESC LIMIT 1",
    )
    return Question(cypher, lambda rows: rows[0]["id"] if rows else None, {"day": day})


@dataclass(frozen=True, slots=True)
class LaterChanges:
    """What became of some records since a snapshot, and of the claims that their ties have lost.

    `superseded` has, for each such claim, the live one that replaces it.
    """

    changes: tuple[RecordChange, ...]
    superseded: dict[str, str]


#: The changes of the record with the key `key` in between, in the order of their index.
_OF_RECORD: LiteralString = (
    "MATCH (n:Change) WHERE n.id > key + '/' + right('00000000' + toString(since), 9)\n"
    "  AND n.id <= key + '/' + right('00000000' + toString(now), 9)"
)


def later_changes(since: str, records: Iterable[RecordKey]) -> Question[LaterChanges | None]:
    """Ask what changed of some records from a snapshot to the current one; None if it is unknown.

    Claims that a tie among them has lost are included, with what happened to them.
    """
    cypher = lines(
        _NUMBERS,
        call(
            "since, now",
            "UNWIND $records AS key",
            _OF_RECORD,
            "WITH n ORDER BY n.sequence",
            "RETURN collect(" + _MAP + ") AS changes, collect(n.lost) AS lost",
        ),
        call(
            "lost", "UNWIND lost AS ids UNWIND ids AS id", "RETURN collect(DISTINCT id) AS lost_ids"
        ),
        call(
            "since, now, lost_ids",
            "UNWIND lost_ids AS id",
            "WITH since, now, 'claim/' + id AS key",
            _OF_RECORD,
            "WITH n ORDER BY n.sequence",
            "RETURN collect(" + _MAP + ") AS withdrawals",
        ),
        call(
            "lost_ids",
            "UNWIND lost_ids AS id",
            "MATCH (:Claim {id: id})<-[:SUPERSEDES]-(c:Claim) WHERE c.retracted_on IS NULL",
            "RETURN collect([id, c.id]) AS superseded",
        ),
        "RETURN since, changes, withdrawals, superseded",
    )

    def read(rows: Sequence[Row]) -> LaterChanges | None:
        row = rows[0]
        if row["since"] is None:
            return None
        changes = {item.change.key: item for item in _folded(row["changes"])}
        losses = {RecordKey("claim", i) for item in changes.values() for i in item.change.lost}
        withdrawals = {item.change.key: item for item in _folded(row["withdrawals"])}
        changes |= {key: item for key, item in withdrawals.items() if key in losses}
        return LaterChanges(
            changes=tuple(item for _, item in sorted(changes.items())),
            superseded={i: by for i, by in sorted(row["superseded"]) if ("claim", i) in losses},
        )

    keys = [f"{key.kind}/{key.id}" for key in records]
    return Question(cypher, read, {"since": since, "records": keys})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The ids of entities and sources by which records that are gone belong to an answer.

    A tie that is gone belongs to it with one end in `ids`, or with both in `both_ends`; a withdrawn
    claim belongs to it if it names one of `ids`.
    """

    ids: Collection[str] = ()
    both_ends: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class GoneSince:
    """What is gone since a snapshot: ties and retracted claims, and what replaces other claims."""

    keys: tuple[RecordKey, ...]
    superseded: dict[str, str]


def gone_since(since: str, around: Surroundings) -> Question[GoneSince]:
    """Ask which ties and claims around an answer are gone since a snapshot.

    A tie may be back since; `later_changes` tells what it all came to.
    """
    cypher = lines(
        _NUMBERS,
        call(
            "since, now",
            _BETWEEN,
            "WITH n, split(n.record, '/') AS key",
            "WHERE n.kind = 'tie' AND n.change = 'removed' AND (key[0] IN $ids OR key[2] IN $ids",
            "  OR (key[0] IN $both_ends AND key[2] IN $both_ends))",
            "RETURN collect(DISTINCT n.record) AS ties",
        ),
        call(
            "since, now",
            _BETWEEN,
            "AND n.kind = 'claim'",
            "MATCH (c:Claim {id: n.record})",
            "OPTIONAL MATCH (c)-[:SUPERSEDES]->(o:Claim) WHERE c.retracted_on IS NULL",
            "WITH n, c, o, coalesce(o, c) AS withdrawn",
            "WHERE (n.change = 'retracted' OR o IS NOT NULL)",
            "  AND EXISTS { MATCH (withdrawn)-->(x:Entity|Source) WHERE x.id IN $ids }",
            "RETURN collect(DISTINCT [c.id, o.id]) AS claims",
        ),
        "RETURN ties, claims",
    )

    def read(rows: Sequence[Row]) -> GoneSince:
        row = rows[0]
        retracted = [RecordKey("claim", i) for i, old in row["claims"] if old is None]
        superseded = {old: i for i, old in row["claims"] if old is not None}
        return GoneSince((*retracted, *(RecordKey("tie", i) for i in row["ties"])), superseded)

    parameters = {"since": since, "ids": list(around.ids), "both_ends": list(around.both_ends)}
    return Question(cypher, read, parameters)


def records_in(answer: object) -> Iterator[RecordKey]:
    """Yield the entities, ties, claims and sources in the answer to any question.

    One that occurs twice is yielded twice. Records that are only named are ignored, unless by a
    `RecordKey`.
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
