"""The tables that the graph can be taken away as: which columns, in which order, of which type.

This is a contract: columns are only ever added, and at the end. Days are `YYYY-MM-DD`; where a date
is told, its EDTF text stands beside the first and the last day that it may mean. Several ids in one
cell are joined by a space, other texts by `; `. An empty cell is unknown or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from graph.ontology import ONTOLOGY

#: `json` is a value of any kind: no table has it, and rows of a statement do.
Kind = Literal["text", "integer", "number", "boolean", "day", "json"]
TableName = Literal["entities", "ties", "claims", "claim_roles", "sources"]


class Column(NamedTuple):
    """One column: what it is called, what stands in it, and what that means."""

    name: str
    type: Kind
    meaning: str


def _columns(*columns: tuple[str, Kind, str]) -> tuple[Column, ...]:
    return tuple(Column(*column) for column in columns)


_ROLES = tuple(
    Column(name, "text", "Ids of the entities in this role.") for name in ONTOLOGY.role_names
)
_DETAILS = tuple(
    Column(f"detail_{name}", "text", "Plain words of the claim.") for name in ONTOLOGY.detail_names
)

TABLES: Mapping[TableName, tuple[Column, ...]] = {
    "ties": _columns(
        ("from", "text", "Id of the entity that the tie runs from."),
        ("to", "text", "Id of the entity that it runs to."),
        ("type", "text", "Type of the tie."),
        ("from_label", "text", "What the first entity is called."),
        ("to_label", "text", "What the second one is called."),
        ("from_type", "text", "Type of the first entity."),
        ("to_type", "text", "Type of the second one."),
        ("status", "text", "The strongest status that a claim lends it."),
        ("disputed", "boolean", "Whether a claim denies it."),
        ("origins", "integer", "How many independent origins affirm it."),
        ("claims", "integer", "How many claims affirm it."),
        ("denials", "integer", "How many claims deny it."),
        ("first", "day", "The first day that an affirming claim tells."),
        ("last", "day", "The last day that an affirming claim tells."),
        ("match", "text", "`yes`, or `possibly` at the moment asked for."),
        ("origin_ids", "text", "Ids of the origins: sources or entities."),
        ("claim_ids", "text", "The claims that affirm it, the strongest first."),
        ("denial_ids", "text", "The claims that deny it."),
    ),
    "entities": _columns(
        ("id", "text", "Id of the entity."),
        ("type", "text", "Its type."),
        ("label", "text", "The name that it is shown by."),
        ("names", "text", "All its names, in every script."),
        ("description", "text", "One or two sentences in our own words."),
        ("tags", "text", "Slugs that editors sort entities by."),
        ("canonical_id", "text", "The entity that judgements merge it into; its ties are there."),
        ("ties", "integer", "How many ties it has, in either direction."),
    ),
    "claims": (
        *_columns(
            ("id", "text", "Id of the claim."),
            ("predicate", "text", "What is claimed."),
        ),
        *_ROLES,
        *_DETAILS,
        *_columns(
            ("when", "text", "When it was true, in EDTF."),
            ("first", "day", "The first day that this may mean."),
            ("last", "day", "The last day that this may mean."),
            ("when_note", "text", "How a relative date was resolved."),
            ("modality", "text", "How it is meant."),
            ("polarity", "text", "`affirmed` or `denied`."),
            ("status", "text", "What it lends to its ties; empty: nothing."),
            ("quantity_number", "number", "How many or how much."),
            ("quantity_unit", "text", "Of what."),
            ("quantity_qualifier", "text", "How exact that is."),
            ("source", "text", "Id of the source."),
            ("source_published", "text", "When the source came out, in EDTF."),
            ("said_by", "text", "The attribution chain by ids, outermost first."),
            ("origin", "text", "The deepest named speaker of that chain."),
            ("summary", "text", "One sentence in our own words."),
            ("note", "text", "What a reader should know."),
            ("recorded_on", "day", "When it was written down."),
            ("recorded_by", "text", "By whom."),
            ("reviewed_by", "text", "Who read it again."),
            ("supersedes", "text", "The claim that it stands in for."),
            ("superseded_by", "text", "The claim that stands in for it."),
            ("retracted_on", "day", "Since when it no longer counts."),
            ("retracted_reason", "text", "Why."),
            ("live", "boolean", "Whether it counts: neither retracted nor superseded."),
            ("match", "text", "`yes`, or `possibly` at the moment asked for."),
        ),
    ),
    "claim_roles": _columns(
        ("claim", "text", "Id of the claim."),
        ("role", "text", "The role."),
        ("position", "integer", "The place among those in the same role, from 0."),
        ("entity", "text", "Id of the entity in it, as the source means it."),
    ),
    "sources": _columns(
        ("id", "text", "Id of the source."),
        ("kind", "text", "What kind of document it is."),
        ("title", "text", "Its title."),
        ("publisher", "text", "Who published it."),
        ("authors", "text", "Who wrote it."),
        ("published", "text", "When it came out, in EDTF."),
        ("first", "day", "The first day that this may mean."),
        ("last", "day", "The last day that this may mean."),
        ("url", "text", "Where it can be read."),
        ("lang", "text", "Its language (ISO 639)."),
        ("read_on", "day", "When it was read; empty: known only from what cites it."),
        ("claims", "integer", "How many claims are taken from it."),
        ("match", "text", "`yes`, or `possibly` where it may not have been out."),
    ),
}


def column_names(table: TableName) -> tuple[str, ...]:
    """The names of a table's columns, in their order."""
    return tuple(column.name for column in TABLES[table])
