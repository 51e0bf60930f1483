"""Dates, counts, years and modalities in words."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from graph.model import Claim, Quantity, Tie
from graph.ontology import ONTOLOGY

#: In a table, and in the sentence of a claim.
UNDATED, NO_DATE = "undated", "date not given"


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
#: Every modality that does not state a fact; a denial last, since any modality can be denied.
MANNERS = {
    **{
        name: Manner(_MARKS.get(name, "·"), m.label, m.help)
        for name, m in ONTOLOGY.modalities.items()
        if m.status != "reported"
    },
    "denied": Manner("≠", "denied", ONTOLOGY.polarities["denied"].help),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?([~?%]?)")
#: One day or another within a span: `[2022-11-19..2023-02-19]`.
_ONE_OF = re.compile(r"\[([^.,]+)\.\.([^.,]+)\]")
_UNSURE = {"": "", "~": "about ", "?": "possibly ", "%": "possibly about "}


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 claim`, `2 claims`, `1,200 claims`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def edtf(text: str) -> str:
    """An EDTF date in words; one without plain words is returned as it is."""
    if between := _ONE_OF.fullmatch(text):
        earliest, latest = map(_day, between.groups())
        return f"between {earliest} and {latest}"
    start, slash, end = text.partition("/")
    if not slash:
        return _day(text)
    if start in ("", ".."):
        return f"until {_day(end)}"
    if end in ("", ".."):
        return f"since {_day(start)}"
    return f"{_day(start)} to {_day(end)}"


def _day(text: str) -> str:
    match = _DATE.fullmatch(text)
    if not match:
        return text
    year, month, day, unsure = match.groups()
    parts = [str(int(day))] if day else []
    parts += [_MONTHS[int(month) - 1]] if month else []
    return _UNSURE[unsure] + " ".join([*parts, year])


def years(first: date | None, last: date | None) -> str:
    """`2010`, `2010–2015`, `since 2010`, `until 2015` or `undated`."""
    if first is None and last is None:
        return UNDATED
    if first is None or last is None:
        return f"since {first.year}" if first else f"until {last.year}"  # type: ignore[union-attr]
    return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"


def support(tie: Tie) -> str:
    """`3 claims, 2 independent origins`, and how many claims deny it."""
    text = f"{count(len(tie.claim_ids), 'claim')}, {count(tie.origins, 'independent origin')}"
    denials = len(tie.denial_ids)
    return f"{text}; {count(denials, 'claim denies', 'claims deny')} it" if denials else text


def first_few(names: Sequence[str], most: int = 2) -> str:
    """`A; B and 3 more`: the first few, and the number of the others."""
    more = len(names) - most
    return "; ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def quantity(it: Quantity) -> str:
    """`at least 8 companies`; an unknown number has its unit alone."""
    if it.number is None:
        return it.unit
    number = f"{it.number:,.10g}"
    qualifier = ONTOLOGY.qualifiers[it.qualifier].label
    return " ".join(([] if it.qualifier == "exactly" else [qualifier]) + [number, it.unit])


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
