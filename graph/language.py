"""The language of pages: their words stand in the code in English, and are translated here.

`languages/en.po` lists every word and sentence of the pages; the file of another language has
their translations (docs/translating.md). The entry point of a page sets the language for the task
in hand: answers of the API and what a load stores are in English always. The words of data (names,
claims, titles, stories) are never translated.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, Token
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import NamedTuple

from graph.errors import InputError

FOLDER = Path(__file__).with_name("languages")


class Language(NamedTuple):
    """A language by its code (BCP 47), with its translations."""

    code: str
    catalogue: NullTranslations


ENGLISH = Language("en", NullTranslations())
_language: ContextVar[Language] = ContextVar("language", default=ENGLISH)


@cache
def read(code: str) -> Language:
    """Return a language. Raises `InputError` if there is no file of it."""
    if code == ENGLISH.code:
        return ENGLISH
    files = {path.stem: path for path in FOLDER.glob("*.mo")}
    if code not in files:
        names = ", ".join(sorted({ENGLISH.code, *files}))
        raise InputError(f"The pages have no language {code!r}. They have: {names}.")
    with files[code].open("rb") as stream:
        return Language(code, GNUTranslations(stream))


def use(language: Language) -> Token[Language]:
    """Set the language of this task and of those that it starts."""
    return _language.set(language)


def code() -> str:
    """Return the code of the language, for `lang`."""
    return _language.get().code


def direction() -> str:
    """Return the direction of its script, `ltr` or `rtl`."""
    # Translators: the direction of your script, ltr (left to right) or rtl (right to left).
    return gettext("ltr")


def gettext(message: str, /, **values: object) -> str:
    """Return an English message in the language, with its values: `gettext("to %(day)s", day=…)`.

    Without values a per cent sign in the message is one, as in templates.
    """
    text = _language.get().catalogue.gettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, number: int, /) -> str:
    """Return the form of a message for a number, for templates, which put in its values."""
    return _language.get().catalogue.ngettext(one, many, number)


def count(number: int, one: str, many: str, /, **values: object) -> str:
    """Return a message with a number, `num`: `count(1_200, "%(num)s claim", "%(num)s claims")`."""
    return ngettext(one, many, number) % {"num": f"{number:,}", **values}


def form(number: int) -> int:
    """Return which of its forms the language has for a number, from 0."""
    catalogue = _language.get().catalogue
    if isinstance(catalogue, GNUTranslations):
        # Set by the reader of the file, for its own use of the plural rule.
        rule: Callable[[int], int] = catalogue.plural  # type: ignore[attr-defined]
        return rule(number)
    return int(number != 1)


def mark(message: str) -> str:
    """Return a message as it is: it is translated where it is used, not where it stands."""
    return message
