"""Search: records by words, and names while they are typed.

Words are looked up in the full-text indexes over `search_text` (graph.store.schema), folded on both
sides (graph.fold). They are plain words: nothing that is typed is an operator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, LiteralString, TypeVar

from rapidfuzz import fuzz, process

from graph import matching
from graph.fold import words
from graph.matching import Form, How, best, lucene
from graph.model import Name, TieKey
from graph.model.entity import script_of
from graph.queries.clauses import call, collect, lines
from graph.queries.entities import CARD, EntityCard, read_card
from graph.queries.parts import TIE
from graph.question import Question, Row
from graph.store.mapping import read_entity
from graph.wording import TieState, sentence

Kind = Literal["entity", "source", "claim"]
HitT = TypeVar("HitT")

#: Equally good hits come in this order.
KINDS: tuple[Kind, ...] = ("entity", "source", "claim")

#: The most records of a kind that are compared, by the score of the index: a word that half of all
#: summaries have would otherwise cost seconds. While a name is typed, fewer are enough.
MOST, MOST_SUGGESTED = 10_000, 1_000
#: Seconds that the store has for a suggestion, which each key that is typed asks for.
SUGGEST_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that a search found: by which of its names, and how that name matched.

    An entity has the names of those that are merged into it, too.
    """

    card: EntityCard
    matched: Name
    how: How


@dataclass(frozen=True, slots=True)
class Match:
    """The text that matched, and how. `lang` is None for a summary, which is in our own words."""

    text: str
    lang: str | None
    script: str
    how: How


@dataclass(frozen=True, slots=True)
class RecordHit:
    """A record that a search found; `type` is of an entity, or a predicate, or a kind of source."""

    kind: Kind
    id: str
    label: str
    type: str
    matched: Match


@dataclass(frozen=True, slots=True)
class Hits(Generic[HitT]):
    """The best hits, the best first, and how many there are.

    `capped`: there are more than `total`, which then counts those among the first that were looked
    at (`MOST` of each kind).
    """

    items: tuple[HitT, ...]
    total: int
    capped: bool

    @property
    def more(self) -> bool:
        """Whether some were left out."""
        return self.capped or self.total > len(self.items)


#: From `queries` by kind to each record `e` in its order, all `hits` and `capped`. Merged entities
#: are one hit, in the place of the best of them. A branch is entered by a row or not at all, so a
#: kind without a query costs nothing, and no empty query reaches an index, which would refuse it.
_FIND: LiteralString = """
CALL () {
  UNWIND $queries.entity AS query
  CALL db.index.fulltext.queryNodes('entity_names', query, {limit: $most})
  YIELD node AS n, score RETURN {n: n, score: score, kind: 0} AS hit
UNION ALL
  UNWIND $queries.source AS query
  CALL db.index.fulltext.queryNodes('source_titles', query, {limit: $most})
  YIELD node AS n, score RETURN {n: n, score: score, kind: 1} AS hit
UNION ALL
  UNWIND $queries.claim AS query
  CALL db.index.fulltext.queryNodes('claim_summaries', query, {limit: $most})
  YIELD node AS n, score RETURN {n: n, score: score, kind: 2} AS hit
}
WITH collect(hit) AS matches
CALL (matches) {
  UNWIND matches AS hit
  WITH hit.n AS n, hit.score AS score, hit.kind AS kind, '\n' + hit.n.search_text + '\n' AS lines
  WHERE all(part IN $parts WHERE lines CONTAINS part)
    AND (kind <> 0 OR size($types) = 0 OR n.type IN $types)
    AND (kind <> 2 OR n.retracted_on IS NULL
      AND NOT EXISTS { (n)<-[:SUPERSEDES]-(later:Claim) WHERE later.retracted_on IS NULL })
  WITH n, score, kind, CASE
    WHEN any(form IN $forms WHERE lines CONTAINS '\n' + form.line + '\n') THEN 0
    WHEN any(form IN $forms WHERE lines CONTAINS '\n' + form.line) THEN 1
    WHEN any(form IN $forms WHERE all(word IN form.words
      WHERE lines CONTAINS '\n' + word OR lines CONTAINS ' ' + word)) THEN 2
    ELSE 3 END AS nearness
  OPTIONAL MATCH (canonical:Entity {id: n.canonical_id})
  WITH coalesce(canonical, n) AS e, score, kind, nearness
  ORDER BY nearness, kind, score DESC, e.id
  RETURN collect(DISTINCT e) AS hits
}
WITH hits, size(matches) >= $most
  AND any(kind IN [0, 1, 2] WHERE size([m IN matches WHERE m.kind = kind]) >= $most) AS capped
UNWIND hits[..$limit] AS e
"""
_MERGED: LiteralString = """,
COLLECT { MATCH (m:Entity {canonical_id: e.id}) RETURN properties(m) ORDER BY m.id } AS merged"""
_RECORD: LiteralString = (
    """RETURN e {
  .id, .type, .name, .names, .name_langs, .name_scripts, .predicate, .summary, .kind, .title,
  .publisher, .authors, .lang
} AS record, size(hits) AS total, capped"""
    + _MERGED
)


