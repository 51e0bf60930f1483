"""Which entities may be the same: pairs with a score and its reasons, for a person to decide.

Names are compared in their folded form (`graph.fold`), without words of legal form; those in Arabic
and Cyrillic script also by a rough romanisation. Names in Chinese characters meet only where both
sides have them. Nothing here decides: a judgement does, and a person makes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import fuzz

from graph.fold import folds
from graph.model import Entity, Identifier, Judgement, Name

#: Words that say what kind of body a name is of, and not which one.
_LEGAL = frozenset(
    """
    co company corp corporation inc incorporated ltd limited llc llp plc pjsc jsc ojsc oao ooo zao
    ao pao gmbh ag kg sa sas srl spa bv nv pte pty fze fzc fzco the of and for
    """.split()  # noqa: SIM905
)
#: Consonants of Arabic (also Persian) and Cyrillic script, as Latin names mostly write them.
#: Vowels, and what stands for one in some spelling (h, v, w, y), are left out on both sides.
_CONSONANTS = str.maketrans(
    {
        **dict.fromkeys("aeiouyhvw аеёиоуыэюяьъйвх اءآأإؤئعهحوی", ""),
        "ب": "b", "پ": "p", "ت": "t", "ج": "j", "چ": "c", "خ": "k", "د": "d", "ذ": "z", "ر": "r",
        "ز": "z", "ژ": "z", "س": "s", "ص": "s", "ش": "s", "ض": "z", "ط": "t", "ظ": "z", "غ": "g",
        "ف": "f", "ق": "g", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "q": "g",
        "б": "b", "г": "g", "д": "d", "ж": "z", "з": "z", "к": "k", "л": "l", "м": "m", "н": "n",
        "п": "p", "р": "r", "с": "s", "т": "t", "ф": "f", "ц": "ts", "ч": "c", "ш": "s", "щ": "sc",
    }
)  # fmt: skip
#: A word that more entities have says too little to look at each pair of them.
_MOST = 60
#: The least length of a romanised name that counts.
_MIN_SKELETON = 4
_SCRIPTS = ("Latn", "Arab", "Cyrl")


class Pair(NamedTuple):
    """Two entities that may be one. `score` is from 0 to 1; `reasons` say where it comes from."""

    left: Entity
    right: Entity
    score: float
    reasons: tuple[str, ...]


class _Named(NamedTuple):
    """A name: as written, folded, folded without legal words, and its consonants."""

    text: str
    line: str
    words: str
    script: str
    consonants: str


class Profile(NamedTuple):
    """What two entities are compared by."""

    names: tuple[_Named, ...]
    identifiers: frozenset[Identifier]
    country: str | None


class Comparison(NamedTuple):
    """How much two profiles are alike. `score` and `name` are from 0 to 1.

    `exact` says that a name of the one is a name of the other, folded. `same_identifier` and
    `same_country` are None where a side has none, or none of the other's register.
    """

    score: float
    name: float
    exact: bool
    same_identifier: bool | None
    same_country: bool | None
    reasons: tuple[str, ...]


def propose(
    entities: Collection[Entity], judgements: Iterable[Judgement] = (), least: float = 0.85
) -> list[Pair]:
    """Return the pairs of at least a score that nobody has judged, the best first.

    Only entities of one type are compared, since only they can be the same.
    """
    judged = {frozenset((j.left, j.right)) for j in judgements}
    profiles = {e.id: profile(e.names, e.identifiers, e.country) for e in entities}
    by_id = {entity.id: entity for entity in entities}
    pairs = []
    for left, right in _candidates(by_id.values(), profiles):
        if frozenset((left, right)) not in judged:
            comparison = compare(profiles[left], profiles[right])
            if comparison.score >= least:
                pair = Pair(by_id[left], by_id[right], comparison.score, comparison.reasons)
                pairs.append(pair)
    return sorted(pairs, key=lambda pair: (-pair.score, pair.left.id, pair.right.id))


def profile(
    names: Iterable[Name], identifiers: Iterable[Identifier] = (), country: str | None = None
) -> Profile:
    """Return what is compared of names (but epithets), identifiers and a country."""
    return Profile(tuple(_named(names)), frozenset(identifiers), country)


def _named(names: Iterable[Name]) -> Iterator[_Named]:
    for name in names:
        for line in folds(name.text) if name.kind != "epithet" else ():
            words = " ".join(w for w in line.split() if w not in _LEGAL) or line
            consonants = line.translate(_CONSONANTS)
            yield _Named(name.text, line, words, name.script, consonants)


def _candidates(
    entities: Iterable[Entity], profiles: Mapping[str, Profile]
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of one type that share a rare word, the consonants or an identifier."""
    holders: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for entity in entities:
        for identifier in entity.identifiers:
            holders[entity.type, "identifier", str(identifier)].add(entity.id)
        for name in profiles[entity.id].names:
            for word in name.words.split():
                holders[entity.type, "word", word].add(entity.id)
            if len(name.consonants) >= _MIN_SKELETON:
                holders[entity.type, "consonants", name.consonants].add(entity.id)
    seen: set[tuple[str, str]] = set()
    for ids in holders.values():
        if 1 < len(ids) <= _MOST:
            seen.update(combinations(sorted(ids), 2))
    yield from sorted(seen)


def compare(left: Profile, right: Profile) -> Comparison:
    """Return how much two profiles are alike, with the reasons."""
    name, reason = max((_alike(a, b) for a in left.names for b in right.names), default=(0.0, ""))
    score = name
    reasons = [reason] if reason else []
    same_identifier = None
    same = sorted(left.identifiers & right.identifiers, key=str)
    if same:
        score, same_identifier = 1.0, True
        reasons.insert(0, f"both have the identifier {same[0]}")
    elif schemes := {i.scheme for i in left.identifiers} & {i.scheme for i in right.identifiers}:
        score, same_identifier = score - 0.1, False
        reasons.append(f"{min(schemes)} has them as two")
    same_country = None
    if left.country and right.country:
        same_country = left.country == right.country
        if same_country:
            score = min(1.0, score + 0.02)
            reasons.append(f"both are of {left.country}")
        else:
            score -= 0.1
            reasons.append(f"their countries differ: {left.country} and {right.country}")
    exact = not {n.line for n in left.names}.isdisjoint(n.line for n in right.names)
    score = round(max(score, 0.0), 3)
    return Comparison(score, name, exact, same_identifier, same_country, tuple(reasons))


def _alike(a: _Named, b: _Named) -> tuple[float, str]:
    """Return how much two names are alike, from 0 to 1, and in words."""
    if a.words == b.words:
        return 0.97, f"the names {a.text!r} and {b.text!r} are the same"
    whole = fuzz.token_sort_ratio(a.words, b.words) / 100
    # One name within the other: "Huawei" and "Huawei Technologies".
    part = 0.88 * fuzz.token_set_ratio(a.words, b.words) / 100
    score, how = max((whole, "is like"), (part, "shares words with"))
    scripts = {a.script, b.script}
    if len(scripts) == 2 and scripts <= set(_SCRIPTS) and len(a.consonants) >= _MIN_SKELETON:
        across = 0.95 * fuzz.ratio(a.consonants, b.consonants) / 100
        score, how = max((score, how), (across, "sounds like"))
    return score, f"{a.text!r} {how} {b.text!r}"
