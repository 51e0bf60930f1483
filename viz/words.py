"""Counts and modalities in words; ties, dates and quantities are in `graph.wording`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from graph.language import count, gettext, mark
from graph.model import Claim, Tie
from graph.ontology import ONTOLOGY
from graph.wording import withdrawal_in_words

#: In the sentence of a claim.
NO_DATE = mark("date not given")


#: For templates, beside the rest.
withdrawal = withdrawal_in_words


class Manner(NamedTuple):
    """The sign, label and help of a claim that does not state a fact."""

    mark: str
    label: str
    help: str


_MARKS = {
    "alleged": "?",
    "planned": "→",
    "predicted": "◷",
    "questioned": "¿",
    "recommended": "!",
    "opinion": "“",
}
#: Every modality that does not state a fact, then what a claim may say instead of affirming.
MANNERS = {
    **{
        name: Manner(_MARKS.get(name, "·"), m.label, m.help)
        for name, m in ONTOLOGY.modalities.items()
        if m.status != "reported"
    },
    "denied": Manner("≠", mark("denied"), ONTOLOGY.polarities["denied"].help),
    "not_found": Manner("∅", mark("not found"), ONTOLOGY.polarities["not_found"].help),
}


def claims(number: int) -> str:
    """`1 claim`, `2 claims`, `1,200 claims`."""
    return count(number, "%(num)s claim", "%(num)s claims")


def connections(number: int) -> str:
    """`1 connection`, `2 connections`."""
    return count(number, "%(num)s connection", "%(num)s connections")


def hops(number: int) -> str:
    """`1 hop`, `2 hops`."""
    return count(number, "%(num)s hop", "%(num)s hops")


def independent_accounts(number: int) -> str:
    """`1 independent account`, `2 independent accounts`."""
    return count(number, "%(num)s independent account", "%(num)s independent accounts")


def support(tie: Tie) -> str:
    """`3 claims, 2 independent accounts`, and how many claims say less or deny it."""
    text = f"{claims(len(tie.basis))}, {independent_accounts(tie.independent)}"
    if less := len(tie.claim_ids) - len(tie.basis):
        text += "; " + count(less, "%(num)s claim says less", "%(num)s claims say less")
    if disputing := len(tie.disputes):
        text += "; " + count(disputing, "%(num)s claim denies it", "%(num)s claims deny it")
    if plans := len(tie.denial_ids) - disputing:
        text += "; " + count(
            plans, "%(num)s claim denies a plan of it", "%(num)s claims deny a plan of it"
        )
    return text


def first_few(names: Sequence[str], most: int = 2) -> str:
    """`A; B and 3 more`: the first few, and the number of the others."""
    more, text = len(names) - most, "; ".join(names[:most])
    return gettext("%(names)s and %(more)s more", names=text, more=more) if more > 0 else text


def basis(kinds: Sequence[str], unread: bool, ties: Sequence[Tie]) -> str:
    """Return on how many documents at hand something rests, and that each tie has one account.

    `kinds` has the kind of each document; empty for none. `unread`: they cite what nobody here has
    read. Without `ties` it is said of all that a page tells.
    """
    if not kinds:
        return ""
    one = len(kinds) == 1
    if one:
        documents = gettext("one %(kind)s", kind=gettext(ONTOLOGY.source_kinds[kinds[0]].label))
    else:
        documents = count(len(kinds), "%(num)s document at hand", "%(num)s documents at hand")
    if not ties:
        text = gettext("All of this is told by %(documents)s", documents=documents)
    elif len(ties) == 1:
        text = gettext("This connection rests on %(documents)s", documents=documents)
    else:
        text = gettext("The connections here rest on %(documents)s", documents=documents)
    if ties and all(tie.independent == 1 for tie in ties):
        text += (
            gettext(", and it has one account")
            if len(ties) == 1
            else gettext(", and each has one account")
        )
    if not unread:
        return gettext("%(text)s.", text=text)
    if one:
        return gettext("%(text)s; nobody here has read what it cites.", text=text)
    return gettext("%(text)s; nobody here has read all that they cite.", text=text)


def sureness(claim: Claim) -> str:
    """Return the source's own word about how sure it is: `likely, moderate confidence`."""
    parts = []
    if claim.likelihood:
        parts.append(gettext(ONTOLOGY.likelihoods[claim.likelihood].label))
    if claim.confidence:
        parts.append(gettext(ONTOLOGY.confidences[claim.confidence].label))
    return ", ".join(parts)


def title(text: str) -> str:
    """A document's title; one in square brackets is our description of a document without one."""
    described = text.startswith("[") and text.endswith("]")
    return gettext("%(title)s (title not given)", title=text[1:-1]) if described else text


def paragraphs(claim: Claim) -> str:
    """`paragraph 3`, `paragraphs 3, 7`, or nothing where the claim has no locator."""
    numbers = sorted({locator.paragraph for locator in claim.evidence})
    text = ", ".join(map(str, numbers))
    if not numbers:
        return ""
    return count(
        len(numbers), "paragraph %(paragraphs)s", "paragraphs %(paragraphs)s", paragraphs=text
    )


def json_text(value: Any) -> str:
    """JSON for a person to read and copy; a string is JSON already."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
