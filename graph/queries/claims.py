"""Claims: one, lists of them, and the tables of whole claims and of their roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, LiteralString

from graph.matching import forms
from graph.model import Claim, Source
from graph.ontology import ONTOLOGY, role_edge
from graph.queries.clauses import call, collect, lines, record
from graph.queries.lists import (
    UNKNOWN,
    Filter,
    ListPage,
    ListQuery,
    ListSpec,
    SortKey,
    Table,
    negated,
    read_page,
)
from graph.queries.moment import ALWAYS, Moment, counts
from graph.queries.parts import (
    CLAIM,
    SAME,
    SOURCE,
    claim_of,
    names_in,
    own_columns,
    sources_of,
    speakers,
)
from graph.question import Question, Reader, Row
from graph.store.schema import literal
from graph.tables import cells

Retracted = Literal["exclude", "include", "only"]
ORDER = ("id",)

_SUPERSEDED: LiteralString = (
    "EXISTS {\n  MATCH (c)<-[:SUPERSEDES]-(n:Claim) WHERE n.retracted_on IS NULL\n}"
)
#: Whether a claim `c` counts: it is not retracted, and no claim that counts stands in for it.
LIVE: LiteralString = "c.retracted_on IS NULL AND NOT " + _SUPERSEDED
_SUPERSEDED_BY: LiteralString = (
    "head(COLLECT {\n  MATCH (c)<-[:SUPERSEDES]-(n:Claim) WHERE n.retracted_on IS NULL\n"
    "  RETURN n.id ORDER BY n.id })"
)
_SOURCE: LiteralString = "head([(c)-[:FROM]->(s:Source) | s.id])"

KEYS: Mapping[LiteralString, SortKey] = {
    "first": SortKey("coalesce(c.first, " + UNKNOWN + ")", "day"),
    "last": SortKey("coalesce(c.last, " + UNKNOWN + ")", "day"),
    "source_published": SortKey("c.known_from", "day"),
    "recorded_on": SortKey("c.recorded_on", "day"),
    "predicate": SortKey("c.predicate"),
    "source": SortKey(_SOURCE),
    "id": SortKey("c.id", indexed=True),
}
FACETS: Mapping[str, LiteralString] = {
    "predicate": "WITH c.predicate AS value, null AS label",
    "modality": "WITH c.modality AS value, null AS label",
    "polarity": "WITH c.polarity AS value, null AS label",
    "source": "MATCH (c)-[:FROM]->(s:Source)\nWITH s.id AS value, s.title AS label",
    "dataset": "WITH c.dataset AS value, null AS label",
}


#: Claims that a load wrote; what somebody else wrote into the store is no claim.
LOADED: LiteralString = "MATCH (c:Claim WHERE c.content_hash IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """A claim with the sources of its chain and the labels of its entities.

    `superseded_by` is the claim that replaces it. `match` is `yes`, or `possibly` at a moment.
    """

    claim: Claim
    sources: dict[str, Source]
    names: dict[str, str]
    superseded_by: str | None
    match: str


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """Conditions on claims. Several values of one mean any of them; one without values passes all.

    `roles` are pairs of a role and an entity's id. An entity stands for all that it is merged with.
    `words` must all occur in the summary, whatever their case and accents. `first_from` and
    `last_to` leave out claims whose day is not known. Claims that pass one of `negations`, each of
    which has one condition, are left out.
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
    moment: Moment = ALWAYS
    datasets: Sequence[str] = ()
    origins: Sequence[str] = ()
    first_from: date | None = None
    last_to: date | None = None
    recorded_since: date | None = None
    negations: Sequence[ClaimFilters] = ()

    def conditions(self) -> Iterator[Filter]:
        """Yield the conditions, those with a way in first: the best one foremost."""
        yield from self._conditions("")
        for negation in self.negations:
            yield from negated(negation._conditions("not_"))
        if self.retracted != "include":
            yield Filter("retracted", LIVE if self.retracted == "exclude" else "NOT (" + LIVE + ")")
        if not self.moment.timeless:
            yield Filter("moment", counts(self.moment, "c."), self.moment.parameters())

    def _conditions(self, prefix: LiteralString) -> Iterator[Filter]:
        """Yield the conditions on claims; the names of their parameters begin with `prefix`."""
        if self.ids:
            condition: LiteralString = "c.id IN $" + prefix + "ids"
            entry = LOADED + " WHERE " + condition + "\nWITH *"
            yield Filter("id", condition, {prefix + "ids": list(self.ids)}, entry=entry)
        if self.roles:
            yield _in_roles(self.roles, prefix)
        if self.entities:
            yield _about(self.entities, prefix)
        if self.sources:
            values = "$" + prefix + "sources"
            yield Filter(
                "source",
                "EXISTS { MATCH (c)-[:FROM]->(s:Source) WHERE s.id IN " + values + " }",
                {prefix + "sources": list(self.sources)},
                entry=LOADED + "-[:FROM]->(of:Source) WHERE of.id IN " + values + "\nWITH *",
            )
        if self.speakers:
            yield _said_by(self.speakers, prefix)
        tests: list[tuple[str, LiteralString, LiteralString, Sequence[str]]] = [
            ("predicate", "c.predicate IN $", "predicates", self.predicates),
            ("modality", "c.modality IN $", "modalities", self.modalities),
            ("polarity", "c.polarity IN $", "polarities", self.polarities),
            ("dataset", "c.dataset IN $", "datasets", self.datasets),
            ("origin", "c.origin_id IN $", "origins", self.origins),
        ]
        for name, test, parameter, texts in tests:
            if texts:
                yield Filter(name, test + prefix + parameter, {prefix + parameter: list(texts)})
        days: list[tuple[str, LiteralString, date | None]] = [
            ("first_from", "c.first >= $first_from", self.first_from),
            ("last_to", "c.last <= $last_to", self.last_to),
            ("recorded_since", "c.recorded_on >= $recorded_since", self.recorded_since),
        ]
        for name, test, day in days:
            if day is not None:
                yield Filter(name, test, {name: day})
        words = [list(form.words) for form in forms(self.words or "")]
        if words:
            condition = (
                "any(form IN $words WHERE all(word IN form WHERE c.search_text CONTAINS word))"
            )
            yield Filter("words", condition, {"words": words})

    def query(self, order: Sequence[str] = ORDER) -> ListQuery[ClaimCard]:
        """Return the list of the claims that pass, in an order."""
        sure = _sure(self.moment)
        spec = ListSpec(
            match=LOADED,
            keys=KEYS,
            tiebreakers=("id",),
            facets=FACETS,
            possibly="NOT " + sure if sure else "",
            undated="c.first IS NULL AND c.last IS NULL",
        )
        return ListQuery(spec, list(self.conditions()), _card_columns(self.moment), _card, order)


