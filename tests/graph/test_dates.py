"""graph/dates.py: what a date means, and the one test of time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise, product
from time import process_time

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import (
    EVER,
    LONGEST,
    NEVER,
    Edtf,
    Match,
    Span,
    Window,
    holds_on,
    known_by,
    known_days,
    parse,
    parse_day,
    weaker,
    window,
)
from graph.errors import BadDate
from tests.strategies import examples

# A shared machine may pause for longer than any deadline. The library takes 3 ms for a date.
many, few = examples(100), examples(40)

# Features that are valid EDTF and not taken: the word that names them, and literals that use them.
REFUSED = {
    "negative year": ["-0999", "-2005/-1999-02", "-01XX", "-0275~", "-0001~", "-01XX~"],
    "year zero": ["0000", "0000~"],
    "time of day": [
        "2001-02-03T09:30:01",
        "2004-01-01T10:10:10Z",
        "2004-01-01T10:10:10+05:00",
        "1985-04-12T23:20:30",
    ],
    "long year": ["Y170000002", "Y-170000002", "Y171010000S3"],
    "exponential year": ["Y17E7", "Y-17E7", "Y17101E4S3", "Y3388E2S3"],
    "significant digits": ["1950S2", "1953S2", "1953S3"],
    "season": ["2001-21", "2003-22", "2000-23", "2010-24", "2001-29", "2001-34"],
    "all-of set": ["{1667,1668, 1670..1672}", "{1960, 1961-12}"],
}

# Dates of the forms that are taken, beside those of WIDENED.
VALID = [
    "2019-03-08", "2019-11", "2019",
    "1987/2019", "2003-05/2007-09", "2003-05-01/2006-03-08", "2003-05-01/2006-03", "2003-05/2006",
    "2006/2007-02", "../2011", "2011-04-01/..", "/2011", "2011-04-01/", "1987-03-02/",
    "198X", "18XX", "1XXX", "1987-XX", "1987-02-XX", "1987-XX-XX", "2011-06-XX/2011-07-03",
    "187X-11-30", "18XX-11-30", "1871-XX-30", "18XX-11-XX", "XXXX-XX-17",
    "[1871, 1872, 1874..1876]", "[..1911-12-03]", "[1911-12..]", "[1911-01, 1911-02, 1911-12..]",
    "[1871, 1911-12]",
    "?1951/1963", "~1951-03", "%1951-03-02", "1987?-05-04", "1987-03-02?/", "1987~/2003~",
]  # fmt: skip

# What is no date of the standard.
BAD = [
    None, "", "some time in 2019", "Y17E7-11-30", "2019-13-08", "2019-02-30", "-0000-01-01",
    "2003-(05)?-11", "2003-05-(11)~", "2003-(05)%", "2003-(05-11)?", "(2003-(05)~)?",
    "(2011)-05-04~", "2003-05-(01)~/2003-05-(20)~",
]  # fmt: skip

# What one unit of the written precision makes of the qualified literals.
WIDENED = {
    "1984?": ("1983-01-01", "1985-12-31"),
    "1984~": ("1983-01-01", "1985-12-31"),
    "1984%": ("1983-01-01", "1985-12-31"),
    "?1945": ("1944-01-01", "1946-12-31"),
    "156X~": ("1550-01-01", "1579-12-31"),
    "16XX~": ("1500-01-01", "1799-12-31"),
    "16XX%": ("1500-01-01", "1799-12-31"),
    "1XXX~": ("0001-01-01", "2999-12-31"),
    "2004-06?": ("2004-05-01", "2004-07-31"),
    "2004-06-11?": ("2004-06-10", "2004-06-12"),
    "2004-06-11%": ("2004-06-10", "2004-06-12"),
    "2004?-06-11": ("2003-06-11", "2005-06-11"),
    "?1945-01-01": ("1944-01-01", "1946-01-01"),
    "2004-06~-11": ("2004-05-11", "2004-07-11"),
    "2004-06-~11": ("2004-06-10", "2004-06-12"),
    "2004-%06": ("2004-05-01", "2004-07-31"),
    "2004-?06-?11": ("2004-05-11", "2004-07-11"),
    "2004?-06-~11": ("2003-06-11", "2005-06-11"),
    "?2004-%06": ("2003-06-01", "2005-06-30"),
    "2004?-~06-~04": ("2003-06-04", "2005-06-04"),
    "2011-~06-~04": ("2011-05-04", "2011-07-04"),
    "1984/2004-06~": ("1984-01-01", "2004-07-31"),
    "1984?/2004%": ("1983-01-01", "2005-12-31"),
    "1984-06-02?/2004-08-08~": ("1984-06-01", "2004-08-09"),
    "2004-06-~01/2004-06-~20": ("2004-05-31", "2004-06-21"),
}


def day(text: str | None) -> date | None:
    """Return the day, or `None`; keeps the tables short."""
    return date.fromisoformat(text) if text else None


def span(*days: str | None) -> Span:
    """Return a span from ISO texts."""
    return Span(*map(day, days))


@pytest.mark.long
def test_dates_have_the_strict_days_of_the_library() -> None:
    """Each literal that is taken means, unqualified, the days that the library computes."""
    for text in (*VALID, *WIDENED):
        bare = re.sub("[?~%]", "", text)
        theirs, when = parse_edtf(bare), parse(bare)
        assert parse(text).unresolved == when.unresolved, text
        # An open side has no day; the library gives an unknown one ten years.
        if not (re.match(r"/|\[?\.\.", text) or when.unresolved):
            assert when.first and when.first.timetuple()[:3] == theirs.lower_strict()[:3], text
        if not (re.search(r"(/|\.\.\]?)$", text) or when.unresolved):
            assert when.last and when.last.timetuple()[:3] == theirs.upper_strict()[:3], text


@pytest.mark.parametrize(("feature", "texts"), REFUSED.items())
def test_features_not_taken_are_refused_by_name(feature: str, texts: list[str]) -> None:
    """The message names the feature, and the exception holds the text."""
    for text in texts:
        with pytest.raises(BadDate, match=feature) as error:
            parse(text)
        assert error.value.value == text


def test_what_is_no_date_is_refused() -> None:
    """Nothing of what the standard has not is read, `None` included."""
    for text in BAD:
        with pytest.raises(BadDate):
            parse(text)


@pytest.mark.parametrize("value", [None, 2010, 2010.5, date(2010, 1, 1), ["2010"], b"2010", True])
def test_only_texts_are_dates(value: object) -> None:
    """YAML makes a number of 2010 and a date of 2010-01-01: the message asks for quotes."""
    with pytest.raises(BadDate, match="text in quotes"):
        parse(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "days"), WIDENED.items())
def test_qualifiers_widen_by_one_unit(text: str, days: tuple[str, str]) -> None:
    """`~`, `?` and `%` widen by one unit of the written precision, the largest counts."""
    when = parse(text)
    assert (when.first, when.last) == (day(days[0]), day(days[1]))


@pytest.mark.parametrize(
    ("text", "expected", "flags"),
    [
        ("2010", span("2010-01-01", "2010-12-31", "2010-01-01", "2010-12-31"), ""),
        ("2010/2012", span("2010-01-01", "2010-12-31", "2012-01-01", "2012-12-31"), ""),
        ("2010/..", span("2010-01-01", "2010-12-31", "2010-01-01", None), "open_end"),
        ("2010/", span("2010-01-01", "2010-12-31", "2010-01-01", None), "unknown_end"),
        ("../2010", span(None, "2010-12-31", "2010-01-01", "2010-12-31"), "open_start"),
        ("/2010", span(None, "2010-12-31", "2010-01-01", "2010-12-31"), "unknown_start"),
        ("XXXX-09/2010", span(None, "2010-12-31", "2010-01-01", "2010-12-31"), "unknown_start"),
        ("2010/XXXX-09", span("2010-01-01", "2010-12-31", "2010-01-01", None), "unknown_end"),
        # Start and end narrow each other.
        ("2010/2010-03", span("2010-01-01", "2010-03-31", "2010-03-01", "2010-03-31"), ""),
        ("2010-09/2010", span("2010-09-01", "2010-09-30", "2010-09-01", "2010-12-31"), ""),
        # The library cannot read these as a whole.
        ("201X/..", span("2010-01-01", "2019-12-31", "2010-01-01", None), "open_end"),
        ("2004-XX/2005", span("2004-01-01", "2004-12-31", "2005-01-01", "2005-12-31"), ""),
        ("XXXX-09", span(None, None, None, None), "unresolved"),
        ("XXXX-02-29", span(None, None, None, None), "unresolved"),
        ("XXXX-09/..", span(None, None, None, None), "unresolved"),
        ("[XXXX-09,2010]", span(None, None, None, None), "unresolved"),
        ("[1667, 1670..1672]", span("1667-01-01", "1672-12-31", "1667-01-01", "1672-12-31"), ""),
        ("[2022-11-19..]", span("2022-11-19", None, "2022-11-19", None), ""),
        ("[..2022]", span(None, "2022-12-31", None, "2022-12-31"), ""),
        ("[2006,201X]", span("2006-01-01", "2019-12-31", "2006-01-01", "2019-12-31"), ""),
        # Only real days count.
        ("201X-02-29", span("2012-02-29", "2016-02-29", "2012-02-29", "2016-02-29"), ""),
        ("2100-02-XX", span("2100-02-01", "2100-02-28", "2100-02-01", "2100-02-28"), ""),
        ("000X", span("0001-01-01", "0009-12-31", "0001-01-01", "0009-12-31"), ""),
        # The calendar's ends hold.
        ("0001~", span("0001-01-01", "0002-12-31", "0001-01-01", "0002-12-31"), ""),
        ("9999~", span("9998-01-01", "9999-12-31", "9998-01-01", "9999-12-31"), ""),
        ("9999-12-31~", span("9999-12-30", "9999-12-31", "9999-12-30", "9999-12-31"), ""),
    ],
)
def test_the_four_days(text: str, expected: Span, flags: str) -> None:
    """Each form gives its four days and no flag but its own."""
    when = parse(text)
    assert when.span == expected
    names = ("open_start", "open_end", "unknown_start", "unknown_end", "unresolved")
    assert [name for name in names if getattr(when, name)] == flags.split()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2021-02-29", "impossible date"),
        ("2021-02-30", "impossible date"),
        ("2021-02-29~", "impossible date"),
        ("1900-02-29/1901", "impossible date"),
        ("2016-13", "impossible date"),
        ("2021-04-31?", "impossible date"),
        ("157X-02-30", "impossible date"),
        ("XXXX-02-30", "impossible date"),
        ("2012/2010", "reversed interval: 2012 is after 2010"),
        ("2010-05/2010-03", "reversed interval"),
        ("[1670..1667]", "reversed range in a set: 1670 is after 1667"),
        ("[1660,1670..1667]", "reversed range"),
        ("[1670..1672-03]", "two precisions"),
        ("[1670~..1672]", "plain ends"),
        ("[1670..S3]", "significant digits|plain ends"),
        ("[1670]", "set of one date: write 1670"),
        ("[1670,..1672]", "open only before its first"),
        ("[1670..,1672]", "open only before its first"),
        ("[..]", "set is written"),
        ("[]", "set is written"),
        ("[1670,1672", "set is written"),
        ("[2001-21,2002]", "season"),
        ("[1670,1672]/1675", "set inside another date"),
        ("2001-21/2002", "season"),
        ("2001-21?", "season"),
        ("2001/2002/2003", "interval inside another"),
        ("2001-0X", "partly unknown"),
        ("2001-01-1X", "partly unknown"),
        ("1X99", "partly unknown"),
        ("/", "leave the date out"),
        ("../..", "leave the date out"),
        ("/..", "leave the date out"),
        ("2004 - 05", "space inside"),
        ("2012~~", "no EDTF date"),
        ("last year", "cannot hold 'l'"),
        ("2010\n", r"cannot hold '\\n'"),
        ("20\x0010", r"cannot hold '\\x00'"),
        ("\u0662\u0660\u0661\u0660", r"cannot hold '\\u0662'"),
        ("\uff12\uff10\uff11\uff10", r"cannot hold '\\uff12'"),
        ("", "no EDTF date"),
        (" ", "no EDTF date"),
    ],
)
def test_bad_dates_say_why(text: str, reason: str) -> None:
    """What cannot be is refused with its own message."""
    with pytest.raises(BadDate, match=reason):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "9" * 10_000,
        "[" * 10_000,
        "2004~-" * 1_700,
        "Y1E999999999",
        "XXXX-02-30",
        "[" + ",".join(map(str, range(2004, 2015))) + ",2-13]",
        "{" * LONGEST,
        "(" * LONGEST,
        "/" * LONGEST,
        "?" * LONGEST,
        "X" * LONGEST,
        "2004-06-11/" * 5,
    ],
)
def test_hostile_texts_are_refused_and_hang_nothing(text: str) -> None:
    """Every one is refused; the bound is far above what it takes, and far below a hang."""
    start = process_time()
    with pytest.raises(BadDate):
        parse(text)
    assert process_time() - start < 5


def test_normal_text() -> None:
    """Spaces around a date and in a set do not make it another date."""
    assert parse(" 2010 ") == parse("2010")
    assert parse("[1667, 1668 ,1670..1672]").text == "[1667,1668,1670..1672]"


@many
@given(st.text("0123456789X-~?%/.,[]{}ST:Y ", max_size=24))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    """No text raises anything but `BadDate`, and days are always in order."""
    try:
        when = parse(text)
    except BadDate:
        return
    from_earliest, from_latest, to_earliest, to_latest = when.span
    assert (from_earliest or EVER) <= (from_latest or NEVER) <= (to_latest or NEVER)
    assert (from_earliest or EVER) <= (to_earliest or EVER) <= (to_latest or NEVER)


def test_the_library_never_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """The library prints where it fails on a partly unknown month: it never comes to that."""
    for text in ("2004-XX/2005", "[2004-XX,2005]", "2004-0X/2005", "[2004-1X,2005]"):
        try:
            parse(text)
        except BadDate:
            continue
    assert capsys.readouterr() == ("", "")


ordinary_days = st.dates(date(1000, 1, 1), date(2999, 12, 31))


@few
@given(ordinary_days, st.sampled_from([10, 7, 4]))
def test_plain_dates_mean_what_the_library_says(of: date, precision: int) -> None:
    """Plain dates do not pass through the library, and have the days that it computes."""
    text = of.isoformat()[:precision]
    theirs = parse_edtf(text)
    when = parse(text)
    assert when.first and when.first.timetuple()[:3] == theirs.lower_strict()[:3]
    assert when.last and when.last.timetuple()[:3] == theirs.upper_strict()[:3]


@few
@given(ordinary_days)
def test_precisions_contain_each_other(of: date) -> None:
    """A day lies in its month, that in its year, decade and century."""
    text = of.isoformat()
    texts = [text, text[:7], text[:4], f"{text[:3]}X", f"{text[:2]}XX", f"{text[:1]}XXX"]
    dates = [parse(one) for one in texts]
    for narrow, wide in pairwise(dates):
        assert wide.first and wide.last and narrow.first and narrow.last
        assert wide.first <= narrow.first <= narrow.last <= wide.last


@few
@given(ordinary_days, st.sampled_from([10, 7, 4]), st.sampled_from("~?%"))
def test_a_qualified_date_reaches_from_the_unit_before_to_the_unit_after(
    of: date, precision: int, qualifier: str
) -> None:
    """Widened on both sides is: from the start of the unit before to the end of the unit after."""
    text = of.isoformat()[:precision]
    bare, widened = parse(text), parse(text + qualifier)
    assert bare.first and bare.last
    before, after = bare.first - timedelta(1), bare.last + timedelta(1)
    assert widened.first == parse(before.isoformat()[:precision]).first
    assert widened.last == parse(after.isoformat()[:precision]).last


@few
@given(st.lists(ordinary_days, min_size=3, max_size=3).map(sorted))
def test_a_longer_interval_holds_a_shorter_one(days: list[date]) -> None:
    """Moving an end later never takes a day away, possible or certain."""
    start, middle, end = (one.isoformat() for one in days)
    short = window(parse(f"{start}/{middle}"), "state", None)
    long = window(parse(f"{start}/{end}"), "state", None)
    assert long.held_from == short.held_from and long.held_to >= short.held_to
    assert long.surely_from == short.surely_from and long.surely_to >= short.surely_to


JANUARY = date(2020, 1, 1)


def nth(number: int) -> date:
    """Return a day of the small world in which pairs are enumerated."""
    return JANUARY + timedelta(number)


def intervals(last: int) -> st.SearchStrategy[tuple[int, int]]:
    """Pairs of numbers of days, in order."""
    return st.tuples(st.integers(0, last), st.integers(0, last)).map(lambda p: (min(p), max(p)))


def spans_of(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[date, date]]:
    """Every start and end that the two ranges allow."""
    for first, last in product(range(start[0], start[1] + 1), range(end[0], end[1] + 1)):
        if first <= last:
            yield nth(first), nth(last)


def as_edtf(start: tuple[int, int], end: tuple[int, int]) -> Edtf:
    """Return the date with the four days of the pairs; EDTF cannot write them all."""
    pairs = list(spans_of(start, end))
    starts, ends = [one for one, _ in pairs], [one for _, one in pairs]
    return Edtf("(built)", Span(min(starts), max(starts), min(ends), max(ends)))


def verdict(truths: list[bool]) -> Match:
    """Yes in every possible world, no in none."""
    return Match.YES if all(truths) else Match.POSSIBLY if any(truths) else Match.NO


@many
@given(intervals(8), intervals(8), st.integers(-1, 9))
def test_held_agrees_with_every_possible_world(
    start: tuple[int, int], end: tuple[int, int], number: int
) -> None:
    """The four days say what enumerating all starts and ends says, for states and events."""
    pairs = list(spans_of(start, end))
    if not pairs:
        return
    when, as_of = as_edtf(start, end), nth(number)
    assert holds_on(window(when, "state", None), as_of) is verdict(
        [a <= as_of <= b for a, b in pairs]
    )
    assert holds_on(window(when, "event", None), as_of) is verdict([a <= as_of for a, _ in pairs])


@many
@given(st.integers(1, 28), st.integers(1, 12), st.integers(-40, 40))
def test_written_intervals_agree_with_every_possible_world(
    number: int, month: int, offset: int
) -> None:
    """A month to a day of the same year, as written: narrowing loses no world and adds none."""
    end = date(2020, 12, number)
    when = parse(f"2020-{month:02}/{end}")
    assert when.first
    starts = [when.first + timedelta(n) for n in range(31)]
    starts = [one for one in starts if one.month == month and one <= end]
    as_of = when.first + timedelta(offset)
    worlds = verdict([one <= as_of <= end for one in starts])
    assert holds_on(window(when, "state", None), as_of) is worlds


EXAMPLES = ["2010", "2010~", "2010-03", "2010/2012", "2010/..", "2010/", "/2010", "XXXX-09"]
EXAMPLES += ["[2010..]", "[..2010]", "[2009,2011]", "2010-03-14", "2010-03-14/..", "201X/2015"]


@many
@given(
    st.sampled_from(EXAMPLES),
    st.sampled_from(["state", "event"]),
    st.sampled_from([None, "2011", "2009-01-01", "XXXX-09"]),
)
def test_certain_is_possible(text: str, kind: str, published: str | None) -> None:
    """The certain window lies within the possible one, or is empty."""
    of = window(parse(text), kind, parse(published) if published else None)  # type: ignore[arg-type]
    assert of.held_from <= of.held_to
    if of.surely_from <= of.surely_to:
        assert of.held_from <= of.surely_from and of.surely_to <= of.held_to


@pytest.mark.parametrize(
    ("when", "kind", "as_of", "expected"),
    [
        ("2010", "state", "2010-06-30", "possibly"),
        ("2010", "state", "2011-01-01", "no"),
        ("2010-03-14", "state", "2010-03-14", "yes"),
        ("2010-03-14", "state", "2010-03-15", "no"),
        ("2010-03-14", "event", "2010-03-15", "yes"),
        ("2010", "event", "2009-12-31", "no"),
        ("2010", "event", "2010-12-30", "possibly"),
        ("2010", "event", "2010-12-31", "yes"),
        ("2010/2012", "state", "2011-06-30", "yes"),
        ("2010/..", "state", "2022-12-01", "yes"),
        ("2010/..", "state", "2022-12-02", "possibly"),
        ("2010/", "state", "2011-01-01", "possibly"),
        ("2010-03-14/", "state", "2010-03-14", "yes"),
        ("/2010", "state", "1900-01-01", "possibly"),
        ("/2010", "event", "2010-12-31", "yes"),
        ("[2010..]", "event", "9999-12-31", "possibly"),
        ("XXXX-09", "event", "2010-06-30", "possibly"),
        ("", "state", "2010-06-30", "possibly"),
    ],
)
def test_the_rules_by_example(when: str, kind: str, as_of: str, expected: str) -> None:
    """The rules of the API, for a source that was published on 2022-12-01 or later that month."""
    of = window(parse(when) if when else None, kind, parse("2022-12"))  # type: ignore[arg-type]
    assert holds_on(of, day(as_of)) == expected


def test_an_open_end_without_a_published_day_vouches_for_its_start_only() -> None:
    """Nobody vouches beyond the source's own day, and an unknown one is no day."""
    of = window(parse("2010-03-14/.."), "state", None)
    assert of == Window(date(2010, 3, 14), NEVER, date(2010, 3, 14), date(2010, 3, 14))


