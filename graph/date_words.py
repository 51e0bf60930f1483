"""Dates in words, to EDTF: the way back from `graph.wording.in_words`, and what articles say.

A relative date ("last year") is counted from the day on which its source came out, and the note
says so. What is not understood is refused: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from graph import dates
from graph.errors import BadDate
from graph.wording import in_words

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_NUMBERS |= {"seven": 7, "eight": 8, "nine": 9, "ten": 10}
_MONTH = f"(?P<month>{'|'.join(f'{m[:3]}(?:{m[3:]})?' for m in _MONTHS)}|sept)\\.?"
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})"
#: One day, month or year; what a text leaves open of the year stands as `X`.
_SINGLES = tuple(
    re.compile(pattern)
    for pattern in (
        _YEAR,
        rf"{_MONTH},?(?: of)? {_YEAR}",
        rf"(?:the )?{_DAY}(?: of)? {_MONTH},? {_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"day {_DAY} of an unknown month (?:in )?{_YEAR}",
    )
)
_IN_SPAN = re.compile(
    r"(?:an? )?(?P<part>.*?) ?\b(?:in )?"
    r"(?:(?:the )?(?P<decade>[0-9]{3})0s|(?P<from>[0-9]{4})–(?P<to>[0-9]{4}))"
)
_RECURRING = re.compile(rf"(?:an? )?(?:{_DAY} )?{_MONTH}")
#: A part of a year, as months.
_PARTS = {
    "first half of": (1, 6), "second half of": (7, 12), "first quarter of": (1, 3),
    "second quarter of": (4, 6), "third quarter of": (7, 9), "fourth quarter of": (10, 12),
}  # fmt: skip
#: Words that narrow a date down by less than EDTF can say: they go into the note.
_VAGUE = ("early", "mid", "late", "the beginning of", "the middle of", "the end of")
_DOUBT = (
    (r"possibly (?:about|around)", "%"),
    (r"possibly|perhaps|maybe|probably", "?"),
    (r"about|around|circa|ca?\.?|approximately|roughly", "~"),
)
_SINCE_AT_LEAST = re.compile(r"(?:at least since|since at least) (.+)|since (.+) or earlier")


class DateReading(NamedTuple):
    """A date in EDTF and in words, and how it was resolved; the note is empty if it is plain."""

    edtf: str
    words: str
    note: str = ""


def read_date(text: str, published: str | None = None) -> DateReading:
    """Return what a date in words, or in EDTF, is. Raises `BadDate` if it is not understood.

    `published` is the EDTF date of the source, from which relative dates are counted.
    """
    words = " ".join(text.strip().rstrip(".").split())
    if (edtf := _parsed(words)) is not None:
        return DateReading(edtf, in_words(edtf))
    lower = re.sub(r"^(?:in|on|during) (?!.* or later)", "", words.lower())
    for edtf, note in _readings(lower, words, published):
        if _parsed(edtf) is not None:
            return DateReading(edtf, in_words(edtf), note)
    raise BadDate(
        text, "This date is not understood. Write it as 19 November 2022, March 2021, since 2009, "
        "by 2011, between 2010 and 2012, or in EDTF."
    )  # fmt: skip


def _parsed(text: str) -> str | None:
    try:
        dates.parse(text)
    except BadDate:
        return None
    return text


def _readings(lower: str, words: str, published: str | None) -> Iterator[tuple[str, str]]:
    yield from ((edtf, "") for edtf in _absolute(lower))
    vague = next((v for v in _VAGUE if re.match(rf"{v}[ -]", lower)), None)
    if vague and (rest := _one(lower[len(vague) + 1 :])):
        yield rest, f"The source says “{words}”."
    if (match := _SINCE_AT_LEAST.fullmatch(lower)) and (start := _one(match[1] or match[2])):
        yield f"{start}/..", f"The source says “{words}”: it may have begun earlier."
    day = _publication(published)
    if day is not None and (edtf := _relative(lower, day)):
        came_out = in_words(published or "")
        yield edtf, f"“{words}” is counted from {came_out}, when the source came out."


def _absolute(text: str) -> Iterator[str]:
    """Yield the EDTF texts that words without a reference to today may be."""
    if one := _one(text):
        yield one
    for pattern, form in (
        (r"(?:by|no later than|until or in) (.+)", "[..{}]"),
        (r"(.+) or later|no earlier than (.+)", "[{}..]"),
        (r"since (.+)|from (.+?) on(?:wards?)?", "{}/.."),
        (r"(?:until|up to|till) (.+)", "../{}"),
        (r"from (.+), end unknown", "{}/"),
    ):
        match = re.fullmatch(pattern, text)
        if match and (one := _one(next(filter(None, match.groups())))):
            yield form.format(one)
    for pattern, form in (
        (r"(?:a (?:day|month|year) )?between (.+) and (.+)", "[{}..{}]"),
        (r"a year in ([0-9]{4})–([0-9]{4})", "[{}..{}]"),
        (r"(?:from )?(.+) (?:to|until|till) (.+)", "{}/{}"),
        (r"([0-9]{4})[–—-]([0-9]{4})", "{}/{}"),
    ):
        match = re.fullmatch(pattern, text)
        if match and (start := _one(match[1])) and (stop := _one(match[2])):
            yield form.format(start, stop)
    for word, move in (("before", -1), ("after", 1)):
        match = re.fullmatch(rf"{word} (.+)", text)
        if match and (one := _one(match[1])) and (next_to := _neighbour(one, move)):
            yield f"[..{next_to}]" if move < 0 else f"[{next_to}..]"
    members = [_one(part) for part in re.split(r", | or ", text)]
    if len(members) > 1 and all(members):
        yield f"[{','.join(map(str, members))}]"


def _one(text: str) -> str | None:
    """Return a single date in EDTF, with its doubt; None if the words are none."""
    text = text.removeprefix("in ").removeprefix("on ")
    for pattern, mark in _DOUBT:
        if match := re.match(rf"(?:{pattern}) ", text):
            rest = _one(text[match.end() :])
            return rest and rest + mark
    if re.fullmatch(r"[0-9X]{4}(-[0-9X]{2}){0,2}", text.upper()):
        return _parsed(text.upper())
    for single in _SINGLES:
        if match := single.fullmatch(text):
            return _edtf(match.groupdict(), match["year"])
    for name, (first, last) in _PARTS.items():
        if (match := re.fullmatch(rf"(?:the )?{name} {_YEAR}", text)) is not None:
            return f"[{match['year']}-{first:02}..{match['year']}-{last:02}]"
    if text == "an unknown date":
        return "XXXX"
    if match := _IN_SPAN.fullmatch(text):
        year = f"{match['decade']}X" if match["decade"] else _shared(match["from"], match["to"])
        part = match["part"]
        if year and part in ("", "year"):
            return year
        inner = _RECURRING.fullmatch(part)
        return _edtf(inner.groupdict(), year) if inner and year else None
    if match := _RECURRING.fullmatch(text):
        return _edtf(match.groupdict(), "XXXX")
    return None


def _edtf(parts: dict[str, str | None], year: str) -> str:
    month, day = parts.get("month"), parts.get("day")
    if month is None and day is None:
        return year
    number = f"{_month(month):02}" if month else "XX"
    return f"{year}-{number}" + (f"-{int(day):02}" if day else "")


def _month(name: str) -> int:
    return next(i for i, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _shared(first: str, last: str) -> str | None:
    """Return `19XX` for 1900 to 1999."""
    for digits in (1, 2, 3):
        if first[:-digits] == last[:-digits] and last[-digits:] == "9" * digits:
            return first[:-digits] + "X" * digits
    return None


def _neighbour(edtf: str, move: int) -> str | None:
    """Return the year, month or day before or after a plain one."""
    if not dates.PLAIN.fullmatch(edtf):
        return None
    if len(edtf) == len("2021-03-09"):
        return (date.fromisoformat(edtf) + timedelta(move)).isoformat()
    if len(edtf) == len("2021-03"):
        return _months_from(date.fromisoformat(f"{edtf}-01"), move)
    return f"{int(edtf) + move:04}"


def _months_from(day: date, months: int) -> str:
    index = day.year * 12 + day.month - 1 + months
    return f"{index // 12:04}-{index % 12 + 1:02}"


def _publication(published: str | None) -> date | None:
    """Return the first day on which a source may have come out; None if that is not known."""
    try:
        return dates.parse(published).first if published else None
    except BadDate:
        return None


def _relative(text: str, day: date) -> str | None:
    if text in ("today", "yesterday"):
        return (day - timedelta(text == "yesterday")).isoformat()
    for word, back in (("this", 0), ("last", -1), ("next", 1)):
        if text == f"{word} year":
            return f"{day.year + back:04}"
        if text == f"{word} month":
            return _months_from(day, back)
    if match := re.fullmatch(rf"last {_MONTH}", text):
        month = _month(match["month"])
        return f"{day.year - (month >= day.month):04}-{month:02}"
    if match := re.fullmatch(r"(\w+) (year|month)s? (?:ago|before|earlier)", text):
        number = int(match[1]) if match[1].isdecimal() else _NUMBERS.get(match[1])
        if number is not None:
            years = f"{day.year - number:04}"
            return years if match[2] == "year" else _months_from(day, -number)
    return None
