"""graph/wording.py: ties and dates in words that say no more than is known."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import parse
from graph.errors import BadDate
from graph.model import TieKey
from graph.ontology import ONTOLOGY
from graph.wording import TieState, in_words, marks, sentence, when_in_words
from tests.graph.test_dates import VALID, WIDENED
from tests.strategies import edtf_dates

#: What EDTF has and no sentence: signs, unknown digits, and numbers joined by hyphens.
RAW = re.compile(r"[~?%\[\]/]|\.\.|[0-9X]-|X")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2010", "2010"),
        ("2021-03", "March 2021"),
        ("2022-11-09", "9 November 2022"),
        ("2021~", "about 2021"),
        ("2021?", "possibly 2021"),
        ("2021-03%", "possibly about March 2021"),
        ("2004-06~-11", "about 11 June 2004"),
        ("2019/2021-05", "2019 to May 2021"),
        ("2022-11-19/..", "since 19 November 2022"),
        ("2009~/..", "since about 2009"),
        ("2010/", "from 2010, end unknown"),
        ("/2015", "until 2015"),
        ("../2015", "until 2015"),
        ("[2009..2011]", "a year in 2009–2011"),
        ("[2022-11-19..2023-02-19]", "a day between 19 November 2022 and 19 February 2023"),
        ("[2010-03..2010-05]", "a month between March 2010 and May 2010"),
        ("[..2011-11-17]", "by 17 November 2011"),
        ("[2009..]", "2009 or later"),
        ("[2009,2010,2012..2014]", "2009, 2010 or a year in 2012–2014"),
        ("XXXX-09", "a September"),
        ("XXXX-08-11", "an 11 August"),
        ("XXXX-09/2011", "a September to 2011"),
        ("199X", "a year in the 1990s"),
        ("19XX", "a year in 1900–1999"),
        ("199X-05", "a May in the 1990s"),
        ("2004-06-XX", "June 2004"),
        ("2004-XX-05", "day 5 of an unknown month 2004"),
        ("XXXX-XX-XX", "an unknown date"),
        ("2021-21", "2021-21"),
    ],
)
def test_dates_in_words(text: str, words: str) -> None:
    """A doubt is a doubt, and an interval is one; what is no date is left alone."""
    assert in_words(text) == words


def test_no_form_of_a_date_stays_raw() -> None:
    """Each literal that is taken is words."""
    for text in (*VALID, *WIDENED):
        assert not RAW.search(in_words(text)), (text, in_words(text))


@given(edtf_dates())
def test_no_date_stays_raw(text: str) -> None:
    """Every form that the model admits is words, and only an interval runs from one to another."""
    words = in_words(text)
    assert words and not RAW.search(words), (text, words)
    assert ("/" in text) == bool(re.match("until|since|from", words) or " to " in words)


@given(st.text("0123456789X-~?%/[],.", min_size=4, max_size=12))
def test_whatever_is_a_date_is_words(text: str) -> None:
    """So is what no list of forms has."""
    try:
        parse(text)
    except BadDate:
        assert in_words(text) == text
    else:
        assert not RAW.search(in_words(text)), text


@pytest.mark.parametrize(
    ("whens", "words"),
    [
        ([], "undated"),
        (["", ""], "undated"),
        (["2010", "2010"], "2010"),
        (["", "2021?", "", ""], "possibly 2021, by 1 of 4 claims"),
        (["2021", "2021-03"], "2021 and March 2021, by different claims"),
        (
            ["[..2022-10-06]", "[..2022-11-19]"],
            "by 6 October 2022 and by 19 November 2022, by different claims",
        ),
        (["2010", "", "2021?"], "2010 and possibly 2021, by 2 of 3 claims"),
        (["2021?", "2010", "2010"], "2010 and possibly 2021, by different claims"),
        (
            ["2012", "[..2009]", "2021?", "2010"],
            "first by 2009, last possibly 2021, by different claims",
        ),
        (["2019-02", "2019~", "2018"], "first 2018, last about 2019, by different claims"),
        # What is open may lie before the first of the others, or after the last.
        (
            ["2018", "2019-02", "[..2019-11-17]"],
            "2018, February 2019 and 1 more date, by different claims",
        ),
        (
            ["2019-02", "2018", "2009/..", "2010"],
            "since 2009, 2010 and 2 more dates, by different claims",
        ),
        (["2012", "XXXX-09", "2010"], "2010, 2012 and 1 more date, by different claims"),
    ],
)
def test_a_ties_dates_are_those_of_its_claims(whens: list[str], words: str) -> None:
    """Two dates of two claims need not be two events, and who gives none is counted."""
    assert when_in_words(whens, [""] * len(whens)) == words
    read = "" if words == "undated" else ", date inferred by the editors"
    assert when_in_words(whens, ["supplier when"] * len(whens)) == words + read


def test_a_date_that_is_a_reading_says_so_beside_one_that_is_not() -> None:
    """Unless another claim gives the same date."""
    words = "2018 (date inferred by the editors) and 2021, by different claims"
    assert when_in_words(["2018", "2021"], ["when", ""]) == words
    assert when_in_words(["2018", "2018"], ["when", ""]) == "2018"
    assert when_in_words(["2018", ""], ["when", ""]) == (
        "2018, by 1 of 2 claims, date inferred by the editors"
    )


TIES = [(name, status) for name, status in product(ONTOLOGY.tie_types, ONTOLOGY.statuses)]


@pytest.mark.parametrize("plural", [False, True])
@pytest.mark.parametrize("inverse", [False, True])
def test_no_sentence_says_more_than_the_status(inverse: bool, plural: bool) -> None:
    """What is planned or alleged never has the verb of what is documented."""
    for name in ONTOLOGY.tie_types:
        strong = ONTOLOGY.verb(name, "documented", inverse=inverse, plural=plural)
        for status in ("alleged", "planned"):
            verb = ONTOLOGY.verb(name, status, inverse=inverse, plural=plural)
            assert verb != strong and not verb.startswith(f"{strong} "), (name, verb)
        assert "alleged" in ONTOLOGY.verb(name, "alleged", inverse=inverse, plural=plural)


@given(
    st.sampled_from(TIES),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sets(st.sampled_from(["supplier", "recipient"])),
)
def test_a_sentence_carries_its_marks(
    which: tuple[str, str], disputed: bool, plural: bool, via: bool, past: bool, roles: set[str]
) -> None:
    """Whatever a tie is, its sentence says so after its verb."""
    tie = TieState(TieKey("a", which[0], "b"), which[1], disputed, sorted(roles), via, past)
    text = sentence(tie, "Aye", "Bee", plural=plural)
    assert text == f"Aye {ONTOLOGY.verb(*which, plural=plural, past=past)} Bee{marks(tie)}"
    assert ("disputed" in text) == disputed
    assert ("inferred by the editors" in text) == bool(roles)
    assert all(role in marks(tie) for role in roles)
    assert ("as an intermediary" in text) == via


def test_a_plural_name_has_its_verb() -> None:
    """`Chinese technology firms trade with`."""
    tie = TieState(TieKey("firms", "TRADES_WITH", "b"), "reported", disputed=False)
    assert sentence(tie, "Firms", "B", plural=True) == "Firms trade with B"
    assert sentence(tie, "Firm", "B") == "Firm trades with B"


#: The words of these states tell how they began, which is past anyway.
_BEGUN = {"GRANTS_ACCESS", "GAINS_ACCESS_TO"}
_PRESENT = re.compile(r"\b(is|are) (?!alleged)|\b(has|plans?)\b")


@pytest.mark.parametrize("plural", [False, True])
def test_what_is_over_is_told_in_the_past(plural: bool) -> None:
    """Each state, from either end and with each status, and each plan, has words for it."""
    states = {
        tie.type
        for predicate in ONTOLOGY.predicates.values()
        for tie in predicate.ties
        if predicate.kind == "state" and tie.words
    }
    assert {"MEMBER_OF", "DESIGNATES", "ALLIED_WITH", *_BEGUN} <= states
    for name in ONTOLOGY.tie_types:
        for status in ONTOLOGY.statuses if name in states - _BEGUN else ("planned",):
            for inverse in (False, True):
                now, past = (
                    ONTOLOGY.verb(name, status, inverse=inverse, plural=plural, past=is_past)
                    for is_past in (False, True)
                )
                assert now != past, (name, status, inverse)
                assert not _PRESENT.search(past), past
                assert not {"{", "|", "}"} & {*now, *past}
    member = TieState(TieKey("a", "MEMBER_OF", "b"), "alleged", disputed=False, past=True)
    assert sentence(member, "A", "B") == "A is alleged to have been a member of B"
    assert sentence(member._replace(status="planned"), "All", "B", plural=True) == (
        "All were to be members of B"
    )
