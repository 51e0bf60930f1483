"""The connections of a page as a table of their own: what a page shows, with ids, as rows.

A page whose connections no list of the API has (a story, chains, two dates) is a file as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from graph.model import TieKey
from graph.tables import Column, Kind
from viz.view import Row


@dataclass(frozen=True, slots=True)
class PageTable:
    """Columns and rows."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]


_TIE: tuple[tuple[str, Kind], ...] = (
    ("from", "text"),
    ("from_name", "text"),
    ("type", "text"),
    ("relation", "text"),
    ("to", "text"),
    ("to_name", "text"),
    ("marks", "text"),
    ("when", "text"),
    ("status", "text"),
    ("disputed", "boolean"),
    ("possibly", "boolean"),
    ("independent", "integer"),
    ("support", "text"),
    ("said_by", "text"),
    ("claim_ids", "text"),
)


def tie_table(
    before: Sequence[tuple[str, Kind]],
    rows: Iterable[tuple[Sequence[Any], Row]],
    after: Sequence[tuple[str, Kind]] = (),
    states: Iterable[Sequence[Any]] = (),
) -> PageTable:
    """Return ties as a table: their own columns stand after those of `before`.

    `rows` are pairs of the cells of `before` and a tie; `states` are the cells of `after`, one for
    each row.
    """
    cells = [[*first, *_cells(row)] for first, row in rows]
    more = list(states) or [()] * len(cells)
    columns = [Column(name, kind, "") for name, kind in (*before, *_TIE, *after)]
    return PageTable(columns, [[*a, *b] for a, b in zip(cells, more, strict=True)])


def _cells(row: Row) -> list[Any]:
    key = TieKey(*row.key.split("/"))
    return [
        key.source,
        row.source.text,
        key.type,
        row.relation,
        key.target,
        row.target.text,
        row.marks.strip(" ()"),
        row.when,
        row.status,
        row.disputed,
        row.possibly,
        row.independent,
        row.support,
        "; ".join(dict.fromkeys(row.speakers)),
        " ".join(card.id for card in row.cards),
    ]
