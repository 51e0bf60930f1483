"""Counts and modalities in words; ties, dates and quantities are in `graph.wording`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from graph.model import Claim, Tie
from graph.ontology import ONTOLOGY
from graph.wording import withdrawal_in_words

#: In the sentence of a claim.
NO_DATE = "date not given"


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
    "denied": Manner("≠", "denied", ONTOLOGY.polarities["denied"].help),
    "not_found": Manner("∅", "not found", ONTOLOGY.polarities["not_found"].help),
}


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 claim`, `2 claims`, `1,200 claims`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def support(tie: Tie) -> str:
    """`3 claims, 2 independent accounts`, and how many claims say less or deny it."""
    text = f"{count(len(tie.basis), 'claim')}, {count(tie.independent, 'independent account')}"
    if less := len(tie.claim_ids) - len(tie.basis):
        text += f"; {count(less, 'claim says', 'claims say')} less"
    if disputing := len(tie.disputes):
        text += f"; {count(disputing, 'claim denies', 'claims deny')} it"
    if plans := len(tie.denial_ids) - disputing:
        text += f"; {count(plans, 'claim denies', 'claims deny')} a plan of it"
    return text


def first_few(names: Sequence[str], most: int = 2) -> str:
    """`A; B and 3 more`: the first few, and the number of the others."""
    more = len(names) - most
    return "; ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def basis(kinds: Sequence[str], unread: bool, ties: Sequence[Tie]) -> str:
    """Return on how many documents at hand something rests, and that each tie has one account.

    `kinds` has the kind of each document; empty for none. `unread`: they cite what nobody here has
    read. Without `ties` it is said of all that a page tells.
    """
    if not kinds:
        return ""
    what = "The connections here rest on" if ties else "All of this is told by"
    if len(ties) == 1:
        what = "This connection rests on"
    if len(kinds) == 1:
        text = f"{what} one {ONTOLOGY.source_kinds[kinds[0]].label}"
    else:
        text = f"{what} {count(len(kinds), 'document')} at hand"
    if ties and all(tie.independent == 1 for tie in ties):
        text += f", and {'it has' if len(ties) == 1 else 'each has'} one account"
    cites = "what it cites" if len(kinds) == 1 else "all that they cite"
    return f"{text}; nobody here has read {cites}." if unread else f"{text}."


def sureness(claim: Claim) -> str:
    """Return the source's own word about how sure it is: `likely, moderate confidence`."""
    parts = []
    if claim.likelihood:
        parts.append(ONTOLOGY.likelihoods[claim.likelihood].label)
    if claim.confidence:
        parts.append(ONTOLOGY.confidences[claim.confidence].label)
    return ", ".join(parts)


def title(text: str) -> str:
    """A document's title; one in square brackets is our description of a document without one."""
    described = text.startswith("[") and text.endswith("]")
    return f"{text[1:-1]} (title not given)" if described else text


def paragraphs(claim: Claim) -> str:
    """`paragraph 3`, `paragraphs 3, 7`, or nothing where the claim has no locator."""
    numbers = sorted({locator.paragraph for locator in claim.evidence})
    text = ", ".join(map(str, numbers))
    return f"paragraph{'s' if len(numbers) > 1 else ''} {text}" if numbers else ""


def json_text(value: Any) -> str:
    """JSON for a person to read and copy; a string is JSON already."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