def _in_roles(roles: Sequence[tuple[str, str]], prefix: LiteralString) -> Filter:
    variable = prefix + "roles"
    return Filter(
        "role",
        "EXISTS { MATCH (c)-[p]->(x:Entity)\n"
        "  WHERE p.position >= 0 AND [type(p), x.id] IN " + variable + " }",
        {variable: [[role_edge(role), entity_id] for role, entity_id in roles]},
        prepare=collect(
            "UNWIND $" + variable + " AS pair",
            "MATCH (k:Entity {id: pair[1]})",
            SAME,
            "RETURN [pair[0], m.id]",
        )
        + " AS "
        + variable,
        entry=_entry(
            variable,
            "UNWIND " + variable + " AS pair",
            "MATCH (:Entity {id: pair[1]})<-[p]-(c:Claim)",
            "WHERE type(p) = pair[0] AND p.position >= 0 AND c.content_hash IS NOT NULL",
        ),
    )


def _about(entity_ids: Sequence[str], prefix: LiteralString) -> Filter:
    variable = prefix + "entities"
    return Filter(
        "entity",
        "EXISTS { MATCH (c)-[p:!SAID_BY]->(x:Entity)\n"
        "  WHERE p.position >= 0 AND x.id IN " + variable + " }",
        {variable: list(entity_ids)},
        prepare=collect("MATCH (k:Entity) WHERE k.id IN $" + variable, SAME, "RETURN m.id")
        + " AS "
        + variable,
        entry=_entry(
            variable,
            "UNWIND " + variable + " AS id",
            "MATCH (:Entity {id: id})<-[p:!SAID_BY]-(c:Claim)",
            "WHERE p.position >= 0 AND c.content_hash IS NOT NULL",
        ),
    )


def _said_by(speaker_ids: Sequence[str], prefix: LiteralString) -> Filter:
    variable = prefix + "speakers"
    return Filter(
        "speaker",
        "EXISTS { MATCH (c)-[:SAID_BY]->(x) WHERE x.id IN " + variable + " }",
        {variable: list(speaker_ids)},
        prepare=speakers("$" + variable) + " AS " + variable,
        entry=_entry(
            variable,
            LOADED + "-[:SAID_BY]->(x:Source|Entity) WHERE x.id IN " + variable,
        ),
    )


def _entry(variable: LiteralString, *clauses: LiteralString) -> LiteralString:
    """Return the clauses that lead from a list to claims `c`, each once."""
    return lines(call(variable, *clauses, "RETURN DISTINCT c"), "WITH *")


def _sure(moment: Moment) -> LiteralString:
    """Return whether a claim counts for certain; nothing where all that count do."""
    if moment.timeless or moment.certain:
        return ""
    return "(" + counts(moment, "c.", certain=True) + ")"


