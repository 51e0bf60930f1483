"""What is found by its name: hits of a search, and records whose ids come near a wrong one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, LiteralString

from rapidfuzz import fuzz, process

from graph.fold import fold
from graph.model import Name
from graph.queries.entities import CARD, EntityCard, read_card
from graph.queries.parts import Found
from graph.question import Question, Row

How = Literal["exact", "prefix", "folded", "close"]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that a search found: by which of its names, and how that name matched."""

    card: EntityCard
    matched: Name
    how: How


def search(text: str, *, types: Sequence[str] = (), limit: int = 50) -> Question[Found[Hit]]:
    """Ask for the entities whose names match plain words, the best first.

    Every word must match, the last one may be the beginning of one; a Latin word of four letters
    or more may be off by a letter. Chinese is found by any part, and words are never operators.
    """
    folded = fold(text)
    return _search(folded, types=types, limit=limit, query=lucene(folded))


def _search(folded: str, *, types: Sequence[str], limit: int, query: str) -> Question[Found[Hit]]:
    cypher: LiteralString = (
        # Each branch is entered by a row or not at all, so that what is not asked for costs
        # nothing and an empty query never reaches the index, which refuses it.
        "CALL () { "
        "UNWIND $queries AS query "
        "CALL db.index.fulltext.queryNodes('entity_names', query) YIELD node AS e, score "
        "RETURN e, score "
        "UNION ALL "
        "UNWIND $scans AS words "
        "MATCH (e:Entity) WHERE all(starts IN words WHERE "
        "any(start IN starts WHERE '\n' + e.search_text CONTAINS start)) "
        "RETURN e, 1.0 AS score } "
        "WITH e, score WHERE size($types) = 0 OR e.type IN $types "
        # A name that is what was asked for comes first, however many other names its bearer has.
        "WITH e, score, '\n' + e.search_text + '\n' AS lines, '\n' + $folded AS line "
        "WITH e, score, CASE WHEN lines CONTAINS line + '\n' THEN 2 "
        "WHEN lines CONTAINS line THEN 1 ELSE 0 END AS nearness "
        "ORDER BY nearness DESC, score DESC, e.id "
        "WITH collect(e) AS found UNWIND found[..$limit] AS e "
        "RETURN " + CARD + " AS card, size(found) AS total"
    )

    def read(rows: Sequence[Row]) -> Found[Hit]:
        hits = [_hit(read_card(row["card"]), folded) for row in rows]
        hits.sort(key=lambda hit: _HOW.index(hit.how))
        total = rows[0]["total"] if rows else 0
        return Found(tuple(hits), total, total > len(hits))

    parameters = {
        "queries": [query] if query else [],
        "scans": [] if query or not folded else [[_starts(word) for word in folded.split()]],
        "folded": folded,
        "types": list(types),
        "limit": limit,
    }
    return Question(cypher, read, parameters)


def near_entities(entity_id: str, limit: int = 5) -> Question[tuple[EntityCard, ...]]:
    """Ask for the entities whose ids or names come nearest to an id that does not exist."""
    folded = fold(entity_id.replace("-", " "))
    query = _search(folded, types=(), limit=limit, query=lucene(folded, every=False))

    def read(rows: Sequence[Row]) -> tuple[EntityCard, ...]:
        cards = {hit.card.entity.id: hit.card for hit in query.read(rows).items}
        ranked = process.extract(entity_id, list(cards), scorer=fuzz.WRatio, limit=limit)
        return tuple(cards[found] for found, _, _ in ranked)

    return Question(query.cypher, read, query.parameters, query.seconds)


_HOW: tuple[How, ...] = ("exact", "prefix", "folded", "close")


#: What Lucene's CJKAnalyzer leaves out of the index: nothing may be asked of these words.
_UNINDEXED = (
    "a and are as at be but by for if in into is it no not of on or s such t that the their then "
    "there these they this to was will with www"
)
_UNINDEXED_WORDS = frozenset(_UNINDEXED.split())


def lucene(folded: str, *, every: bool = True) -> str:
    """Return the full-text query for a folded text: plain words, with every operator taken away.

    A folded text has only letters and digits, so nothing is left to escape but the words `and`,
    `or` and `not`, which are operators in capitals only. Empty where the index cannot help: for a
    text of nothing but words that it leaves out, or with a single Han character, as it holds those
    in pairs.
    """
    words = folded.split()
    if any(len(word) == 1 and _PAIRED.match(word) for word in words):
        return ""
    return (" AND " if every else " OR ").join(
        _word(word, last=i == len(words))
        for i, word in enumerate(words, 1)
        if word not in _UNINDEXED_WORDS
    )


def _word(word: str, last: bool) -> str:
    if not word.isascii():
        # Quoted, so that Chinese is a phrase: alone it would match any pair of its characters.
        # A star finds the rest of a word that is still being typed, in scripts with words.
        return f'("{word}" OR {word}*)' if last else f'"{word}"'
    options = [word]
    if last:
        options.append(f"{word}*")
    if len(word) >= 4 and word.isalpha():
        options.append(f"{word}~1")
    return f"({' OR '.join(options)})"


#: Characters of the scripts that the index holds in pairs: Han, kana and Hangul.
_PAIRED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")


def _starts(word: str) -> list[str]:
    """What stands in a list of names, each after a line break, if one holds or begins the word."""
    return [word] if _PAIRED.match(word) else [f"\n{word}", f" {word}"]


def _hit(card: EntityCard, folded: str) -> Hit:
    """Find the name that matched best, and how."""
    ranked = [(_how(fold(name.text), folded), name) for name in card.entity.names]
    how, name = min(ranked, key=lambda pair: _HOW.index(pair[0]))
    return Hit(card, name, how)


def _how(name: str, folded: str) -> How:
    if name == folded:
        return "exact"
    if name.startswith(folded):
        return "prefix"
    return "folded" if all(word in name for word in folded.split()) else "close"
