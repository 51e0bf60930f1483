"""When a claim holds: EDTF dates as days, and the one test of time.

Dates are written in EDTF (the Extended Date/Time Format of ISO 8601-2) and mean UTC calendar
days. `graph.days` reads single dates, with the library `edtf`; intervals and sets are taken apart
here at their own punctuation, since as a whole the library (5.0.2) pads an unknown end by ten
years, prints and raises an `AttributeError` on `2004-XX/2005`, does not read `201X/..`, and needs
150 ms for a set of 19.

The rules are those of domain.md, "Two time axes": an answer is three-valued, and a date that is
not known never becomes one that is. Where a date only *may* lie on a day, the answer is
`possibly`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Literal, NamedTuple

from graph.days import PLAIN, Days, read_date
from graph.errors import BadDate

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


UNDATED = Window(EVER, NEVER, surely_from=NEVER, surely_to=EVER)


class Match(StrEnum):
    """Whether a record belongs to the time that was asked for."""

    YES = "yes"
    POSSIBLY = "possibly"
    NO = "no"


def window(when: Edtf | None, kind: Kind, published: Edtf | None) -> Window:
    """Return the days on which a fact dated `when` may hold, and surely holds.

    A state holds from its start to its end, an event from its day on ("had happened by"). An
    end written `..` is vouched for up to the earliest day on which its source was published.
    """
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


def known(published: Edtf | None, read_on: date | None) -> tuple[date, date]:
    """Return the first day on which a source may have been out, and the first when it surely was.

    A source that we read on a day was out by that day, whatever its own date leaves open; a
    reading before the earliest day of publication decides nothing.
    """
    earliest = (published and published.first) or EVER
    latest = (published and published.last) or NEVER
    return earliest, max(earliest, min(latest, read_on or NEVER))


def held(window: Window, as_of: date | None) -> Match:
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
    when = parse(text)
    if not PLAIN.fullmatch(when.text):
        reason = f"{when.text!r} is no single day, and a day is asked for: write 2015-03-31."
        raise BadDate(when.text, reason)
    return when.last or NEVER


def parse(text: str) -> Edtf:
    """Return the date that the EDTF text means.

    Spaces around it and between the members of a set are dropped. `~`, `?` and `%` widen a date
    as `graph.days` says. A start and an end narrow each other, as neither can pass the other.

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
    days = read_date(text)
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
        from_latest=min(_given(start and start.latest, last), default=None),
        to_earliest=max(_given(end and end.earliest, first), default=None),
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
    return None if text in ("", "..") else read_date(text)


def _given(*days: date | None) -> Iterable[date]:
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
    first = None if None in firsts else min(_given(*firsts))
    last = None if None in lasts else max(_given(*lasts))
    return Edtf(normal, Span(first, last, first, last))


def _member(text: str) -> tuple[date | None, date | None] | None:
    """Return the first and last day of a date, or of a range such as `1670..1672` or `1760..`."""
    lower, dots, upper = text.partition("..")
    if not dots:
        return read_date(text)
    start, end = _bound(lower), _bound(upper)
    if start and end and len(lower) != len(upper):
        raise BadDate(text, f"The range {text} has ends of two precisions: write both alike.")
    if start and end and start.earliest > end.latest:
        raise BadDate(text, f"A reversed range in a set: {lower} is after {upper}.")
    return start and start.earliest, end and end.latest


def _bound(text: str) -> Days | None:
    if not text:
        return None
    days = read_date(text)
    if not PLAIN.fullmatch(text):
        raise BadDate(text, f"A range in a set has plain ends, and {text} is none.")
    return days
