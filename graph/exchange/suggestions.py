"""What somebody who writes a claim may mean: predicates and names, from words or from a passage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from graph.dataset.lookup import Entry, find
from graph.exchange.claim_fields import ids_of
from graph.fold import apart, fold
from graph.ontology import ONTOLOGY

#: How many are proposed.
MOST = 12


def suggest_predicates(text: str, passage: str = "") -> list[str]:
    """Return the predicates that a text in plain words may mean, the likeliest first.

    Without a text all of them: first those whose words stand in the passage.
    """
    if text.strip():
        among = [
            Entry("predicate", name, p.kind, p.label, (*_phrases(name), p.help), "")
            for name, p in ONTOLOGY.predicates.items()
        ]
        return [entry.id for _, entry in find(text, among, MOST)]
    line = _line(passage)
    counts = {
        name: sum(_place(phrase, line) >= 0 for phrase in {*_phrases(name)})
        for name in ONTOLOGY.predicates
    }
    return sorted(ONTOLOGY.predicates, key=lambda name: -counts[name])


def suggest_names(
    text: str, among: Collection[Entry], passage: str = "", claims: Iterable[Mapping[str, Any]] = ()
) -> list[tuple[str, Entry]]:
    """Return the entries that a text may mean, each with the name that matches.

    Without a text: those that the passage names, in its order, and then those that claims name
    most.
    """
    if text.strip():
        return find(text, among, MOST)
    line = _line(passage)
    places = [(_place(name, line), name, entry) for entry in among for name in entry.names]
    in_order = sorted((p for p in places if p[0] >= 0), key=lambda p: (p[0], -len(p[1])))
    counts = Counter(i for claim in claims for i in ids_of(claim))
    often = sorted((e for e in among if counts[e.id]), key=lambda e: -counts[e.id])
    result: dict[str, tuple[str, Entry]] = {}
    for name, entry in [*(p[1:] for p in in_order), *((e.label, e) for e in often)]:
        result.setdefault(entry.id, (name, entry))
    return list(result.values())[:MOST]


def _phrases(predicate: str) -> list[str]:
    """Return the words that stand for a predicate: its synonyms, and the verbs of its ties."""
    entry = ONTOLOGY.predicates[predicate]
    verbs = [
        ONTOLOGY.verb(tie.type, "reported", inverse=inverse)
        for tie in entry.ties
        for inverse in (False, True)
    ]
    return [entry.label, predicate.replace("_", " "), *entry.synonyms, *verbs]


def _line(passage: str) -> str:
    return f" {apart(fold(passage))} "


def _place(name: str, line: str) -> int:
    """Return where a name begins in a line of folded words; -1 where it is not in it."""
    words = apart(fold(name))
    return line.find(f" {words} ") if len(words) > 1 else -1