@pytest.mark.parametrize(
    ("published", "read_on", "expected"),
    [
        ("2022-12", None, ("2022-12-01", "2022-12-31")),
        ("2022-12", "2022-12-07", ("2022-12-01", "2022-12-07")),
        ("2022-12", "2023-12-07", ("2022-12-01", "2022-12-31")),
        ("2022-12", "2021-12-07", ("2022-12-01", "2022-12-01")),
        ("2022-12/..", "2023-02-01", ("2022-12-01", "2023-02-01")),
        ("XXXX-12", "2023-02-01", ("0001-01-01", "2023-02-01")),
        (None, "2023-02-01", ("0001-01-01", "2023-02-01")),
        (None, None, ("0001-01-01", "9999-12-31")),
    ],
)
def test_known(published: str | None, read_on: str | None, expected: tuple[str, str]) -> None:
    """A source may be out from its earliest day, and is by its latest or when it was read."""
    days = known_days(parse(published) if published else None, day(read_on))
    assert days == (day(expected[0]), day(expected[1]))


def test_known_by_and_no_question() -> None:
    """Three answers by the two days, and yes where nothing is asked."""
    days = known_days(parse("2022-12"), None)
    on = ["2022-11-30", "2022-12-01", "2022-12-31"]
    assert [known_by(*days, day(one)) for one in on] == [Match.NO, Match.POSSIBLY, Match.YES]
    assert known_by(EVER, NEVER, None) is Match.YES
    assert holds_on(window(None, "state", None), None) is Match.YES


def test_weaker() -> None:
    """The weakest wins, and nothing restricts nothing."""
    assert weaker(Match.YES, Match.NO, Match.POSSIBLY) is Match.NO
    assert weaker(Match.POSSIBLY, Match.YES) is Match.POSSIBLY
    assert weaker() is Match.YES


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2015", "2015-12-31"), ("2015-02", "2015-02-28"), ("2016-02-29", "2016-02-29")],
)
def test_parse_day(text: str, expected: str) -> None:
    """A question's year or month means its last day."""
    assert parse_day(text) == day(expected)


@pytest.mark.parametrize("text", ["2010/2012", "2010~", "?2010", "201X", "2010-XX", "[2010,2012]"])
def test_a_question_asks_for_a_day(text: str) -> None:
    """Intervals, sets and qualified dates are no day."""
    with pytest.raises(BadDate, match="is no single day: write 2015, 2015-03 or"):
        parse_day(text)


def test_parse_day_refuses_what_parse_refuses() -> None:
    """A season is refused by name in a question, too."""
    with pytest.raises(BadDate, match="season"):
        parse_day("2015-22")
