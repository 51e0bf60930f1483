"""One date in EDTF, as the first and the last calendar day that it may mean.

EDTF is the Extended Date/Time Format of ISO 8601-2. The library `edtf` reads the date, if it
holds more than digits and hyphens; the days, the padding of `~ ? %` and the refusals are ours: the
library's own padding differs from place to place (13 months for `2022-12~` in an interval), and it
takes the 29th of February in any year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from time import struct_time
from typing import Any, NamedTuple

from edtf import EDTFParseException, parse_edtf
from edtf.parser.parser_classes import PartialUncertainOrApproximate, UncertainOrApproximate

from graph.errors import BadDate

PLAIN = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


class Days(NamedTuple):
    """The first and the last day that a date may mean, both inclusive."""

    earliest: date
    latest: date


_STRAY = re.compile(r"[^0-9XYESTZ:+?~%^/.,\[\]{} -]")
_EXAMPLES = "Write it as 2010, 2010-03, 2010-03-14, 2010~, 2010/2012 or 2010/.. (EDTF)."

_REFUSED = tuple(
    (re.compile(pattern), what)
    for pattern, what in (
        (r"[{}]", "an all-of set (braces): write one claim for each of its dates"),
        (r"[\[\]]", "a set inside another date: a set must stand alone"),
        (r"/", "an interval inside another: write one start and one end"),
        (r"[T:]", "a time of day: write the day alone"),
        (r"E", "an exponential year: only the years 0001 to 9999 are taken"),
        (r"Y", "a long year: only the years 0001 to 9999 are taken"),
        (r"S", "a year with significant digits: write the decade 195X or the century 19XX"),
        (r"^[?~%]?-", "a negative year: only the years 0001 to 9999 are taken"),
        (r"^[?~%]?0000", "the year zero: only the years 0001 to 9999 are taken"),
        # Hemispheres differ on when a spring is, and calendars on what a quarter is.
        (
            r"^[?~%]?[0-9X]{4}[?~%]?-[?~%]?(2[1-9]|3[0-9]|4[01])(?![0-9X])",
            "a season or another part of a year (21 to 41): write months, as in 2001-03/2001-05",
        ),
        (
            r"X[0-9]|-[?~%]?[0-9]X",
            "a partly unknown month, day or year: X ends a year (199X), XX is a month or day",
        ),
        (r" ", "a date with a space inside: write it without"),
    )
)


def read_date(text: str) -> Days | None:
    """Return the days that a single date may mean; `None` where it could lie in any year.

    `~`, `?` and `%` widen it on both sides by one unit of its written precision: its last
    component that is not `X`, so ten years for `199X`. A qualifier inside the date speaks of the
    date up to there, one before a component of that component alone; the largest unit counts.
    Raises `BadDate` for what is no date, for an impossible one, and by name for what is not taken.
    """
    if stray := _STRAY.search(text):
        raise BadDate(text, f"A date cannot hold {stray[0]!a}. {_EXAMPLES}")
    for pattern, what in _REFUSED:
        if pattern.search(text):
            raise BadDate(text, f"{text!r} is {what}.")
    if PLAIN.fullmatch(text):
        # Nearly every date is of this kind, and the library takes 3 ms for each.
        if (plain := _plain(text)) is None:
            raise BadDate(text, _impossible(text))
        return plain
    try:
        parsed = parse_edtf(text)
    except EDTFParseException:
        raise BadDate(text, _complaint(text)) from None
    bare = parsed.date if isinstance(parsed, UncertainOrApproximate) else parsed
    days = _calendar(text, bare.lower_strict(), bare.upper_strict())
    if bare.year == "XXXX":
        return None
    months = _padding(parsed, bare)
    if months is None:
        return days
    if months == 0:
        return Days(_day_before(days.earliest), _day_after(days.latest))
    whole = not _is_given(bare.day)
    return Days(_shift(days.earliest, -months), _shift(days.latest, months, whole=whole))


def _complaint(text: str) -> str:
    """Say why the library does not read a date: it has no word of its own for an impossible one."""
    bare = re.sub("[?~%]", "", text)
    if PLAIN.fullmatch(bare) and _plain(bare) is None:
        return _impossible(text)
    return f"{text!r} is no EDTF date. {_EXAMPLES}"


def _impossible(text: str) -> str:
    return f"{text!r} is an impossible date: the calendar has no such day."


def _plain(text: str) -> Days | None:
    """Return the days of a year, month or day without any mark; `None` if it is impossible."""
    try:
        earliest = date.fromisoformat(f"{text}-01-01"[: len("2010-01-01")])
    except ValueError:
        return None
    if len(text) == len("2010-01-01"):
        return Days(earliest, earliest)
    return Days(earliest, _shift(earliest, 0 if "-" in text else 11, whole=True))


def _calendar(text: str, lower: struct_time, upper: struct_time) -> Days:
    """Turn the library's first and last day into real ones: 201X-02-29 is 2012 to 2016."""
    years = range(max(lower.tm_year, 1), upper.tm_year + 1)
    earliest = next(_real_days(years, lower.tm_mon, lower.tm_mday), None)
    latest = next(_real_days(reversed(years), upper.tm_mon, upper.tm_mday), None)
    if earliest is None or latest is None:
        raise BadDate(text, _impossible(text))
    return Days(earliest, latest)


def _real_days(years: Iterable[int], month: int, day: int) -> Iterator[date]:
    return (date(year, month, day) for year in years if day <= monthrange(year, month)[1])


def _padding(parsed: Any, bare: Any) -> int | None:
    """Return the months by which a qualified date is widened; 0 is one day, `None` nothing."""
    if isinstance(parsed, PartialUncertainOrApproximate):
        if parsed.year_ua or parsed.year_ua_b:
            return 12
        return 1 if parsed.month_ua or parsed.year_month_ua else 0
    if getattr(parsed, "ua", None) is None:
        return None
    if _is_given(bare.day):
        return 0
    return 1 if _is_given(bare.month) else 12 * 10 ** int(bare.year.count("X"))


def _is_given(component: str | None) -> bool:
    return component not in (None, "XX")


def _shift(day: date, months: int, whole: bool = False) -> date:
    """Move a day by months, to the last day of its month if `whole`; stay within the calendar."""
    index = day.year * 12 + day.month - 1 + months
    if index < date.min.year * 12:
        return date.min
    if index >= (date.max.year + 1) * 12:
        return date.max
    year, month = index // 12, index % 12 + 1
    longest = monthrange(year, month)[1]
    return date(year, month, longest if whole else min(day.day, longest))


def _day_before(day: date) -> date:
    return max(day, date.min + timedelta(1)) - timedelta(1)


def _day_after(day: date) -> date:
    return min(day, date.max - timedelta(1)) + timedelta(1)