def search(text: str, *, types: Sequence[str] = (), limit: int = 50) -> Question[Hits[Hit]]:
    """Ask for the entities whose names match plain words, the best first.

    Every word must match, the last one may be the beginning of one; a Latin word of four letters
    or more may be off by a letter. Chinese is found by any part.
    """
    forms = matching.forms(text)

    def hit(row: Row) -> Hit:
        card = read_card(row["card"])
        bearers = [card.entity, *map(read_entity, row["merged"])]
        how, name = best([(name.text, name) for it in bearers for name in it.names], forms)
        return Hit(card, name, how)

    return Question(
        _FIND + "RETURN " + CARD + " AS card, size(hits) AS total, capped" + _MERGED,
        lambda rows: _hits([hit(row) for row in rows], rows),
        _parameters(forms, ["entity"], types, limit, MOST),
    )


def search_records(
    text: str,
    *,
    kinds: Sequence[Kind] = KINDS,
    types: Sequence[str] = (),
    limit: int = 50,
) -> Question[Hits[RecordHit]]:
    """Ask for records of some kinds, in one list: by names, by titles and makers, by summaries.

    `types` are of entities, and leave other kinds alone. Claims that were withdrawn are left out.
    """
    return _records(text, kinds, types, limit, MOST, 10.0)


#: Words of a question that stand in no claim.
_QUESTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "who whom what which when where why how is are was were do does did has have "
        "a an the of to by from in on",
    )
)


def without_question(text: str) -> str:
    """Return a text without the words that only ask: `supplied Iran` of `Who supplied Iran?`.

    A text that has nothing else, or none of them, is empty.
    """
    words = text.split()
    rest = [word for word in words if word.strip("?.,!").casefold() not in _QUESTION_WORDS]
    return " ".join(rest).rstrip("?") if len(rest) < len(words) else ""


def suggest(text: str, *, types: Sequence[str] = (), limit: int = 10) -> Question[Hits[RecordHit]]:
    """Ask for entities whose names match what has been typed so far, within `SUGGEST_SECONDS`."""
    return _records(text, ["entity"], types, limit, MOST_SUGGESTED, SUGGEST_SECONDS)


def _records(
    text: str,
    kinds: Sequence[Kind],
    types: Sequence[str],
    limit: int,
    most: int,
    seconds: float,
) -> Question[Hits[RecordHit]]:
    forms = matching.forms(text)
    return Question(
        _FIND + _RECORD,
        lambda rows: _hits([_record_hit(row, forms) for row in rows], rows),
        _parameters(forms, kinds, types, limit, most),
        seconds,
    )


def _hits(items: Sequence[HitT], rows: Sequence[Row]) -> Hits[HitT]:
    total, capped = (rows[0]["total"], rows[0]["capped"]) if rows else (0, False)
    return Hits(tuple(items), total, capped)


def _parameters(
    forms: Sequence[Form],
    kinds: Sequence[Kind],
    types: Sequence[str],
    limit: int,
    most: int,
) -> dict[str, Any]:
    query = " OR ".join(f"({lucene(form.words)})" for form in forms)
    return {
        "queries": {kind: [query] if query and kind in kinds else [] for kind in KINDS},
        "forms": [{"line": form.line, "words": list(form.words)} for form in forms],
        # The index finds a phrase across the end of a line, too, where no name has it.
        "parts": [word for form in forms[:1] for word in form.words if " " in word],
        "types": list(types),
        "limit": limit,
        "most": most,
    }


def _record_hit(row: Row, forms: Sequence[Form]) -> RecordHit:
    record = row["record"]
    kind, label, type_, texts = _described(record)
    for merged in row["merged"]:
        texts += _names(merged)
    how, (text, lang, script) = best([(text, (text, lang, s)) for text, lang, s in texts], forms)
    return RecordHit(kind, record["id"], label, type_, Match(text, lang, script, how))