def _match(moment: Moment) -> LiteralString:
    sure = _sure(moment)
    return "CASE WHEN " + sure + " THEN 'yes' ELSE 'possibly' END" if sure else "'yes'"


def _card_columns(moment: Moment) -> dict[LiteralString, LiteralString]:
    return {
        "claim": CLAIM,
        "sources": "[(c)-[:FROM|SAID_BY]->(s:Source) | " + SOURCE + "]",
        "superseded_by": _SUPERSEDED_BY,
        "match": _match(moment),
    }


def _card(row: Row) -> ClaimCard:
    return ClaimCard(
        claim=claim_of(row["claim"]),
        sources=sources_of(row["sources"]),
        names=names_in([row["claim"]]),
        superseded_by=row["superseded_by"],
        match=row["match"],
    )


def claim(claim_id: str) -> Question[ClaimCard | None]:
    """Ask for one claim, live or not; None if there is no such id."""
    return Question(
        lines(
            "MATCH (c:Claim {id: $id} WHERE c.content_hash IS NOT NULL)",
            "RETURN " + record(_card_columns(ALWAYS)) + " AS card",
        ),
        lambda rows: _card(rows[0]["card"]) if rows else None,
        {"id": claim_id},
    )


async def claims(
    reader: Reader,
    filters: ClaimFilters = ClaimFilters(),
    *,
    order: Sequence[str] = ORDER,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    facets: Sequence[str] = (),
) -> ListPage[ClaimCard]:
    """Read claims, by default in the order of their ids."""
    query = filters.query(order)
    return await read_page(reader, query, after=after, limit=limit, facets=facets)


def _table_columns(moment: Moment) -> dict[LiteralString, LiteralString]:
    others: list[LiteralString] = [
        ".id", ".status", "first: toString(c.first)", "last: toString(c.last)",
        ".evidence_paragraphs", ".evidence_starts", ".evidence_ends",
    ]  # fmt: skip
    for detail in ONTOLOGY.detail_names:
        others.append("detail_" + literal(detail) + ": c." + literal(detail))
    return {
        "claim": own_columns("c", Claim, *others),
        "roles": "[(c)-[p:!SAID_BY WHERE p.position >= 0]->(x:Entity)"
        " | [type(p), p.position, x.id]]",
        "source": _SOURCE,
        "source_published": "head([(c)-[:FROM]->(s:Source) | s.published])",
        "said_by": "[(c)-[p:SAID_BY WHERE p.position >= 0]->(x) | [p.position, x.id]]",
        "origin": "c.origin_id",
        "supersedes": "head([(c)-[:SUPERSEDES]->(o:Claim) | o.id])",
        "superseded_by": _SUPERSEDED_BY,
        "live": LIVE,
        "match": _match(moment),
    }


def _table_row(row: Row) -> dict[str, Any]:
    """Return the cells of the table `claims`: one for each role, with the ids in their order."""
    fillers: dict[str, list[str]] = {role_edge(name): [] for name in ONTOLOGY.role_names}
    for edge, _, entity_id in sorted(row["roles"]):
        fillers[edge].append(entity_id)
    return {
        **row,
        **row["claim"],
        **cells(Claim, row["claim"]),
        **{name: " ".join(fillers[role_edge(name)]) or None for name in ONTOLOGY.role_names},
        "said_by": " ".join(link for _, link in sorted(row["said_by"])),
        "evidence": " ".join(_passages(row["claim"])) or None,
    }


def _passages(claim: Mapping[str, Any]) -> Iterator[str]:
    """Yield where each passage of a claim is, of its properties in the store."""
    lists = (claim[f"evidence_{part}"] or () for part in ("paragraphs", "starts", "ends"))
    for paragraph, start, end in zip(*lists, strict=True):
        yield f"{paragraph}:{start}-{end}"


def claim_table(
    filters: ClaimFilters = ClaimFilters(retracted="include"), order: Sequence[str] = ORDER
) -> Table:
    """Return the table `claims`, by default with claims that no longer count: see `live`."""
    query = filters.query(order)
    return Table("claims", query.read_as(_table_columns(filters.moment), _table_row))


#: Each place in each role of each claim.
_ROLES = ListSpec(
    match="MATCH (c:Claim)-[p:!SAID_BY WHERE p.position >= 0]->(x:Entity)",
    keys={
        "claim": SortKey("c.id", indexed=True),
        "role": SortKey("toLower(type(p))"),
        "position": SortKey("p.position", "number"),
    },
    tiebreakers=("claim", "role", "position"),
)
_ROLE_COLUMNS: Mapping[LiteralString, LiteralString] = {
    "claim": "c.id",
    "role": "toLower(type(p))",
    "position": "p.position",
    "entity": "x.id",
    "live": LIVE,
}


def role_table() -> Table:
    """Return the table `claim_roles`: that of all claims."""
    return Table("claim_roles", ListQuery(_ROLES, [], _ROLE_COLUMNS, dict))
