"""A language that nobody speaks: accented letters, from right to left, a third longer.

What a page shows without accents is neither translated nor of the data.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from gettext import GNUTranslations
from typing import get_args

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from pydantic import BaseModel

from graph import language
from graph.properties import Type
from tests.viz.reader import Reader

#: What a page says through an attribute.
SPOKEN = {"title", "aria-label", "placeholder", "alt", "data-side", "data-label"}
#: Names, which every language has as they are.
NAMES = ("Sightlines", "HTML", "Cypher", "Neo4j", "BibTeX", "CSL-JSON", "JSON", "CSV", "Apache")
#: Arabic has six forms for numbers.
CODE = "ar-XB"
LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ→←",
    "áƀçđéƒğĥíĵķłḿñóƥɋřšťúṽŵẋýžÁƁÇĐÉƑĞĤÍĴĶŁḾÑÓƤɊŘŠŤÚṼŴẊÝŽ←→",
)
#: What a translation has as it is: values, markup, signs of HTML, and the bars of a verb's forms.
_KEEP = re.compile(r"(%\(\w+\)s|\{\w+\}|<[^>]*>|&\w+;)")


def pseudo(message: str) -> str:
    """Return a message in the language."""
    if message == "ltr":
        return "rtl"
    parts = _KEEP.split(message)
    return "".join(part if n % 2 else _word(part) for n, part in enumerate(parts))


def _word(text: str) -> str:
    longer = re.sub("[aeiou]", lambda match: match[0] + match[0].lower(), text, flags=re.IGNORECASE)
    return longer.translate(LETTERS)


@cache
def language_of_tests(locale: str = "ar") -> language.Language:
    """Return the language, with every message in the file of English, read as a translator's is.

    It has the rule for numbers of a real one, `locale`.
    """
    with (language.FOLDER / "en.po").open("rb") as file:
        english = read_po(file)
    other = Catalog(locale, fuzzy=False)
    for message in english:
        match message.id:
            case "":
                continue
            case str(text):
                other.add(text, pseudo(text))
            case (one, *many):
                forms = [pseudo(one), *([pseudo(many[-1])] * (other.num_plurals - 1))]
                # Marks that nobody sees tell the forms apart.
                forms = ["\u200c" * place + form for place, form in enumerate(forms)]
                other.add(message.id, forms)
    file = io.BytesIO()
    write_mo(file, other)
    file.seek(0)
    return language.Language(CODE, GNUTranslations(file))


@contextmanager
def spoken(locale: str = "ar") -> Iterator[None]:
    """Have the pages in the language until the end."""
    language.use(language_of_tests(locale))
    try:
        yield
    finally:
        language.use(language.ENGLISH)


class Words(Reader):
    """The texts that a page shows or has read out, each with the element that it stands in."""

    def __init__(self, page: str) -> None:
        self.texts: list[tuple[str, str]] = []
        super().__init__(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        self.texts += [(f"{tag} {name}", v) for name, v in attrs if name in SPOKEN and v]
        if tag == "meta" and dict(attrs).get("name") == "description":
            self.texts.append((tag, str(dict(attrs)["content"])))

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if not {"script", "style", "code", "pre", "kbd", "textarea"} & set(self._open):
            self.texts.append((" ".join(self._open[-2:]), data))


def _texts_of(value: object) -> Iterator[str]:
    """Every text in a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        yield from _texts_of(value.model_dump(mode="json"))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts_of(key)
            yield from _texts_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts_of(item)


def in_english(page: str, data: Sequence[str]) -> list[str]:
    """What a page shows that is neither of the data nor in the language, with its place."""
    left, whole = [], set(data)
    for place, text in dict.fromkeys(Words(page).texts):
        if text.strip() in whole:
            continue
        bare = _URL.sub("", text)
        for datum in data:
            if not _PLAIN.search(bare):
                break
            if datum in bare:
                bare = re.sub(rf"(?<!\w){re.escape(datum)}(?!\w)", "", bare)
        if _PLAIN.search(bare):
            left.append(f"{place}: {text.strip()}")
    return left


_PLAIN = re.compile("[A-Za-z]{2}")
_URL = re.compile(r"https?://[^ ]+")


def known_texts(*records: object) -> list[str]:
    """Return the texts of the data, and the names that every language has, the longest first."""
    return sorted({*_texts_of(records), *NAMES, *get_args(Type)} - {""}, key=len, reverse=True)