def _described(row: Row) -> tuple[Kind, str, str, list[tuple[str, str | None, str]]]:
    """The kind of a record, its label and type, and what may have matched, with its language."""
    if row["names"] is not None:
        return "entity", row["name"], row["type"], _names(row)
    if row["title"] is not None:
        texts = [row["title"], row["publisher"], *(row["authors"] or ())]
        parts = [(text, row["lang"], script_of(text)) for text in texts if text]
        # Words that stand in several of them match the source as a whole.
        whole = ", ".join(text for text, _, _ in parts)
        return "source", row["title"], row["kind"], [*parts, (whole, row["lang"], parts[0][2])]
    summary = row["summary"]
    return "claim", summary, row["predicate"], [(summary, None, script_of(summary))]


def _names(row: Row) -> list[tuple[str, str | None, str]]:
    return list(zip(row["names"], row["name_langs"], row["name_scripts"], strict=True))


#: What a value may name, and the clauses that lead from the value `id` to the record.
WordKind = Literal["publisher", "tag", "country", "identifier"]
ReferenceKind = Literal["entity", "source", "speaker", "claim"] | WordKind
_REFERENCES: Mapping[ReferenceKind, LiteralString] = {
    "entity": "EXISTS { (:Entity {id: id}) }",
    "source": "EXISTS { (:Source {id: id}) }",
    "speaker": "EXISTS { (:Source {id: id}) } OR EXISTS { (:Entity {id: id}) }",
    "claim": "EXISTS { (:Claim {id: id}) }",
    "publisher": "EXISTS { MATCH (s:Source) WHERE id IN [s.publisher, s.publisher_id] }",
    "tag": "EXISTS { MATCH (e:Entity) WHERE id IN e.tags }",
    "country": "EXISTS { (:Entity {country: id}) }",
    "identifier": "EXISTS { MATCH (e:Entity) WHERE id IN e.identifier_values }",
}


def unknown(
    values: Mapping[ReferenceKind, Sequence[str]],
) -> Question[dict[ReferenceKind, tuple[str, ...]]]:
    """Ask which values of each kind name nothing, each once."""
    columns: list[LiteralString] = []
    parameters: dict[str, Any] = {}
    for kind, test in _REFERENCES.items():
        if values.get(kind):
            parameters[kind] = list(dict.fromkeys(values[kind]))
            ids = collect(
                "UNWIND $" + kind + " AS id", "WITH id WHERE NOT (" + test + ")", "RETURN id"
            )
            columns.append(ids + " AS " + kind)
    return Question(
        "RETURN " + ",\n".join(columns or ["1 AS nothing"]),
        lambda rows: {kind: tuple(rows[0][kind]) for kind in _REFERENCES if kind in parameters},
        parameters,
    )


#: As many records as a problem proposes.
NEAR = 5


@dataclass(frozen=True, slots=True)
class Near:
    """A record that may have been meant; `type` is a predicate, or a kind of source or tie."""

    id: str
    label: str
    type: str


def near_entities(entity_id: str, limit: int = NEAR) -> Question[tuple[EntityCard, ...]]:
    """Ask for the entities whose ids or names come nearest to an id that does not exist.

    An entity also has the ids and the names of those that are merged into it.
    """

    def read(rows: Sequence[Row]) -> tuple[EntityCard, ...]:
        cards = {i: read_card(row["card"]) for row in rows for i in row["ids"]}
        near = {card.entity.id: card for card in _nearest(entity_id, cards, None)}
        return tuple(near.values())[:limit]

    return Question(
        lines(
            call(
                "",
                "UNWIND $queries AS query",
                "CALL db.index.fulltext.queryNodes('entity_names', query, {limit: $most})",
                "YIELD node AS n",
                "RETURN n",
                "UNION",
                "MATCH (n:Entity {id: $lower})",
                "RETURN n",
            ),
            "MATCH (e:Entity {id: coalesce(n.canonical_id, n.id)})",
            "WHERE e.content_hash IS NOT NULL",
            "WITH e, collect(n.id) AS ids",
            "RETURN " + CARD + " AS card, ids",
        ),
        read,
        _near_parameters(entity_id) | {"lower": entity_id.lower()},
    )


