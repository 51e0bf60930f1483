"""What a tie and a date are in words: one way for pages, answers, citations and saved pictures.

The words never say more than is known: a tie's verb is that of its status, and a date in doubt says
so. See domain.md, "Wording".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from graph import dates
from graph.errors import BadDate
from graph.language import count, gettext, mark
from graph.model import (
    SAID_BY,
    WHEN,
    Claim,
    Entity,
    Quantity,
    Source,
    Support,
    Tie,
    TieKey,
    Withdrawal,
)
from graph.ontology import ONTOLOGY
from graph.projection import Account

UNDATED = mark("undated")
#: Each in `12 January 2020` and in `January 2020`.
_MONTHS = (
    mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"),
    mark("July"), mark("August"), mark("September"), mark("October"), mark("November"),
    mark("December"),
)  # fmt: skip
#: A date without its qualifiers; any part but the first may be missing, and `X` is not known.
_DATE = re.compile(r"([0-9X]{4})(?:-([0-9]{2}|XX))?(?:-([0-9]{2}|XX))?")
#: What else than a role may be a reading.
_READINGS = {WHEN: mark("date"), SAID_BY: mark("speaker")}
#: By whether a date is approximate (`~`, `%`), and whether it is uncertain (`?`, `%`).
_DOUBT = {
    (False, False): mark("%(date)s"),
    (True, False): mark("about %(date)s"),
    (False, True): mark("possibly %(date)s"),
    (True, True): mark("possibly about %(date)s"),
}


class WordedTie(Protocol):
    """A tie as it is at some moment, whole or as a row of a list."""

    @property
    def key(self) -> TieKey: ...
    @property
    def status(self) -> str: ...
    @property
    def disputed(self) -> bool: ...
    @property
    def inferred(self) -> Sequence[str]: ...
    @property
    def intermediary(self) -> bool: ...
    @property
    def past(self) -> bool: ...


class TieState(NamedTuple):
    """As much of a tie as its sentence needs."""

    key: TieKey
    status: str
    disputed: bool
    inferred: Sequence[str] = ()
    intermediary: bool = False
    past: bool = False


def sentence(tie: WordedTie, source: str, target: str, *, plural: bool = False) -> str:
    """Return a tie as a sentence: `A is alleged to have supplied B (disputed)`.

    `source` and `target` are the names of its ends; `plural` is the number of the first.
    """
    verb = ONTOLOGY.verb(tie.key.type, tie.status, plural=plural, past=tie.past)
    return gettext(
        "%(source)s %(verb)s %(target)s%(marks)s",
        source=source,
        verb=verb,
        target=target,
        marks=marks(tie),
    )


def sentence_between(tie: WordedTie, entities: Mapping[str, Entity]) -> str:
    """Return a tie as a sentence; `entities` has both of its ends by id."""
    source, target = entities[tie.key.source], entities[tie.key.target]
    return sentence(tie, source.label, target.label, plural=source.plural)


def cited_tie(tie: Tie, entities: Mapping[str, Entity]) -> str:
    """Return what a citation says of a tie: its sentence, its date, its status, its accounts."""
    return f"{sentence_between(tie, entities)} {support_in_brackets(tie)}"


def support_in_brackets(tie: Tie) -> str:
    """Return when a tie was so and how well it is supported, for a citation.

    `(2010 to 2012; reported; independent accounts: 2)`: without its date a state that has ended
    would read as one that lasts.
    """
    return gettext(
        "(%(when)s; %(status)s; independent accounts: %(number)s)",
        when=tie_when(tie),
        status=gettext(ONTOLOGY.statuses[tie.status].label),
        number=tie.independent,
    )


def tie_when(tie: Tie) -> str:
    """Return when a tie was so, by its basis: see `when_in_words`."""
    return when_in_words([s.when for s in tie.basis], [s.inferred for s in tie.basis])


def marks(tie: WordedTie) -> str:
    """Return what a tie's sentence says of it beside its verb, in brackets; empty for nothing."""
    parts = [gettext("as an intermediary")] if tie.intermediary else []
    if tie.inferred:
        parts.append(inferred_in_words(tie.inferred))
    parts += [gettext("disputed")] if tie.disputed else []
    return f" ({'; '.join(parts)})" if parts else ""


def inferred_in_words(roles: Iterable[str]) -> str:
    """Return that roles, a date or a speaker are readings: `supplier inferred by the editors`."""
    names = gettext(" and ").join(map(reading_in_words, roles))
    return gettext("%(names)s inferred by the editors", names=names)


def reading_in_words(name: str) -> str:
    """Return what a claim's `inferred` names, in words: a role, `date`, `speaker`."""
    return gettext(_READINGS.get(name, name.replace("_", " ")))


def plural_ids(entities: Mapping[str, Entity]) -> frozenset[str]:
    """Return the ids of the entities whose names take a verb in the plural."""
    return frozenset(i for i, entity in entities.items() if entity.plural)


