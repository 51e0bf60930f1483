"""When a claim holds: EDTF dates as days, and the one test of time.

Dates are written in EDTF (the Extended Date/Time Format of ISO 8601-2) and mean UTC calendar
days. The library `edtf` reads single dates that have more than digits and hyphens. The rest is
done here: as a whole, the library (5.0.2) pads the unknown end of an interval by ten years, prints
and raises an `AttributeError` on `2004-XX/2005`, does not read `201X/..`, and needs 150 ms for a
set of 19. Its padding of `~ ? %` differs by context (13 months for `2022-12~` in an interval), and
it accepts the 29th of February in any year.

The rules are those of domain.md, "Two time axes": an answer is three-valued, and a date that is
not known never becomes one that is. Where a date only *may* lie on a day, the answer is
`possibly`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from time import struct_time
from typing import Any, Literal, NamedTuple

from edtf import EDTFParseException, parse_edtf
from edtf.parser.parser_classes import PartialUncertainOrApproximate, UncertainOrApproximate

from graph.errors import BadDate

#: A year, a month or a day without any mark.
PLAIN = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
EVER = date.min
NEVER = date.max

# An interval with a qualifier on every component has 27 characters; the library takes 3 ms for
# each member of a set, and 64 characters hold at most 10 that it has to read.
LONGEST = 64

Kind = Literal["state", "event"]


class Span(NamedTuple):
    """The first and last possible day of a start and of an end.

    `None` is unbounded: ever for an earliest day, never for a latest one.
    """

    from_earliest: date | None
    from_latest: date | None
    to_earliest: date | None
    to_latest: date | None


@dataclass(frozen=True, slots=True)
class Edtf:
    """A date as written, and the days that it may mean, before any rule about its source.

    `unresolved` is a date that could lie in any year, such as `XXXX-09`. The other flags tell
    `..` (open) from an empty side (unknown) of an interval; a side such as `XXXX-09` is unknown.
    """

    text: str
    span: Span
    open_start: bool = False
    open_end: bool = False
    unknown_start: bool = False
    unknown_end: bool = False
    unresolved: bool = False

    @property
    def uncertain(self) -> bool:
        """Whether it is written with `?` or `%`: then it may be wrong altogether."""
        return bool(set("?%") & set(self.text))

    @property
    def first(self) -> date | None:
        """The earliest day on which it may start; `None` is ever."""
        return self.span.from_earliest

    @property
    def last(self) -> date | None:
        """The latest day on which it may end; `None` is never."""
        return self.span.to_latest


class Window(NamedTuple):
    """The days on which something may hold, and those on which it surely does, both inclusive.

    `EVER` and `NEVER` stand for unbounded, so that stores need no nulls. Nothing is certain
    where `surely_from` is after `surely_to`.
    """

    held_from: date
    held_to: date
    surely_from: date
    surely_to: date

    def in_doubt(self) -> Window:
        """Return the same window with no day that is sure."""
        return self._replace(surely_from=NEVER, surely_to=EVER)


UNDATED = Window(EVER, NEVER, surely_from=NEVER, surely_to=EVER)


class Match(StrEnum):
    """Whether a record belongs to the time that was asked for."""

    YES = "yes"
    POSSIBLY = "possibly"
    NO = "no"


def window(when: Edtf | None, kind: Kind, published: Edtf | None) -> Window:
    """Return the days on which a fact dated `when` may hold, and surely holds.

    A state holds from its start to its end, an event from its day on ("had happened by"). An
    end written `..` is vouched for up to the earliest day on which its source was published. A date
    that is uncertain is sure on no day.
    """
    window = _window(when, kind, published)
    return window.in_doubt() if when is not None and when.uncertain else window


def _window(when: Edtf | None, kind: Kind, published: Edtf | None) -> Window:
    if when is None or when.unresolved:
        return UNDATED
    span = when.span
    held_from, surely_from = span.from_earliest or EVER, span.from_latest or NEVER
    if kind == "event":
        return Window(held_from, NEVER, surely_from, NEVER if span.from_latest else EVER)
    surely_to = span.to_earliest or EVER
    if when.open_end and published is not None and published.first:
        surely_to = max(surely_to, published.first)
    return Window(held_from, span.to_latest or NEVER, surely_from, surely_to)


def known_days(published: Edtf | None, read_on: date | None) -> tuple[date, date]:
    """Return the first day on which a source may have been out, and the first when it surely was.

    A source that we read on a day was out by that day, whatever its own date leaves open; a
    reading before the earliest day of publication decides nothing. Nor does a date that is
    uncertain say by when it was out.
    """
    earliest = (published and published.first) or EVER
    latest = (published and not published.uncertain and published.last) or NEVER
    return earliest, max(earliest, min(latest, read_on or NEVER))


def holds_on(window: Window, as_of: date | None) -> Match:
    """Say whether a fact belongs to the world at the end of the day `as_of`; `None` is any day."""
    if as_of is None or window.surely_from <= as_of <= window.surely_to:
        return Match.YES
    return Match.POSSIBLY if window.held_from <= as_of <= window.held_to else Match.NO


def known_by(known_from: date, surely_known_from: date, day: date | None) -> Match:
    """Say whether a source was out by the end of `day`; `None` asks for no day."""
    if day is None or surely_known_from <= day:
        return Match.YES
    return Match.POSSIBLY if known_from <= day else Match.NO


def weaker(*matches: Match) -> Match:
    """Return the weakest of the matches; `yes` where there is none."""
    if Match.NO in matches:
        return Match.NO
    return Match.POSSIBLY if Match.POSSIBLY in matches else Match.YES


def parse_day(text: str) -> date:
    """Return the day that a question names: `2015` is 2015-12-31, `2015-03` is 2015-03-31.

    Raises `BadDate`, also for an interval, a set, and a date with `~`, `?`, `%` or `X`.
    """
    if isinstance(text, str) and not PLAIN.fullmatch(text.strip(" ")):
        excerpt = text[:LONGEST]
        reason = f"{excerpt!r} is no single day: write 2015, 2015-03 or 2015-03-31."
        raise BadDate(excerpt, reason)
    return parse(text).last or NEVER


def parse_first_day(text: str) -> date:
    """Return the day from which on a question counts: `2015` is 2015-01-01. Raises as `parse_day`.

    So a year or a month is whole, whether it is where a question begins or where it ends.
    """
    parse_day(text)
    return parse(text).first or date.min


def parse(text: str) -> Edtf:
    """Return the date that the EDTF text means.

    Spaces around it and between the members of a set are dropped. `~`, `?` and `%` widen a date
    as `_read_date` does. A start and an end narrow each other, as neither can pass the other.

    Raises `BadDate` for what is no EDTF, for impossible and reversed dates, and by name for the
    features that are not taken.
    """
    if not isinstance(text, str):
        kind = type(text).__name__
        raise BadDate(str(text), f"A date is a text in quotes, and this is of type {kind}.")
    if len(text) > LONGEST:
        reason = f"A date has at most {LONGEST} characters, and this one has {len(text)}."
        raise BadDate(text[:LONGEST], reason)
    return _parse(text.strip(" "))


@lru_cache(65536)
def _parse(text: str) -> Edtf:
    try:
        return _read(text)
    except BadDate as fault:  # which may name only a part of the text
        raise BadDate(text, fault.reason) from None


def _read(text: str) -> Edtf:
    if "/" in text:
        return _interval(text)
    if text.startswith("["):
        return _one_of_a_set(text)
    days = _read_date(text)
    return Edtf(text, Span(*days, *days)) if days else _unresolved(text)


def _unresolved(text: str) -> Edtf:
    return Edtf(text, Span(None, None, None, None), unresolved=True)


def _interval(text: str) -> Edtf:
    lower, _, upper = text.partition("/")
    start, end = _side(lower), _side(upper)
    if start is None and end is None:
        if {lower, upper} <= {"", ".."}:
            raise BadDate(text, "An interval without a date on either side: leave the date out.")
        return _unresolved(text)
    if start and end and start.earliest > end.latest:
        raise BadDate(text, f"A reversed interval: {lower} is after {upper}.")
    first, last = start and start.earliest, end and end.latest
    # Whichever side is missing is bounded by the other: nothing ends before it starts.
    span = Span(
        from_earliest=first,
        from_latest=min(_bounded(start and start.latest, last), default=None),
        to_earliest=max(_bounded(end and end.earliest, first), default=None),
        to_latest=last,
    )
    return Edtf(
        text,
        span,
        open_start=lower == "..",
        open_end=upper == "..",
        unknown_start=start is None and lower != "..",
        unknown_end=end is None and upper != "..",
    )


def _side(text: str) -> Days | None:
    return None if text in ("", "..") else _read_date(text)


def _bounded(*days: date | None) -> Iterable[date]:
    return (day for day in days if day is not None)


def _one_of_a_set(text: str) -> Edtf:
    """One member of the set is meant and nobody knows which: any day from first to last."""
    members = [member.strip(" ") for member in text[1:].removesuffix("]").split(",")]
    if not text.endswith("]") or members in ([""], [".."]):
        raise BadDate(text, "A set is written [1667,1670..1672].")
    if len(members) == 1 and ".." not in text:
        raise BadDate(text, f"A set of one date: write {members[0]} without the brackets.")
    if any(m.endswith("..") for m in members[:-1]) or any(m.startswith("..") for m in members[1:]):
        raise BadDate(text, "A set may be open only before its first member and after its last.")
    spans = [_member(member) for member in members]
    normal = f"[{','.join(members)}]"
    if None in spans:
        return _unresolved(normal)
    firsts, lasts = zip(*filter(None, spans), strict=True)
    first = None if None in firsts else min(_bounded(*firsts))
    last = None if None in lasts else max(_bounded(*lasts))
    return Edtf(normal, Span(first, last, first, last))


def _member(text: str) -> tuple[date | None, date | None] | None:
    """Return the first and last day of a date, or of a range such as `1670..1672` or `1760..`."""
    lower, dots, upper = text.partition("..")
    if not dots:
        return _read_date(text)
    start, end = _bound(lower), _bound(upper)
    if start and end and len(lower) != len(upper):
        raise BadDate(text, f"The range {text} has ends of two precisions: write both alike.")
    if start and end and start.earliest > end.latest:
        raise BadDate(text, f"A reversed range in a set: {lower} is after {upper}.")
    return start and start.earliest, end and end.latest


def _bound(text: str) -> Days | None:
    if not text:
        return None
    days = _read_date(text)
    if not PLAIN.fullmatch(text):
        raise BadDate(text, f"A range in a set has plain ends, and {text} is none.")
    return days


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


def _read_date(text: str) -> Days | None:
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
    whole = not _has_value(bare.day)
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
    if _has_value(bare.day):
        return 0
    return 1 if _has_value(bare.month) else 12 * 10 ** int(bare.year.count("X"))


def _has_value(component: str | None) -> bool:
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