def near_sources(source_id: str, limit: int = NEAR) -> Question[tuple[Near, ...]]:
    """Ask for the sources whose ids or titles come nearest to an id that does not exist."""

    def read(rows: Sequence[Row]) -> tuple[Near, ...]:
        sources = [Near(row["id"], row["title"], row["kind"]) for row in rows]
        return _nearest(source_id, {near.id: near for near in sources}, limit)

    return Question(
        lines(
            call(
                "",
                "UNWIND $queries AS query",
                "CALL db.index.fulltext.queryNodes('source_titles', query, {limit: $most})",
                "YIELD node AS s WHERE s.content_hash IS NOT NULL",
                "RETURN s",
                "UNION",
                "MATCH (s:Source WHERE s.content_hash IS NOT NULL)",
                "WHERE s.id STARTS WITH $beginning",
                "RETURN s ORDER BY s.id LIMIT $most",
            ),
            "RETURN s.id AS id, s.title AS title, s.kind AS kind",
        ),
        read,
        # Publishers and years stand in ids more often than in titles.
        _near_parameters(source_id) | {"beginning": source_id.lower().partition("-")[0]},
    )


def _near_parameters(record_id: str) -> dict[str, Any]:
    """Any word of an id may be the right one; those that come near by it are compared whole.

    They are many: an entity with a dozen names comes after those with the word in their only one.
    """
    query = lucene(words(record_id.replace("-", " ")), every=False)
    return {"queries": [query] if query else [], "most": 20 * NEAR}


def _nearest(record_id: str, records: Mapping[str, HitT], limit: int | None) -> tuple[HitT, ...]:
    ranked = process.extract(
        record_id, list(records), scorer=fuzz.WRatio, processor=str.casefold, limit=limit
    )
    return tuple(records[name] for name, _, _ in ranked)


def near_words(kind: WordKind, value: str, limit: int = NEAR) -> Question[tuple[str, ...]]:
    """Ask for the words of a kind that are spelt most like one that there is not."""
    entity: LiteralString = "MATCH (e:Entity WHERE e.content_hash IS NOT NULL)\n"
    words: Mapping[WordKind, LiteralString] = {
        "publisher": "MATCH (s:Source WHERE s.content_hash IS NOT NULL)\nWITH s.publisher AS word",
        "tag": entity + "UNWIND e.tags AS word",
        "country": entity + "WITH e.country AS word",
        "identifier": entity + "UNWIND e.identifier_values AS word",
    }
    match = words[kind] + "\nRETURN collect(DISTINCT word) AS words"

    def read(rows: Sequence[Row]) -> tuple[str, ...]:
        return _nearest(value, {word: word for word in rows[0]["words"]}, limit)

    return Question(match, read)


def near_claims(claim_id: str, limit: int = NEAR) -> Question[tuple[Near, ...]]:
    """Ask for the claims whose ids begin with the same eight digits: those copied in part."""
    return Question(
        lines(
            "MATCH (c:Claim WHERE c.content_hash IS NOT NULL) WHERE c.id STARTS WITH $beginning",
            "RETURN c.id AS id, c.summary AS summary, c.predicate AS predicate",
            "ORDER BY c.id LIMIT $limit",
        ),
        lambda rows: tuple(Near(row["id"], row["summary"], row["predicate"]) for row in rows),
        {"beginning": claim_id[:8], "limit": limit},
    )


def near_ties(key: TieKey, limit: int = NEAR) -> Question[tuple[Near, ...]]:
    """Ask for the ties of any type, in either direction, between the ends of one that is not."""
    cypher = lines(
        "MATCH (x:Entity {id: $source})",
        "CALL (x) { MATCH (y:Entity {id: $target}) RETURN y }",
        "MATCH (x)-[r:" + TIE + "]-(y)",
        "WITH DISTINCT r, startNode(r) AS a, endNode(r) AS b",
        "RETURN a.id AS source, a.name AS subject, type(r) AS type, b.id AS target,",
        "  b.name AS object, coalesce(a.plural, false) AS plural,",
        "  [r.status, r.disputed, coalesce(r.inferred, []), r.intermediary, r.past] AS state",
        "ORDER BY r.rank DESC, type, source LIMIT $limit",
    )
    parameters = {"source": key.source, "target": key.target, "limit": limit}
    return Question(cypher, lambda rows: tuple(_near_tie(row) for row in rows), parameters)


def _near_tie(row: Row) -> Near:
    key = TieKey(row["source"], row["type"], row["target"])
    tie = TieState(key, *row["state"])
    words = sentence(tie, row["subject"], row["object"], plural=row["plural"])
    return Near(str(key), words, key.type)
