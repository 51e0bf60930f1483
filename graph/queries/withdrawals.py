"""What was there and is gone: claims that were withdrawn, and records that a load removed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, LiteralString

from graph.changes import RecordKey
from graph.language import gettext
from graph.model import TieKey, Withdrawal
from graph.ontology import ONTOLOGY, role_edge
from graph.queries.claims import LIVE
from graph.queries.clauses import call, lines
from graph.question import Question, Reader, Row
from graph.wording import day_in_words, withdrawal_in_words


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a record that was there: the code of the problem, and what explains it."""

    code: Literal["retracted", "superseded", "removed"]
    withdrawals: tuple[Withdrawal, ...] = ()
    removed_on: date | None = None

    def __str__(self) -> str:
        """Say it in whole sentences."""
        if self.removed_on is not None:
            return gettext("It was removed on %(day)s.", day=day_in_words(self.removed_on))
        return " ".join(
            gettext("Claim %(id)s: %(text)s", id=it.claim_id, text=withdrawal_in_words(it))
            for it in self.withdrawals
        )


async def fate_of(reader: Reader, key: RecordKey) -> Fate | None:
    """Return what became of a record that is not there; None if there never was one.

    A tie is gone with its last claim. Of records whose data set was removed nothing is kept.
    """
    if key.kind == "tie":
        losses = await reader.ask(tie_withdrawals(TieKey(*key.id.split("/"))))
        if losses:
            last = max(losses, key=lambda each: each.on)
            return Fate("superseded" if last.reason is None else "retracted", tuple(losses))
    day = await reader.ask(removal(key))
    return Fate("removed", removed_on=day) if day else None


def tie_withdrawals(key: TieKey) -> Question[list[Withdrawal]]:
    """Ask for the affirming claims of a tie that no longer count, whether or not it is there."""
    condition: LiteralString = (
        "c.polarity = 'affirmed' AND c.modality IN $modalities AND NOT (" + LIVE + ")"
    )
    clauses, parameters = claims_of_tie(key, condition)
    # An opinion or a question never drew the tie.
    modalities = [name for name, modality in ONTOLOGY.modalities.items() if modality.status]
    return _withdrawals([clauses, "WITH DISTINCT c"], {**parameters, "modalities": modalities})


def claim_withdrawals(claim_ids: Collection[str]) -> Question[list[Withdrawal]]:
    """Ask which of some claims no longer count; those that a load removed are omitted."""
    match: LiteralString = "MATCH (c:Claim) WHERE c.id IN $ids AND NOT (" + LIVE + ")"
    return _withdrawals([match], {"ids": sorted(claim_ids)})


def all_withdrawals() -> Question[list[Withdrawal]]:
    """Ask for all claims that no longer count."""
    match: LiteralString = "MATCH (c:Claim) WHERE c.content_hash IS NOT NULL AND NOT (" + LIVE + ")"
    return replace(_withdrawals([match], {}), seconds=60.0)


def source_withdrawals(source_id: str) -> Question[list[Withdrawal]]:
    """Ask for the claims from a source that no longer count."""
    match: LiteralString = "MATCH (c:Claim)-[:FROM]->(:Source {id: $id}) WHERE NOT (" + LIVE + ")"
    return _withdrawals([match], {"id": source_id})


def entity_withdrawals(entity_id: str) -> Question[list[Withdrawal]]:
    """Ask for the claims about an entity, and what is merged into it, that no longer count.

    Claims that only quote it are not about it.
    """
    match: LiteralString = lines(
        "MATCH (x:Entity) WHERE x.id = $id OR x.canonical_id = $id",
        "MATCH (c:Claim)-[:!SAID_BY]->(x) WHERE NOT (" + LIVE + ")",
        "WITH DISTINCT c",
    )
    return _withdrawals([match], {"id": entity_id})


def _withdrawals(
    match: Sequence[LiteralString], parameters: dict[str, object]
) -> Question[list[Withdrawal]]:
    cypher = lines(
        *match,
        "OPTIONAL MATCH (c)<-[:SUPERSEDES]-(n:Claim) WHERE n.retracted_on IS NULL",
        "WITH c, n ORDER BY n.id",
        "WITH c, head(collect(n)) AS n",
        "RETURN c.id AS id, c.summary AS summary, c.retracted_reason AS reason, n.id AS by,",
        "  toString(coalesce(c.retracted_on, n.recorded_on)) AS on",
        "ORDER BY on, id",
    )
    return Question(cypher, lambda rows: [_withdrawal(row) for row in rows], parameters)


def _withdrawal(row: Row) -> Withdrawal:
    on = date.fromisoformat(row["on"])
    return Withdrawal(row["id"], row["summary"], on, row["reason"], row["by"])


def claims_of_tie(key: TieKey, condition: LiteralString) -> tuple[LiteralString, dict[str, object]]:
    """Return the clauses for the claims `c` with the predicate and the roles of a tie.

    Only claims that meet a condition, and none that tells the tie only jointly with others
    (`joint_claims`). An entity stands for all that are merged into it. One claim may be in several
    rows.
    """
    single: LiteralString = "($symmetric OR " + _fillers("p") + " = 1 OR " + _fillers("q") + " = 1)"
    return (
        _claims_between(condition, single),
        {
            "source": key.source,
            "target": key.target,
            "ways": _ways([key.type]),
            "symmetric": key.symmetric,
        },
    )


