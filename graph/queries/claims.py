"""Claims: one, lists of them, and the tables of whole claims and of their roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, LiteralString

from graph.fold import words
from graph.model import Claim, Source
from graph.ontology import ONTOLOGY, role_edge
from graph.queries.lists import (
    UNKNOWN,
    Asking,
    Filter,
    Key,
    Listed,
    Listing,
    Table,
    listed,
)
from graph.queries.parts import CLAIM, SOURCE, claim_of, names_in, sources_of
from graph.queries.ties import Moment
from graph.question import Question, Row

Retracted = Literal["exclude", "include", "only"]
ORDER = ("id",)

#: Whether a claim `c` counts: it is not retracted, and no claim that counts stands in for it.
LIVE: LiteralString = (
    "c.retracted_on IS NULL AND NOT EXISTS { MATCH (c)<-[:SUPERSEDES]-(n:Claim) "
    "WHERE n.retracted_on IS NULL }"
)
#: Whether its fact held, and whether its source was out, at a `Moment`.
HELD: LiteralString = (
    "CASE WHEN $certain THEN c.surely_from <= $as_of <= c.surely_to "
    "ELSE c.held_from <= $as_of <= c.held_to END"
)
KNOWN: LiteralString = (
    "CASE WHEN $certain THEN c.surely_known_from ELSE c.known_from END <= $known_by"
)
_SURE: LiteralString = (
    "($as_of IS NULL OR c.surely_from <= $as_of <= c.surely_to) "
    "AND ($known_by IS NULL OR c.surely_known_from <= $known_by)"
)
_MATCH: LiteralString = "CASE WHEN " + _SURE + " THEN 'yes' ELSE 'possibly' END"
_SUPERSEDED_BY: LiteralString = (
    "head(COLLECT { MATCH (c)<-[:SUPERSEDES]-(n:Claim) WHERE n.retracted_on IS NULL "
    "RETURN n.id ORDER BY n.id })"
)
_SOURCE: LiteralString = "head([(c)-[:FROM]->(s:Source) | s.id])"
_ROLES: LiteralString = "[(c)-[p:!SAID_BY]->(x:Entity) | [type(p), p.position, x.id]]"
_CHAIN: LiteralString = "[(c)-[p:SAID_BY]->(x) | [p.position, x.id]]"

#: From an entity `k` to each `m` that judgements make one with it, itself included.
_SAME: LiteralString = (
    "MATCH (k)((:Entity)-[j:JUDGED WHERE j.verdict = 'same']-(:Entity))*(m:Entity) "
)
_GIVEN: Mapping[str, LiteralString] = {
    "role": "CALL () { UNWIND $role AS pair MATCH (k:Entity {id: pair[1]}) " + _SAME
    + "RETURN collect(DISTINCT [pair[0], m.id]) AS role_pairs } ",
    "entity": "CALL () { MATCH (k:Entity) WHERE k.id IN $entity " + _SAME
    + "RETURN collect(DISTINCT m.id) AS entity_ids } ",
    "speaker": "CALL () { MATCH (k:Entity) WHERE k.id IN $speaker " + _SAME
    + "RETURN $speaker + collect(DISTINCT m.id) AS speaker_ids } ",
}  # fmt: skip

#: Where a list begins if it has such a filter: at an index.
_STARTS: Mapping[str, LiteralString] = {
    "id": "MATCH (c:Claim) WHERE c.id IN $id WITH c",
    "role": "UNWIND role_pairs AS pair MATCH (:Entity {id: pair[1]})<-[p]-(c:Claim) "
    "WHERE type(p) = pair[0] WITH DISTINCT c",
    "entity": "UNWIND entity_ids AS entity_id "
    "MATCH (:Entity {id: entity_id})<-[:!SAID_BY]-(c:Claim) WITH DISTINCT c",
    "source": "MATCH (c:Claim)-[:FROM]->(s:Source) WHERE s.id IN $source WITH c",
    "speaker": "MATCH (c:Claim)-[:SAID_BY]->(x:Source|Entity) WHERE x.id IN speaker_ids "
    "WITH DISTINCT c",
}

KEYS: Mapping[str, Key] = {
    "first": Key("coalesce(c.first, " + UNKNOWN + ")", "day"),
    "last": Key("coalesce(c.last, " + UNKNOWN + ")", "day"),
    "known": Key("c.known_from", "day"),
    "recorded": Key("c.recorded_on", "day"),
    "predicate": Key("c.predicate"),
    "source": Key(_SOURCE),
    "id": Key("c.id", indexed=True),
}
FACETS: Mapping[str, LiteralString] = {
    "predicate": "WITH c.predicate AS value, null AS label",
    "modality": "WITH c.modality AS value, null AS label",
    "polarity": "WITH c.polarity AS value, null AS label",
    "source": "MATCH (c)-[:FROM]->(s:Source) WITH s.id AS value, s.title AS label",
}
_LISTING = Listing(
    start="MATCH (c:Claim)",
    starts=_STARTS,
    keys=KEYS,
    last=("id",),
    facets=FACETS,
    possibly="NOT (" + _SURE + ")",
    undated="c.first IS NULL AND c.last IS NULL",
)


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """A claim with the sources of its chain, the labels of its entities, and what came of it.

    `match` is `yes`, or `possibly` at the moment asked for.
    """

    claim: Claim
    sources: dict[str, Source]
    names: dict[str, str]
    superseded_by: str | None
    match: str


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """Which claims are asked for. Several values of one mean any of them; nothing given passes all.

    `roles` are pairs of a role and an entity's id. An entity stands for all that it is merged with.
    `words` must all occur in the summary, whatever their case and accents.
    """

    ids: Sequence[str] = ()
    predicates: Sequence[str] = ()
    roles: Sequence[tuple[str, str]] = ()
    entities: Sequence[str] = ()
    sources: Sequence[str] = ()
    speakers: Sequence[str] = ()
    modalities: Sequence[str] = ()
    polarities: Sequence[str] = ()
    words: str | None = None
    retracted: Retracted = "exclude"
    moment: Moment = Moment()  # noqa: RUF009  a value that nobody can change

    def given(self) -> list[Filter]:
        """The conditions, without those that pass all."""
        moment = self.moment
        roles = [[role_edge(role), entity_id] for role, entity_id in self.roles]
        live = {"exclude": LIVE, "only": "NOT (" + LIVE + ")", "include": ""}[self.retracted]
        conditions: list[tuple[str, LiteralString, Any]] = [
            ("id", "c.id IN $id", list(self.ids)),
            ("role", "EXISTS { MATCH (c)-[p]->(x:Entity) WHERE [type(p), x.id] IN role_pairs }",
             roles),
            ("entity", "EXISTS { MATCH (c)-[:!SAID_BY]->(x:Entity) WHERE x.id IN entity_ids }",
             list(self.entities)),
            ("source", "EXISTS { MATCH (c)-[:FROM]->(s:Source) WHERE s.id IN $source }",
             list(self.sources)),
            ("speaker", "EXISTS { MATCH (c)-[:SAID_BY]->(x) WHERE x.id IN speaker_ids }",
             list(self.speakers)),
            ("predicate", "c.predicate IN $predicate", list(self.predicates)),
            ("modality", "c.modality IN $modality", list(self.modalities)),
            ("polarity", "c.polarity IN $polarity", list(self.polarities)),
            ("words", "all(word IN $words WHERE c.search_text CONTAINS word)",
             words(self.words or "")),
            ("retracted", live, live),
            ("as_of", HELD, moment.as_of),
            ("known_by", KNOWN, moment.known_by),
        ]  # fmt: skip
        return [Filter(*condition) for condition in conditions if condition[2]]

    def asking(self, order: Sequence[str] = ORDER) -> Asking:
        """The list in an order."""
        filters = self.given()
        given = "".join(_GIVEN[f.name] for f in filters if f.name in _GIVEN)
        return Asking(_LISTING, filters, given, self.moment.parameters(), order)


def claim(claim_id: str) -> Question[ClaimCard | None]:
    """Ask for one claim, live or not; None if there is no such id."""
    return Question(
        "MATCH (c:Claim {id: $id}) RETURN " + _ITEM + " AS item",
        lambda rows: _card(rows[0]["item"]) if rows else None,
        {"id": claim_id, **Moment().parameters()},
    )


def claims(
    filters: ClaimFilters = ClaimFilters(),
    *,
    order: Sequence[str] = ORDER,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> Question[Listed[ClaimCard]]:
    """Ask for claims, by default in the order of their ids."""
    return listed(filters.asking(order), _ITEM, _card, after=after, limit=limit, facets=facets)


_ITEM: LiteralString = (
    "{claim: " + CLAIM + ", sources: [(c)-[:FROM|SAID_BY]->(s:Source) | " + SOURCE + "], "
    "superseded_by: " + _SUPERSEDED_BY + ", match: " + _MATCH + "}"
)  # fmt: skip


def _card(item: Row) -> ClaimCard:
    return ClaimCard(
        claim=claim_of(item["claim"]),
        sources=sources_of(item["sources"]),
        names=names_in([item["claim"]]),
        superseded_by=item["superseded_by"],
        match=item["match"],
    )


_CELLS: LiteralString = (
    "[c.id, c.predicate, " + _ROLES + ", [name IN $details | c[name]], c.when, "
    "toString(c.first), toString(c.last), c.when_note, c.modality, c.polarity, c.status, "
    "c.quantity_number, c.quantity_unit, c.quantity_qualifier, " + _SOURCE + ", "
    "head([(c)-[:FROM]->(s:Source) | s.published]), " + _CHAIN + ", c.origin_id, c.summary, "
    "c.note, toString(c.recorded_on), c.recorded_by, c.reviewed_by, "
    "head([(c)-[:SUPERSEDES]->(o:Claim) | o.id]), " + _SUPERSEDED_BY + ", "
    "toString(c.retracted_on), c.retracted_reason, " + LIVE + ", " + _MATCH + "]"
)  # fmt: skip
_EDGES = [role_edge(name) for name in ONTOLOGY.role_names]


def _claim_row(cells: list[Any]) -> list[Any]:
    """One column for each role and for each detail."""
    claim_id, predicate, roles, details, *facts = cells
    facts[12] = " ".join(i for _, i in sorted(facts[12]))
    filled: dict[str, list[str]] = {}
    for edge, _, entity_id in sorted(roles):
        filled.setdefault(edge, []).append(entity_id)
    columns = [" ".join(filled[edge]) if edge in filled else None for edge in _EDGES]
    return [claim_id, predicate, *columns, *details, *facts]


def claim_table(
    filters: ClaimFilters = ClaimFilters(retracted="include"), order: Sequence[str] = ORDER
) -> Table:
    """Return the table `claims`, by default with claims that no longer count: `live` tells them."""
    asking = filters.asking(order)
    details = {"details": list(ONTOLOGY.detail_names)}
    return Table(replace(asking, parameters={**asking.parameters, **details}), _CELLS, _claim_row)


#: Each place in each role of each claim.
_PLACES = Listing(
    start="MATCH (c:Claim)-[p:!SAID_BY]->(x:Entity)",
    keys={
        "claim": Key("c.id", indexed=True),
        "role": Key("toLower(type(p))"),
        "position": Key("p.position", "number"),
    },
    last=("claim", "role", "position"),
)


def role_table() -> Table:
    """Return the table `claim_roles`: that of all claims."""
    return Table(Asking(_PLACES, []), "[c.id, toLower(type(p)), p.position, x.id]")
