"""What all records share, and what else of a record derives from its model.

The model of a record is the only list of its fields. The store's properties, the columns of the
tables and the pages of the documentation follow from `stored_fields`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

#: What a property of the store can be; in a list, each item is one.
Scalar = type[str] | type[int] | type[float] | type[bool] | type[date]


class Record(BaseModel):
    """What all records share: frozen, and closed to unknown fields."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        # An answer of the API that has the fields of a record always has all of them.
        json_schema_serialization_defaults_required=True,
    )


@dataclass(frozen=True, slots=True)
class Storage:
    """How the store holds a field, put on the field as `Annotated[…, Storage(…)]`.

    `property` names the property where the rule of `stored_fields` does not fit. The values of an
    `edge` field are edges, not properties. A `search` field is part of `search_text`. A field is a
    column of the record's table unless `column` is false.
    """

    property: str | None = None
    edge: bool = False
    search: bool = False
    column: bool = True


class StoredField(NamedTuple):
    """A property of a record's node, and the field that it holds.

    Where the field holds a nested record (`nested`), `part` names the field of that record. A
    `many` property is a list; lists that parts of one field make are aligned.
    """

    property: str
    field: str
    nested: type[Record] | None
    part: str
    scalar: Scalar
    many: bool
    optional: bool
    help: str
    search: bool
    column: bool


def stored_fields(model: type[Record]) -> tuple[StoredField, ...]:
    """Return the properties that the fields of a record become, in the order of the model.

    A plain field keeps its name. A nested record becomes one property for each of its fields,
    `quantity` and `number` giving `quantity_number`; a list of nested records becomes aligned
    lists, `evidence` and `start` giving `evidence_starts`. Edges and dictionaries are left out.
    """
    return tuple(_stored_fields(model))


def _stored_fields(model: type[Record]) -> Iterator[StoredField]:
    for name, info in model.model_fields.items():
        storage, kind, many = _storage(info), *_kind(info.annotation)
        if storage.edge or kind is dict:
            continue
        optional = not info.is_required() and info.default in (None, ())
        if not issubclass(kind, Record):
            yield StoredField(
                storage.property or name, name, None, "", kind, many, optional,
                info.description or "", storage.search, storage.column,
            )  # fmt: skip
            continue
        for part, inner in kind.model_fields.items():
            inner_storage = _storage(inner)
            missing = optional or (inner.default is None and not inner.is_required())
            yield StoredField(
                inner_storage.property or f"{name}_{part}{'s' if many else ''}", name, kind, part,
                _kind(inner.annotation)[0], many, missing, inner.description or "",
                inner_storage.search, inner_storage.column and storage.column,
            )  # fmt: skip


def _storage(info: FieldInfo) -> Storage:
    return next((item for item in info.metadata if isinstance(item, Storage)), Storage())


def _kind(annotation: Any, many: bool = False) -> tuple[Any, bool]:
    """Return the scalar, record or dictionary that a field holds, and whether it is a list."""
    origin = get_origin(annotation)
    if isinstance(annotation, TypeAliasType):
        return _kind(annotation.__value__, many)
    if origin is Annotated:
        return _kind(get_args(annotation)[0], many)
    if origin is Literal:
        return str, many
    if origin in (Union, UnionType):
        return _kind(next(a for a in get_args(annotation) if a is not type(None)), many)
    if origin is tuple:
        return _kind(get_args(annotation)[0], True)
    return origin or annotation, many
