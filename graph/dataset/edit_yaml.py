"""What tools write into a YAML file of claims: the id of each claim, and who reviewed it.

Only those lines change; comments and layout stay. A file is written only if it then reads as
before, but for the change, and whole or not at all.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from graph.dataset.files import DataFile, RawRecord
from graph.dataset.read_yaml import read_yaml
from graph.errors import InputError
from graph.model import Claim

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
    lines, before = _lines(file), items(file)
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
    _write(file, lines, [item.ids for item in before])
    return changed[::-1]


def sign(file: DataFile, ids: Collection[str], name: str) -> int:
    """Write `reviewed_by` into the claims with these ids, and return how many claims that were.

    Raises `InputError` for a claim that somebody reviewed already, and for one of several chains of
    one claim without the others.
    """
    lines, before = _lines(file), items(file)
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
    _write(file, lines, [item.ids for item in before])
    return sum(len(item.ids) for item in signed)


def _lines(file: DataFile) -> list[str]:
    # A byte order mark belongs to no line, and line ends stay as they are.
    text = file.path.read_bytes().decode("utf-8-sig")
    return text.splitlines(keepends=True)


def _write(file: DataFile, lines: list[str], ids: list[tuple[str, ...]]) -> None:
    new = file.path.with_name(f".{file.path.name}.new")
    try:
        new.write_bytes("".join(lines).encode())
        new.chmod(file.path.stat().st_mode)
        if [item.ids for item in items(DataFile(new, file.name, 0, file.number, new))] != ids:
            raise InputError(f"{file.name}: the file was left as it is: its claims would change.")
        os.replace(new, file.path)
    finally:
        new.unlink(missing_ok=True)