def speaker(said_by: Sequence[str], origin: str, name: Callable[[str], str]) -> str:
    """Return who speaks at the end of an attribution chain, by `name` of its links.

    `origin` is its deepest named link: a described group beyond it is unnamed, and stays so.
    """
    last = said_by[-1]
    if last == origin or origin not in said_by[:-1]:
        return name(origin)
    group = name(last)
    unnamed = group if group.startswith("unnamed ") else gettext("unnamed %(group)s", group=group)
    return gettext("%(group)s, as told by %(speaker)s", group=unnamed, speaker=name(origin))


def speaker_of(support: Support, claim: Claim, name: Callable[[str], str]) -> str:
    """Return who speaks in an account, by `name`, and whether that is a reading of the editors."""
    words = speaker(claim.said_by, support.origin, name)
    read = SAID_BY in support.inferred.split()
    return f"{words} ({inferred_in_words([SAID_BY])})" if read else words


def naming(names: Mapping[str, str], sources: Mapping[str, Source]) -> Callable[[str], str]:
    """Return what gives the name of anything that an account hangs on, by its id.

    `names` has those of entities and documents. A publisher is known by its key; what has no name
    is called by its id.
    """
    every = {s.publisher_key: s.publisher for s in sources.values() if s.publisher_key}
    every |= names
    return lambda record_id: every.get(record_id) or record_id


def shared_in_words(accounts: Sequence[Account], name: Callable[[str], str]) -> str:
    """Return what several accounts of a tie share, by `name` of ids: `Both hang on A study.`

    It is empty for one account, and where none of several share anything. Accounts that say less
    than the tie does are passed over.
    """
    accounts = [account for account in accounts if not account.weaker]
    common = frozenset.intersection(*(frozenset(a.support.rests_on.split()) for a in accounts))
    if len(accounts) < 2 or not any(account.shares for account in accounts):
        return ""
    if common:
        names = _join_names(common, name)
        if len(accounts) == 2:
            return gettext("Both hang on %(names)s.", names=names)
        return gettext("All %(number)s hang on %(names)s.", number=len(accounts), names=names)
    ids = {i for account in accounts for _, shared in account.shares for i in shared}
    apart = sum(account.independent for account in accounts)
    return count(
        apart,
        "%(num)s stand apart; the others share %(names)s with them.",
        "%(num)s stand apart; the others share %(names)s with them.",
        names=_join_names(ids, name),
    )


def _join_names(ids: Iterable[str], name: Callable[[str], str]) -> str:
    return gettext(" and ").join(dict.fromkeys(name(i) for i in sorted(ids)))


def in_words(edtf: str) -> str:
    """Return an EDTF date in words: `possibly 2021`, `by 17 November 2011`, `a September`.

    A text that is no EDTF is returned as it is.
    """
    text = edtf.strip(" ")
    try:
        dates.parse(text)
    except BadDate:
        return edtf
    if text.startswith("["):
        return _one_of([member.strip(" ") for member in text[1:-1].split(",")])
    if "/" in text:
        return _interval(*text.split("/"))
    return _single(text)


def when_in_words(whens: Sequence[str], readings: Sequence[str]) -> str:
    """Return when a tie was so: `2010`, `2010 and 2012, by different claims`, `undated`.

    `whens` and `readings` have `Support.when` and `Support.inferred` of each claim that its status
    rests on: `2010, by 1 of 2 claims`. A date that is a reading wherever it is given says so, once
    if all are.
    """
    dates_of = [
        (when, WHEN in of.split()) for when, of in zip(whens, readings, strict=True) if when
    ]
    if not dates_of:
        return gettext(UNDATED)
    stated = {when for when, read in dates_of if not read}
    read = f" ({inferred_in_words([WHEN])})" if stated else ""
    texts = {w: in_words(w) + (read if w not in stated else "") for w, _ in dates_of}
    parts = [_dates(texts)]
    if len(dates_of) < len(whens):
        parts.append(gettext("by %(some)s of %(all)s claims", some=len(dates_of), all=len(whens)))
    elif len(set(texts.values())) > 1:
        parts.append(gettext("by different claims"))
    if not stated:
        parts.append(inferred_in_words([WHEN]))
    return ", ".join(parts)


def _dates(texts: Mapping[str, str]) -> str:
    """Return one or two dates in words, and of more the first and the last.

    `texts` has the words of each EDTF text. Two of them stand for more where it is not known which
    is the first or the last.
    """
    spans = {when: dates.parse(when) for when in texts}
    starts = sorted(texts, key=lambda when: _start(spans[when]))
    number = len(set(texts.values()))
    if number < 3:
        return gettext(" and ").join(dict.fromkeys(texts[when] for when in starts))
    ends = sorted(texts, key=lambda when: _end(spans[when]))
    earliest, *later = (spans[when] for when in starts)
    *earlier, latest = (spans[when] for when in ends)
    begins = earliest.first or earliest.last
    ends_on = latest.last or latest.first
    if (
        begins
        and ends_on
        and all(s.first and (earliest.first or begins < s.first) for s in later)
        and all(s.last and (latest.last or s.last < ends_on) for s in earlier)
    ):
        return gettext(
            "first %(first)s, last %(last)s", first=texts[starts[0]], last=texts[ends[-1]]
        )
    return count(
        number - 2,
        "%(first)s, %(second)s and %(num)s more date",
        "%(first)s, %(second)s and %(num)s more dates",
        first=texts[starts[0]],
        second=texts[starts[1]],
    )