def joint_claims(
    source: str, target: str, types: Sequence[str], condition: LiteralString
) -> tuple[LiteralString, dict[str, object]]:
    """Return the clauses for the claims `c` that tell ties only jointly with others.

    Those name both entities, or what is merged into them, in the roles of a tie of one of the
    types, each among several: they draw no such tie (domain.md, "Jointly"). One claim may be in
    several rows.
    """
    several: LiteralString = "(" + _fillers("p") + " > 1 AND " + _fillers("q") + " > 1)"
    # A tie without direction is one between the fillers of one role: it is told of each pair.
    every = ONTOLOGY.tie_types
    apart = [name for name in types if name in every and not every[name].symmetric]
    return (
        _claims_between(condition, several),
        {"source": source, "target": target, "ways": _ways(apart)},
    )


def claims_beside(ids: Sequence[str]) -> tuple[LiteralString, dict[str, object]]:
    """Return the clauses for the claims `c` that draw no tie between two entities, but might.

    The first entity has an `id` of some, or is merged into it; `y` is the second. The claims have
    the predicate and the roles of a tie, and their source did not find it, or they were withdrawn,
    or tell it jointly with others (`joint_claims`). One claim may be in several rows.
    """
    apart: LiteralString = "(c.polarity = 'not_found' OR NOT (" + LIVE + "))"
    # A tie without direction is told of each pair in one role.
    joint: LiteralString = (
        "type(p) <> type(q) AND " + _fillers("p") + " > 1 AND " + _fillers("q") + " > 1"
    )
    clauses = lines(
        "UNWIND $ids AS id",
        call(
            "id",
            "MATCH (x:Entity {id: id}) RETURN x",
            "UNION",
            "MATCH (x:Entity {canonical_id: id}) RETURN x",
        ),
        "MATCH (x)<-[p:!SAID_BY]-(c:Claim)",
        "MATCH (c)-[q:!SAID_BY]->(y:Entity)",
        "WHERE [c.predicate, type(p), type(q)] IN $ways",
        "  AND (" + apart + " OR " + joint + ")",
    )
    return clauses, {"ids": list(ids), "ways": _ways(ONTOLOGY.tie_types)}


def _ways(types: Collection[str]) -> list[list[str]]:
    """Return the predicates that project ties of some types, with the edges of both roles."""
    return [
        [name, role_edge(tie.source), role_edge(tie.target)]
        for name, predicate in ONTOLOGY.predicates.items()
        for tie in predicate.ties
        if tie.type in types
    ]


def _claims_between(condition: LiteralString, fillers: LiteralString) -> LiteralString:
    return lines(
        call("", *_all_of("x", "source")),
        # Both ends come first: so the edges of one that has many are gone through, and no further.
        call("x", *_all_of("y", "target")),
        "MATCH (x)<-[p:!SAID_BY]-(c:Claim)-[q:!SAID_BY]->(y)",
        "WHERE [c.predicate, type(p), type(q)] IN $ways",
        # The few that name both: what they say is looked at only then.
        "WITH DISTINCT c, p, q",
        "WHERE " + condition + " AND " + fillers,
    )


def _all_of(node: LiteralString, parameter: LiteralString) -> list[LiteralString]:
    """The clauses for an entity by its id in a parameter, and for those merged into it."""
    return [
        "MATCH (" + node + ":Entity {id: $" + parameter + "}) RETURN " + node,
        "UNION",
        "MATCH (" + node + ":Entity {canonical_id: $" + parameter + "}) RETURN " + node,
    ]


def _fillers(edge: LiteralString) -> LiteralString:
    """The expression for how many entities fill the role of an edge of the claim `c`."""
    return (
        "COUNT {\n  MATCH (c)-[o:!SAID_BY]->(e:Entity) WHERE type(o) = type(" + edge + ")\n"
        "  RETURN DISTINCT coalesce(e.canonical_id, e.id)\n}"
    )


def removal(key: RecordKey) -> Question[date | None]:
    """Ask on which day the load was complete that removed a record; None if none did."""
    cypher = lines(
        "MATCH (n:Change) WHERE n.id STARTS WITH $key",
        "WITH n ORDER BY n.id DESC LIMIT 1",
        "MATCH (s:Snapshot) WHERE n.change = 'removed' AND s.sequence >= n.sequence",
        "RETURN toString(date(s.completed_on)) AS day ORDER BY s.sequence LIMIT 1",
    )
    return Question(cypher, _day, {"key": f"{key.kind}/{key.id}/"})


def dataset_removal(dataset_id: str) -> Question[date | None]:
    """Ask on which day a data set went that a snapshot had; None if no snapshot had it."""
    cypher = lines(
        "MATCH (had:Snapshot) WHERE $id IN had.datasets",
        "WITH max(had.sequence) AS last",
        "MATCH (s:Snapshot) WHERE s.sequence > last",
        "RETURN toString(date(s.completed_on)) AS day ORDER BY s.sequence LIMIT 1",
    )
    return Question(cypher, _day, {"id": dataset_id})


def removed_sets(snapshot_id: str) -> Question[dict[str, date]]:
    """Ask which data sets of a snapshot are no longer there, and on which day each went."""
    cypher = lines(
        "MATCH (n:Snapshot {id: $id}) UNWIND n.datasets AS id",
        "WITH id WHERE NOT EXISTS { MATCH (:Dataset {id: id}) }",
        call(
            "id",
            "MATCH (had:Snapshot) WHERE id IN had.datasets",
            "WITH max(had.sequence) AS last",
            "MATCH (s:Snapshot) WHERE s.sequence > last",
            "RETURN toString(date(s.completed_on)) AS day ORDER BY s.sequence LIMIT 1",
        ),
        "RETURN id, day ORDER BY id",
    )
    return Question(
        cypher,
        lambda rows: {row["id"]: date.fromisoformat(row["day"]) for row in rows},
        {"id": snapshot_id},
    )


def _day(rows: Sequence[Row]) -> date | None:
    return date.fromisoformat(rows[0]["day"]) if rows else None
