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

UNDATED = "undated"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
#: A date without its qualifiers; any part but the first may be missing, and `X` is not known.
_DATE = re.compile(r"([0-9X]{4})(?:-([0-9]{2}|XX))?(?:-([0-9]{2}|XX))?")
#: What else than a role may be a reading.
_READINGS = {WHEN: "date", SAID_BY: "speaker"}
#: By whether a date is approximate (`~`, `%`), and whether it is uncertain (`?`, `%`).
_DOUBT = {
    (False, False): "",
    (True, False): "about ",
    (False, True): "possibly ",
    (True, True): "possibly about ",
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
    return f"{source} {verb} {target}{marks(tie)}"


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
    return f"({tie_when(tie)}; {tie.status}; independent accounts: {tie.independent})"


def tie_when(tie: Tie) -> str:
    """Return when a tie was so, by its basis: see `when_in_words`."""
    return when_in_words([s.when for s in tie.basis], [s.inferred for s in tie.basis])


def marks(tie: WordedTie) -> str:
    """Return what a tie's sentence says of it beside its verb, in brackets; empty for nothing."""
    parts = ["as an intermediary"] if tie.intermediary else []
    if tie.inferred:
        parts.append(inferred_in_words(tie.inferred))
    parts += ["disputed"] if tie.disputed else []
    return f" ({'; '.join(parts)})" if parts else ""


def inferred_in_words(roles: Iterable[str]) -> str:
    """Return that roles, a date or a speaker are readings: `supplier inferred by the editors`."""
    return f"{' and '.join(map(reading_in_words, roles))} inferred by the editors"


def reading_in_words(name: str) -> str:
    """Return what a claim's `inferred` names, in words: a role, `date`, `speaker`."""
    return _READINGS.get(name, name.replace("_", " "))


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
    unnamed = group if group.startswith("unnamed ") else f"unnamed {group}"
    return f"{unnamed}, as told by {name(origin)}"


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
        every = "Both" if len(accounts) == 2 else f"All {len(accounts)}"
        return f"{every} hang on {_join_names(common, name)}."
    ids = {i for account in accounts for _, shared in account.shares for i in shared}
    apart = sum(account.independent for account in accounts)
    return f"{apart} stand apart; the others share {_join_names(ids, name)} with them."


def _join_names(ids: Iterable[str], name: Callable[[str], str]) -> str:
    return " and ".join(dict.fromkeys(name(i) for i in sorted(ids)))


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
        return UNDATED
    stated = {when for when, read in dates_of if not read}
    read = f" ({inferred_in_words([WHEN])})" if stated else ""
    texts = {w: in_words(w) + (read if w not in stated else "") for w, _ in dates_of}
    parts = [_dates(texts)]
    if len(dates_of) < len(whens):
        parts.append(f"by {len(dates_of)} of {len(whens)} claims")
    elif len(set(texts.values())) > 1:
        parts.append("by different claims")
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
        return " and ".join(dict.fromkeys(texts[when] for when in starts))
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
        return f"first {texts[starts[0]]}, last {texts[ends[-1]]}"
    more = f"{number - 2} more date{'s' * (number > 3)}"
    return f"{texts[starts[0]]}, {texts[starts[1]]} and {more}"


def _start(when: dates.Edtf) -> tuple[date, date]:
    return when.first or when.last or dates.NEVER, when.last or dates.NEVER


def _end(when: dates.Edtf) -> tuple[date, date]:
    return when.last or when.first or dates.EVER, when.first or dates.EVER


def day_in_words(day: date) -> str:
    """Return a day in words: `9 November 2022`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year:04}"


def quantity_in_words(it: Quantity) -> str:
    """Return a quantity in words: `at least 8 companies`; an unknown number has its unit alone."""
    if it.number is None:
        return it.unit
    number = f"{it.number:,.10g}"
    qualifier = ONTOLOGY.qualifiers[it.qualifier].label
    return " ".join(([] if it.qualifier == "exactly" else [qualifier]) + [number, it.unit])


def withdrawal_in_words(claim: Withdrawal) -> str:
    """`Retracted on 3 May 2026: The register names another firm.`"""
    day = day_in_words(claim.on)
    if claim.reason is not None:
        return f"Retracted on {day}: {claim.reason}"
    return f"Superseded on {day} by the claim {claim.superseded_by}."


def _interval(start: str, end: str) -> str:
    if start in ("", ".."):
        return f"until {_single(end)}"
    if end == "..":
        return f"since {_single(start)}"
    return (
        f"from {_single(start)}, end unknown" if not end else f"{_single(start)} to {_single(end)}"
    )


def _one_of(members: Sequence[str]) -> str:
    """Return one date of several in words: `2009, 2010 or 2012`, `a year in 2009–2011`."""
    texts = [_member(member) for member in members]
    return " or ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def _member(text: str) -> str:
    lower, dots, upper = text.partition("..")
    if not dots:
        return _single(text)
    if not lower or not upper:
        return f"{_single(lower)} or later" if lower else f"by {_single(upper)}"
    if "-" not in lower:
        return f"a year in {lower}–{upper}"
    unit = "day" if lower.count("-") == 2 else "month"
    return f"a {unit} between {_single(lower)} and {_single(upper)}"


def _single(text: str) -> str:
    """Return a single date in words; a qualifier anywhere in it puts the whole in doubt."""
    doubt = bool(re.search("[~%]", text)), bool(re.search("[?%]", text))
    match = _DATE.fullmatch(re.sub("[~?%]", "", text))
    year, month, day = match.groups() if match else ("XXXX", None, None)
    name = "" if month in (None, "XX") else _MONTHS[int(month) - 1]
    number = "" if day in (None, "XX") else str(int(day))
    if number and not name:
        some = whole = f"day {number} of an unknown month"
    else:
        whole = f"{number} {name}".strip()
        some = f"{_article(whole)} {whole}" if whole else ""
    if year == "XXXX":
        return _DOUBT[doubt] + (some or "an unknown date")
    if "X" not in year:
        return _DOUBT[doubt] + f"{whole} {year}".strip()
    earliest, latest = max(year.replace("X", "0"), "0001"), year.replace("X", "9")
    span = f"the {earliest}s" if year.count("X") == 1 else f"{earliest}–{latest}"
    return f"{_DOUBT[doubt]}{some or 'a year'} in {span}"


def _article(words: str) -> str:
    """The article of a month or of a day: an 8 May, an August."""
    return "an" if words[0] in "A8" or words.startswith(("11 ", "18 ")) else "a"
