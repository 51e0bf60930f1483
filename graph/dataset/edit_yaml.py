"""What tools write into a YAML file of claims: ids, who reviewed them, and where passages are.

Only those lines change; comments and layout stay. A file is written only if it then reads as
before, but for the change, and whole or not at all.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from graph.dataset.files import DataFile, Quotation, RawRecord, TextFault
from graph.dataset.read_yaml import read_yaml
from graph.errors import BadText, InputError
from graph.faults import Fault, shorten
from graph.model import Claim
from graph.text import Location, Text, locate

_IDS = re.compile(r"\s*#((?: [0-9a-f]{32})+)\s*")


@dataclass(frozen=True, slots=True)
class Item:
    """A claim as it is written in a file: one record, or one for each of its chains.

    `line` and `column` are those of its first field, from 1.
    """

    line: int
    column: int
    records: tuple[RawRecord, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Its claims. Raises pydantic's `ValidationError` where they have a fault."""
        return tuple(Claim.model_validate_json(record.data) for record in self.records)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its claims, in the order of its chains."""
        return tuple(claim.id for claim in self.claims)

    @property
    def reviewed_by(self) -> str | None:
        """Who reviewed it."""
        return self.claims[0].reviewed_by


def items(file: DataFile) -> list[Item]:
    """Return the claims of a YAML file without faults, in its order."""
    claims = (r for r in read_yaml(file) if isinstance(r, RawRecord) and r.kind == "claim")
    places = groupby(claims, key=lambda record: record.position()[1:])
    return [Item(line, column or 1, tuple(records)) for (line, column), records in places]


def write_ids(file: DataFile) -> list[Item]:
    """Write the ids of claims as comments, each on the line above its claim.

    Returns the reviewed claims whose ids were others before: they say something new, so that they
    wait for another review.
    """
    lines, before, facts = _lines(file), items(file), [_ids(r) for r in read_yaml(file)]
    changed: list[Item] = []
    for item in reversed(before):
        start = lines[item.line - 1][: item.column - 1]
        if start.strip() != "-":
            continue  # in a list in brackets, or below its dash: there is no line of its own
        comment = f"{start[: start.index('-')]}# {' '.join(item.ids)}\n"
        above = _IDS.fullmatch(lines[item.line - 2]) if item.line > 1 else None
        if above is None:
            lines.insert(item.line - 1, comment)
        elif tuple(above[1].split()) != item.ids:
            lines[item.line - 2] = comment
            changed += [item] if item.reviewed_by else []
    _write(file, "".join(lines), facts)
    return changed[::-1]


def sign(file: DataFile, ids: Collection[str], name: str) -> int:
    """Write `reviewed_by` into the claims with these ids, and return how many claims that were.

    Raises `InputError` for a claim that somebody reviewed already, and for one of several chains of
    one claim without the others.
    """
    lines, before, facts = _lines(file), items(file), [_ids(r) for r in read_yaml(file)]
    signed = [item for item in before if not set(item.ids).isdisjoint(ids)]
    for item in reversed(signed):
        place = f"{file.name}:{item.line}"
        if item.reviewed_by:
            raise InputError(
                f"{place}: the claim was reviewed by {item.reviewed_by}. Remove that field first."
            )
        if not set(item.ids) <= set(ids):
            raise InputError(f"{place}: one claim with several chains: name {' '.join(item.ids)}.")
        text, index = lines[item.line - 1], item.column - 1
        field = f"reviewed_by: {json.dumps(name, ensure_ascii=False)}"
        if text[index] == "{":
            lines[item.line - 1] = f"{text[: index + 1]}{field}, {text[index + 1 :]}"
        else:
            lines[item.line - 1] = f"{text[:index]}{field}\n{' ' * index}{text[index:]}"
    _write(file, "".join(lines), facts)
    return sum(len(item.ids) for item in signed)


def pin(file: DataFile, text_of: Callable[[str], Text]) -> tuple[int, list[Fault]]:
    """Put locators in the place of the words that stand as evidence; nothing else changes.

    `text_of` returns the text of a source by the source's id, or raises `BadText`. Returns the
    number of passages that were pinned, and a fault for each that is not: its words are not in the
    text, or more than once, or the text is not at hand. Other faults of the file do not matter, as
    long as it can be read as YAML. Raises `InputError` where it cannot.
    """
    faults: list[Fault] = []
    places: dict[Quotation, tuple[Location, ...]] = {}
    before = list(read_yaml(file))
    if barrier := next(
        (f for f in before if isinstance(f, TextFault) and f.hides_records and not f.kind), None
    ):
        raise InputError(
            f"{file.name}:{barrier.line}:{barrier.column}: {barrier.message}. {barrier.hint}"
        )
    uses = [
        (raw, quotation, str(raw.values().get("source", "")))
        for raw in before
        if isinstance(raw, RawRecord)
        for quotation in raw.quotations
    ]
    sources: dict[int, set[str]] = {}
    for _, quotation, source in uses:
        sources.setdefault(quotation.start, set()).add(source)
    for raw, quotation, source in uses:
        key = quotation._replace(number=0)  # of a group, it may be another one in each claim
        if key in places:
            continue
        try:
            if len(shared := sorted(sources[quotation.start])) > 1:
                message = f"claims of the sources {', '.join(shared)} share the passage"
                raise BadText(f"{message}. Write it into each claim.")
            places[key] = _one_place(text_of(source), quotation.words)
        except BadText as error:
            fault = _fault(raw, quotation, str(error))
            if not any((f.line, f.column) == (fault.line, fault.column) for f in faults):
                faults.append(fault)
    if places:
        text = "".join(_lines(file))
        for quotation, place in sorted(places.items(), reverse=True, key=lambda p: p[0].start):
            text = _with_locators(text, quotation, place)
        _write(file, text, [_without_evidence(r) for r in before], _without_evidence)
    return len(places), faults


def _fault(raw: RawRecord, quotation: Quotation, reason: str) -> Fault:
    _, line, column = raw.position(("evidence", quotation.number))
    message, _, hint = reason.partition(". ")
    words = shorten(" ".join(quotation.words.split()))
    message = f"{message[:1].lower()}{message[1:].removesuffix('.')}"
    return Fault(
        raw.file.name, line, column, raw.label(), "evidence", words, f"{words!r}: {message}", hint
    )


def _one_place(text: Text, words: str) -> tuple[Location, ...]:
    places = locate(text, words)
    # Short words are parts of others: `the` of `other`.
    places = [p for p in places if _is_whole(text, p)] or places
    if len(places) > 1:
        where = ", ".join(f"paragraph {p[0].paragraph} at {p[0].start}" for p in places[:5])
        more = f" and {len(places) - 5} more" if len(places) > 5 else ""
        raise BadText(f"The passage is there {len(places)} times: {where}{more}. Quote more of it.")
    return places[0]


def _is_whole(text: Text, place: tuple[Location, ...]) -> bool:
    """Whether a place neither begins nor ends within a word."""
    first, last = text.paragraphs[place[0].paragraph - 1], text.paragraphs[place[-1].paragraph - 1]
    start, end = place[0].start, place[-1].end
    before, after = first[max(start - 1, 0) : start + 1], last[end - 1 : end + 1]
    return not any(len(edge) == 2 and edge.isalnum() for edge in (before, after))


def _with_locators(text: str, quotation: Quotation, place: tuple[Location, ...]) -> str:
    """Return the text of a file with the locators of a place instead of the words."""
    before = text[: quotation.start]
    # The end of a text in a block (`|`, `>`) is that of its last line.
    words = text[quotation.start : quotation.end].rstrip()
    after = text[quotation.start + len(words) :]
    maps = [f"{{{', '.join(f'{k}: {v}' for k, v in p._asdict().items())}}}" for p in place]
    lead = before.rstrip()
    if lead.endswith("-"):  # an item on a line of its own
        column = len(lead) - 1 - max(lead.rfind("\n"), lead.rfind("\r")) - 1
        return before + f"\n{' ' * column}- ".join(maps) + after
    several = len(maps) > 1 and lead.endswith(":")
    return before + (f"[{', '.join(maps)}]" if several else ", ".join(maps)) + after


def _without_evidence(item: RawRecord | TextFault) -> Any:
    """Return what pinning leaves as it is."""
    if isinstance(item, TextFault):
        return item.message
    return item.kind, {k: v for k, v in item.values().items() if k != "evidence"}


def _lines(file: DataFile) -> list[str]:
    # A byte order mark belongs to no line, and line ends stay as they are.
    text = file.path.read_bytes().decode("utf-8-sig")
    return text.splitlines(keepends=True)


def _ids(item: RawRecord | TextFault) -> Any:
    if isinstance(item, RawRecord) and item.kind == "claim":
        return Claim.model_validate_json(item.data).id
    return None


def _write(
    file: DataFile,
    text: str,
    facts: list[Any],
    facts_of: Callable[[RawRecord | TextFault], Any] = _ids,
) -> None:
    """Write a file, if what is in it has the same facts as before."""
    new = file.path.with_name(f".{file.path.name}.new")
    try:
        new.write_bytes(text.encode())
        new.chmod(file.path.stat().st_mode)
        records = read_yaml(DataFile(new, file.name, 0, file.number, new))
        if [facts_of(item) for item in records] != facts:
            raise InputError(f"{file.name}: the file was left as it is: its claims would change.")
        os.replace(new, file.path)
    finally:
        new.unlink(missing_ok=True)