def _start(when: dates.Edtf) -> tuple[date, date]:
    return when.first or when.last or dates.NEVER, when.last or dates.NEVER


def _end(when: dates.Edtf) -> tuple[date, date]:
    return when.last or when.first or dates.EVER, when.first or dates.EVER


def day_in_words(day: date) -> str:
    """Return a day in words: `9 November 2022`."""
    return _date(f"{day.year:04}", day.month, day.day)


def quantity_in_words(it: Quantity) -> str:
    """Return a quantity in words: `at least 8 companies`; an unknown number has its unit alone."""
    if it.number is None:
        return it.unit
    number = f"{it.number:,.10g}"
    qualifier = ONTOLOGY.qualifiers[it.qualifier].label
    if it.qualifier == "exactly":
        return f"{number} {it.unit}"
    return gettext(
        "%(qualifier)s %(number)s %(unit)s",
        qualifier=gettext(qualifier),
        number=number,
        unit=it.unit,
    )


def withdrawal_in_words(claim: Withdrawal) -> str:
    """`Retracted on 3 May 2026: The register names another firm.`"""
    day = day_in_words(claim.on)
    if claim.reason is not None:
        return gettext("Retracted on %(day)s: %(reason)s", day=day, reason=claim.reason)
    return gettext("Superseded on %(day)s by the claim %(id)s.", day=day, id=claim.superseded_by)


def _interval(start: str, end: str) -> str:
    if start in ("", ".."):
        return gettext("until %(date)s", date=_single(end))
    if end == "..":
        return gettext("since %(date)s", date=_single(start))
    if not end:
        return gettext("from %(date)s, end unknown", date=_single(start))
    return gettext("%(first)s to %(last)s", first=_single(start), last=_single(end))


def _one_of(members: Sequence[str]) -> str:
    """Return one date of several in words: `2009, 2010 or 2012`, `a year in 2009–2011`."""
    texts = [_member(member) for member in members]
    return gettext(" or ").join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def _member(text: str) -> str:
    lower, dots, upper = text.partition("..")
    if not dots:
        return _single(text)
    if not lower or not upper:
        if lower:
            return gettext("%(date)s or later", date=_single(lower))
        return gettext("by %(date)s", date=_single(upper))
    if "-" not in lower:
        return gettext("a year in %(first)s–%(last)s", first=lower, last=upper)
    ends = {"first": _single(lower), "last": _single(upper)}
    if lower.count("-") == 2:
        return gettext("a day between %(first)s and %(last)s", **ends)
    return gettext("a month between %(first)s and %(last)s", **ends)


def _single(text: str) -> str:
    """Return a single date in words; a qualifier anywhere in it puts the whole in doubt."""
    doubt = bool(re.search("[~%]", text)), bool(re.search("[?%]", text))
    match = _DATE.fullmatch(re.sub("[~?%]", "", text))
    year, month, day = match.groups() if match else ("XXXX", None, None)
    return gettext(_DOUBT[doubt], date=_date(year, _number(month), _number(day)))


def _number(text: str | None) -> int | None:
    return None if text in (None, "XX") else int(text)


def _date(year: str, month: int | None, day: int | None) -> str:
    """Return a date in words; `X` in the year is a digit that is not known."""
    if "X" not in year:
        if day is None and month is None:
            return year
        return gettext("%(day)s %(year)s", day=_day_of(day, month), year=year)
    some = _some(day, month)
    if year == "XXXX":
        return some or gettext("an unknown date")
    earliest, latest = max(year.replace("X", "0"), "0001"), year.replace("X", "9")
    span = f"{earliest}–{latest}"
    if year.count("X") == 1:
        span = gettext("the %(year)ss", year=earliest)
    return gettext("%(day)s in %(span)s", day=some or gettext("a year"), span=span)


def _day_of(day: int | None, month: int | None) -> str:
    """Return a month, or a day of one, of a known year."""
    if month is None:
        return gettext("day %(number)s of an unknown month", number=day)
    name = gettext(_MONTHS[month - 1])
    return gettext("%(day)s %(month)s", day=day, month=name) if day else name


def _some(day: int | None, month: int | None) -> str:
    """Return a month, or a day of one, of an unknown year: `an August`; empty for neither."""
    if month is None:
        return _day_of(day, month) if day else ""
    words = _day_of(day, month)
    # The article of English depends on the sound that follows: an 8 May, an August.
    if day in (8, 11, 18) or (day is None and _MONTHS[month - 1].startswith("A")):
        return gettext("an %(day)s", day=words)
    return gettext("a %(day)s", day=words)
