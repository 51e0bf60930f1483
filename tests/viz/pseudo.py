"""A language that nobody speaks: accented letters, from right to left, a third longer.

What a page shows without accents is neither translated nor of the data.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from gettext import GNUTranslations

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from graph import language

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
def language_of_tests() -> language.Language:
    """Return the language, with every message in the file of English, read as a translator's is."""
    with (language.FOLDER / "en.po").open("rb") as file:
        english = read_po(file)
    other = Catalog(locale="ar", fuzzy=False)
    for message in english:
        match message.id:
            case "":
                continue
            case str(text):
                other.add(text, pseudo(text))
            case (one, *many):
                forms = (pseudo(one), *([pseudo(many[-1])] * (other.num_plurals - 1)))
                other.add(message.id, forms)
    file = io.BytesIO()
    write_mo(file, other)
    file.seek(0)
    return language.Language(CODE, GNUTranslations(file))


@contextmanager
def spoken() -> Iterator[None]:
    """Have the pages in the language until the end."""
    language.use(language_of_tests())
    try:
        yield
    finally:
        language.use(language.ENGLISH)
