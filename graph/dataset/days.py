"""Days that cannot be: yet to come, in the wrong order, or of another calendar than ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from graph import dates
from graph.dataset.files import FieldPath
from graph.dataset.report import Problem
from graph.model import Source


def source_days(source: Source, today: date) -> Iterator[Problem]:
    """Yield a warning for days of a source that cannot be: to come, or out of order."""
    published = dates.parse(source.published) if source.published else None
    if published and (problem := calendar(("published",), published.text, today)):
        yield problem
    elif published and published.first and published.first > today:
        message = "the source is published on a day that is yet to come"
        yield Problem(("published",), published.text, message, "Check the year.", kind="late-date")
    elif published and published.first and source.read_on and source.read_on < published.first:
        message = f"the source was read before it was out, which was on {published.first}"
        hint = "Check both days."
        yield Problem(("read_on",), str(source.read_on), message, hint, kind="late-date")
    if source.read_on and source.read_on > today:
        message = "the day on which the source was read is yet to come"
        yield Problem(("read_on",), str(source.read_on), message, "Check it.", kind="late-date")


#: Years between a date and what it stands beside from which a calendar is doubted.
_CENTURIES = 300
#: The year 0 of calendars whose years are as long as Gregorian ones, in the latter.
_CALENDARS = {"Solar Hijri": 621, "Minguo": 1911, "Buddhist": -543}
#: That of the Islamic calendar, and how long its year is.
_ISLAMIC, _LUNAR_YEAR = 621.57, 0.97023


def calendar(path: FieldPath, edtf: str, beside: date) -> Problem | None:
    """Return a warning for a date that is centuries from a day, with years it may stand for."""
    span = dates.parse(edtf)
    early = span.last is not None and span.last.year < beside.year - _CENTURIES
    late = span.first is not None and span.first.year > beside.year + _CENTURIES
    day = (span.last if early else span.first) if early or late else None
    if day is None:
        return None
    years = {name: day.year + zero for name, zero in _CALENDARS.items()}
    years["Islamic"] = round(day.year * _LUNAR_YEAR + _ISLAMIC)
    near = [
        f"{year} by the {name} calendar"
        for name, year in years.items()
        if beside.year - _CENTURIES / 2 < year <= beside.year + 1
    ]
    message = f"the date is centuries {'before' if early else 'after'} {beside.year}"
    hint = f"Dates are Gregorian. {day.year} is {' or '.join(near)}." if near else "Check the year."
    return Problem(path, edtf, message, hint, kind="calendar")
