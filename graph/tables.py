"""The tables that the graph can be taken away as: which columns, in which order, of which type.

This is a contract: columns are only ever added, and at the end. A new field of a record becomes a
column by itself. Days are `YYYY-MM-DD`; the EDTF text of a date is followed by the first and the
last day that it covers. Several ids in one cell are joined by a space, other texts by `; `. An
empty cell is unknown or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from graph.model import Claim, Entity, Source
from graph.model.record import Record, StoredField, stored_fields
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


_KINDS: Mapping[type, Kind] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    date: "day",
}


def own_columns(model: type[Record]) -> tuple[StoredField, ...]:
    """Return the fields of a record that its table has a column of the same name for."""
    return tuple(field for field in stored_fields(model) if field.column)


def _table(model: type[Record], names: str, computed: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns of a record: `names` in their order, then what the model has beside them.

    A field of the model is a column unless its `Storage` says otherwise, with its description.
    """
    columns = {
        field.property: Column(
            field.property, "text" if field.many else _KINDS[field.scalar], field.help
        )
        for field in own_columns(model)
    }
    columns |= {column.name: column for column in computed}
    return tuple(columns[name] for name in dict.fromkeys([*names.split(), *columns]))


_ROLES = tuple(
    Column(name, "text", "Ids of the entities in this role.") for name in ONTOLOGY.role_names
)
_DETAILS = tuple(
    Column(f"detail_{name}", "text", "Plain words of the claim.") for name in ONTOLOGY.detail_names
)

TABLES: Mapping[TableName, tuple[Column, ...]] = {
    "ties": _columns(
        ("from", "text", "Id of the entity at which the tie starts."),
        ("to", "text", "Id of the entity at which it ends."),
        ("type", "text", "Type of the tie."),
        ("from_label", "text", "Label of the first entity."),
        ("to_label", "text", "Label of the second."),
        ("from_type", "text", "Type of the first entity."),
        ("to_type", "text", "Type of the second."),
        ("status", "text", "The strongest status that a claim gives it."),
        ("disputed", "boolean", "Whether a claim denies it."),
        (
            "independent",
            "integer",
            "How many independent accounts affirm as much as its status says.",
        ),
        ("claims", "integer", "How many claims affirm it."),
        ("denials", "integer", "How many claims deny it."),
        ("first", "day", "The earliest day of an affirming claim."),
        ("last", "day", "The latest day of an affirming claim."),
        ("match", "text", "`yes`, or `possibly` at the requested moment."),
        ("origin_ids", "text", "Ids of the origins: sources or entities."),
        ("claim_ids", "text", "The claims that affirm it, the strongest first."),
        ("denial_ids", "text", "The claims that deny it."),
        (
            "inferred",
            "text",
            "Roles of its ends that every affirming claim leaves to a reading of the editors.",
        ),
        ("intermediary", "boolean", "Whether its first entity only stands between others."),
        ("sentence", "text", "The tie in words, by its status."),
        ("symmetric", "boolean", "Whether it has no direction: `from` is the lower id then."),
        (
            "when",
            "text",
            "When it was so, in words: `possibly 2021, by 1 of 3 claims`. `first` and `last` are "
            "its widest reading.",
        ),
        ("date_inferred", "boolean", "Whether the date is a reading of the editors."),
        ("speaker_inferred", "boolean", "Whether who says so is a reading of the editors."),
        (
            "basis_ids",
            "text",
            "The claims that its status, date and accounts rest on; the others say less.",
        ),
        ("past", "boolean", "Whether it was over when its claims were recorded."),
    ),
    "entities": _table(
        Entity,
        "id type label names description tags canonical_id ties plural datasets identifiers urls"
        " country",
        _columns(
            ("label", "text", "The name under which it is shown."),
            (
                "canonical_id",
                "text",
                "The entity that judgements merge it into; its ties are there.",
            ),
            ("ties", "integer", "How many ties it has, in either direction."),
            ("identifiers", "text", "What registers call it, each after its register."),
        ),
    ),
    "claims": _table(
        Claim,
        " ".join(["id predicate", *(c.name for c in (*_ROLES, *_DETAILS))])
        + " when first last when_note modality polarity status quantity_number quantity_unit"
        " quantity_qualifier source source_published said_by origin summary note recorded_on"
        " recorded_by reviewed_by supersedes superseded_by retracted_on retracted_reason live"
        " match likelihood confidence inferred dataset evidence",
        _ROLES
        + _DETAILS
        + _columns(
            ("id", "text", "Id of the claim."),
            ("first", "day", "The first day that `when` covers."),
            ("last", "day", "The last day that `when` covers."),
            ("status", "text", "What it gives to its ties; empty: nothing."),
            ("source", "text", "Id of the source."),
            ("source_published", "text", "When the source came out, in EDTF."),
            ("said_by", "text", "The attribution chain by ids, outermost first."),
            ("origin", "text", "The deepest named speaker of that chain."),
            ("supersedes", "text", "Id of the claim that it replaces."),
            ("superseded_by", "text", "Id of the claim that replaces it."),
            ("live", "boolean", "Whether it counts: neither retracted nor superseded."),
            ("match", "text", "`yes`, or `possibly` at the requested moment."),
            (
                "evidence",
                "text",
                "Where its passages are in the text of the source: paragraph, first code point and "
                "the one after the last, `3:120-188`.",
            ),
        ),
    ),
    "claim_roles": _columns(
        ("claim", "text", "Id of the claim."),
        ("role", "text", "The role."),
        ("position", "integer", "The position among the fillers of that role, from 0."),
        ("entity", "text", "Id of the entity in it, as the source means it."),
        ("live", "boolean", "Whether the claim counts: neither retracted nor superseded."),
    ),
    "sources": _table(
        Source,
        "id kind title publisher authors published first last url lang read_on claims match",
        _columns(
            ("first", "day", "The first day that `published` covers."),
            ("last", "day", "The last day that `published` covers."),
            ("claims", "integer", "How many claims are taken from it."),
            ("match", "text", "`yes`, or `possibly` where it may not have been out."),
        ),
    ),
}


def cells(model: type[Record], properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells of `own_columns` by name, of the properties that the store has of a record.

    Several values are one text, with spaces between them.
    """
    values = {field: properties.get(field.property) for field in own_columns(model)}
    return {
        field.property: (" ".join(value or ()) or None) if field.many else value
        for field, value in values.items()
    }


def column_names(table: TableName) -> tuple[str, ...]:
    """The names of a table's columns, in their order."""
    return tuple(column.name for column in TABLES[table])
