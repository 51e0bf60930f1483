"""What somebody who writes a claim may mean: predicates and names, from words or from a passage."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from graph.dataset.lookup import Entry, find
from graph.dataset.scopes import SPEAKERS
from graph.date_words import read_date
from graph.errors import BadDate
from graph.exchange.claim_fields import as_items, ids_of
from graph.fold import apart, fold
from graph.ontology import ONTOLOGY

#: How many are proposed.
MOST = 12
#: The endings of verbs, of which three letters are left at least.
_ENDING = re.compile(r"(?<=\w{3})(?:ies|ied|y|ing|es|ed|e|s|en)$")
#: Words up to this length say little.
_SMALL = 3
#: How a text begins that denies, and what says so in a passage.
_DENIES = re.compile(
    r"\s*(?:(?:den(?:y|ies|ied|ying)|did not|does not|do not|has not|have not|is not|was not|not"
    r"|never|no)\b\s*(?:that\b)?)",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|refut\w+|disput\w+|reject\w+|never"
    r"|(?:did|does|do|has|have|had) not|(?:did|does|do|has|have|had)n['’]t)\b"
)
#: Of how many predicates the denial is proposed where the passage denies something.
_DENIALS = 3
_WORD = re.compile(r"\w[\w'’&.-]*")
#: Small words within a name.
_WITHIN = frozenset(("of", "the", "for", "de", "del", "la", "van", "von", "al"))
#: Words that begin a sentence and no name.
_OPENERS = frozenset((
    "a", "an", "the", "in", "on", "at", "under", "over", "by", "for", "from", "with", "without",
    "after", "before", "since", "when", "while", "as", "its", "their", "his", "her", "our", "it",
    "they", "he", "she", "this", "that", "these", "those", "both", "but", "and", "also",
))  # fmt: skip


class PredicateSuggestion(NamedTuple):
    """A predicate, and whether what it says is denied."""

    name: str
    denied: bool


def suggest_claimed(text: str, passage: str = "") -> list[PredicateSuggestion]:
    """Return what a text in plain words may claim, or deny, the likeliest first.

    A text that denies ("denies selling", "not sold") means denials first. Without such a text,
    where the passage denies something, the denial of each of the first comes after its affirmation.
    """
    denial = _DENIES.match(text)
    rest = text[denial.end() :] if denial else text
    names = suggest_predicates(rest, passage)
    if denial:
        return [PredicateSuggestion(name, denied) for denied in (True, False) for name in names]
    doubled = _DENIALS if _DENIED.search(fold(passage)) else 0
    return [
        PredicateSuggestion(name, denied)
        for number, name in enumerate(names)
        for denied in ((False, True) if number < doubled else (False,))
    ]


def suggest_predicates(text: str, passage: str = "") -> list[str]:
    """Return the predicates that a text in plain words may mean, the likeliest first.

    Where the text is empty, or means none, all of them: first those whose words stand in the
    passage, and of these the ones with the most words there.
    """
    if text.strip():
        among = [
            Entry("predicate", name, p.kind, p.label, (*_phrases(name), p.help), "")
            for name, p in ONTOLOGY.predicates.items()
        ]
        if matches := find(text, among, MOST):
            return [entry.id for _, entry in matches]
    line = _stems(passage)
    lengths = {
        name: sum(len(phrase) for phrase in _stem_phrases(name) if _is_in(phrase, line))
        for name in ONTOLOGY.predicates
    }
    return sorted(ONTOLOGY.predicates, key=lambda name: -lengths[name])


class NameSuggestions(NamedTuple):
    """Entries with the name that matches: those that are meant, or named, and other ones."""

    names: list[tuple[str, Entry]]
    others: list[tuple[str, Entry]]


def suggest_names(
    text: str, among: Collection[Entry], passage: str = "", claims: Iterable[Mapping[str, Any]] = ()
) -> NameSuggestions:
    """Return the entries that a text may mean, each with the name that matches.

    Without a text: those that the passage names, in its order, and as others those that claims
    name, the ones that share a word with the passage first, and then the most frequent.
    """
    if text.strip():
        return NameSuggestions(find(text, among, MOST), [])
    line = _line(passage)
    places = [(_place(name, line), name, entry) for entry in among for name in entry.names]
    in_order = sorted((p for p in places if p[0] >= 0), key=lambda p: (p[0], -len(p[1])))
    named: dict[str, tuple[str, Entry]] = {}
    for _, name, entry in in_order:
        named.setdefault(entry.id, (name, entry))
    counts = Counter(i for claim in claims for i in ids_of(claim))
    words = {word for word in line.split() if len(word) > _SMALL}
    often = sorted(
        (e for e in among if counts[e.id] and e.id not in named),
        key=lambda e: (-len(words.intersection(_line(e.label).split())), -counts[e.id]),
    )
    return NameSuggestions([*named.values()][:MOST], [(e.label, e) for e in often][:MOST])


def unknown_names(passage: str, among: Iterable[Entry]) -> list[str]:
    """Return what looks like a name in a passage and is none of the entries', in its order.

    That is words with capitals, but for dates; a word alone that begins a sentence comes last.
    """
    of_entries = {apart(fold(name)) for entry in among for name in entry.names}
    names: dict[str, bool] = {}
    for words, begins in _capitalised(passage):
        if begins and words[0].lower() in _OPENERS:
            words = words[1:]
        name = " ".join(words)
        if name and apart(fold(name)) not in of_entries and not _is_date(name):
            names[name] = names.get(name, True) and begins and len(words) == 1
    return sorted(names, key=lambda name: names[name])[:MOST]


def _capitalised(passage: str) -> Iterator[tuple[list[str], bool]]:
    """Yield the runs of words with capitals, and whether each begins a sentence."""
    run: list[str] = []
    begins, last, end = True, ".", 0
    for match in [*_WORD.finditer(passage), None]:
        gap = passage[end : match.start()] if match else "."
        stops = (last[-1] == "." and not _is_initial(last)) or any(sign in gap for sign in ".!?:")
        last = match[0] if match else "."
        word = last if _is_initial(last) else last.rstrip(".")
        if run and (stops or gap != " " or not (word[0].isupper() or word in _WITHIN)):
            while run[-1] in _WITHIN:
                run.pop()
            yield run, begins
            run = []
        if match is None:
            return
        if run or word[0].isupper():
            begins = begins if run else stops
            run.append(word)
        end = match.end()


def _is_initial(word: str) -> bool:
    """Whether a word is the initial of a name, whose full stop ends no sentence."""
    return len(word) == 2 and word[0].isupper() and word[1] == "."


def suggest_types(
    predicate: str, role: str, counts: Mapping[tuple[str, str, str], int]
) -> list[str]:
    """Return the types that may fill a role, those that most often do first.

    `counts` are those of (predicate, role, type). Without a role: of those who speak.
    """
    fillers = ONTOLOGY.fillers.get((predicate, role), SPEAKERS)
    types = [name for name in ONTOLOGY.types if name in fillers]
    return sorted(types, key=lambda type_: -counts.get((predicate, role, type_), 0))


def role_types(
    claims: Iterable[Mapping[str, Any]], types: Mapping[str, str]
) -> Counter[tuple[str, str, str]]:
    """Return how often claims have entities of each type, by (predicate, role, type).

    `types` are the types of entities by their ids. Those who speak have no predicate and no role.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    for claim in claims:
        roles = claim.get("roles")
        for role, ids in roles.items() if isinstance(roles, Mapping) else ():
            for entity in map(str, as_items(ids)):
                counts[str(claim.get("predicate")), role, types.get(entity, "")] += 1
        for link in as_items(claim.get("said_by")):
            counts["", "", types.get(str(link), "")] += 1
    return counts


def _is_date(text: str) -> bool:
    with suppress(BadDate):
        return bool(read_date(text))
    return False


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


@cache
def _stem_phrases(predicate: str) -> tuple[str, ...]:
    return tuple({_stems(phrase).strip() for phrase in _phrases(predicate)})


def _stems(text: str) -> str:
    """Return a line of folded words without their English endings: `supplied` as `suppli`."""
    return "".join(f" {_ENDING.sub('', word)}" for word in apart(fold(text)).split()) + " "


def _is_in(phrase: str, line: str) -> bool:
    """Whether the words of a phrase stand in a line in their order, with some others between."""
    pattern = r"(?: \S+){0,4} ".join(map(re.escape, phrase.split()))
    return re.search(f" {pattern} ", line) is not None
