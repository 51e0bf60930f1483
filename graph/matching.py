"""How words match a text: the forms of what is sought, the query for the index, and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from rapidfuzz import fuzz

from graph.fold import apart, folds

How = Literal["exact", "prefix", "folded", "close"]
T = TypeVar("T")

#: From the best to the worst. `folded` has every word, or what a word begins with, somewhere.
HOWS: tuple[How, ...] = ("exact", "prefix", "folded", "close")
#: A typo is allowed in texts of up to so many words: each may stand for fifty others.
_TYPOS = 8


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write what is sought, folded: as a line of `search_text`, and its words."""

    line: str
    words: tuple[str, ...]


def forms(text: str) -> list[Form]:
    """Return the forms of a text, each once; none if it has no letter or digit."""
    split = [tuple(apart(word) for word in folded.split()) for folded in folds(text)]
    return [Form(" ".join(words), words) for words in split]


def lucene(words: Sequence[str], *, every: bool = True) -> str:
    """Return the full-text query for folded words: every operator in it is ours.

    A folded word has only letters and digits, so nothing is left to escape but the words `and`,
    `or` and `not`, which are operators in capitals only.
    """
    typos = len(words) <= _TYPOS
    return (" AND " if every else " OR ").join(
        _word(word, last=i == len(words), typo=typos and len(word) >= 4 and word.isalpha())
        for i, word in enumerate(words, 1)
    )


def _word(word: str, *, last: bool, typo: bool) -> str:
    # Quoted, so that Chinese is a phrase: alone it would match any of its characters.
    options = [word if word.isascii() and " " not in word else f'"{word}"']
    # A star finds the rest of a word that is still being typed.
    if last and " " not in word:
        options.append(f"{word}*")
    if typo and word.isascii():
        options.append(f"{word}~1")
    return f"({' OR '.join(options)})"


def best(texts: Sequence[tuple[str, T]], forms: Sequence[Form]) -> tuple[How, T]:
    """Find the text that matches best, and how; `texts` are pairs with what stands for each.

    The first of those that match alike; where none is more than `close`, the most similar one.
    """
    ranked = [(_how(text, forms), text, value) for text, value in texts]
    how, _, value = min(ranked, key=lambda item: HOWS.index(item[0]))
    if how == "close":
        _, _, value = max(ranked, key=lambda item: similarity(item[1], forms))
    return how, value


def similarity(text: str, forms: Sequence[Form]) -> float:
    """Return how much a text resembles what is sought, from 0 to 100."""
    pairs = ((apart(line), form.line) for line in folds(text) for form in forms)
    return max((fuzz.WRatio(*pair) for pair in pairs), default=0.0)


def _how(text: str, forms: Sequence[Form]) -> How:
    lines = [apart(folded) for folded in folds(text)]
    if any(form.line in lines for form in forms):
        return "exact"
    if any(line.startswith(form.line) for line in lines for form in forms):
        return "prefix"
    # Of a text with two forms, some words may be in the one and some in the other.
    whole = " ".join(["", *lines])
    whole_words = any(all(f" {word}" in whole for word in form.words) for form in forms)
    return "folded" if whole_words else "close"
