"""Sources: the documents that claims are taken from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Annotated

from pydantic import Field

from graph import dates
from graph.fold import fold
from graph.model.fields import (
    Day,
    EdtfText,
    Id,
    Line,
    OneOrMore,
    Prose,
    Sha256,
    SourceKindName,
    Url,
)
from graph.model.record import Record, Storage


class SourceFields(Record):
    """What is recorded of a source: the only list of its fields."""

    id: Id = Field(description="A slug chosen by hand.")
    kind: SourceKindName = Field(description="The kind of document.")
    title: Annotated[Line, Storage(search=True)] = Field(
        description="Its title; in brackets, a description of a document without a known title."
    )
    publisher: Annotated[Line | None, Storage(search=True)] = Field(
        None,
        description="Who published it: the id of an entity, or the name as written there where "
        "nobody has made the entity yet. Answers have its name.",
    )
    publisher_id: Id | None = Field(
        None, description="The entity that published it. Files leave it out: `publisher` says it."
    )
    edition_of: Id | None = Field(
        None,
        description="The source of which it is an edition, such as the first one of a yearly list: "
        "editions of one work are one account.",
    )
    authors: Annotated[OneOrMore[Line], Storage(search=True)] = Field(
        (), description="Who wrote it, in the printed order."
    )
    published: EdtfText | None = Field(
        None, description="When it came out, in EDTF. None: unknown."
    )
    published_note: Annotated[Prose | None, Storage(column=False)] = Field(
        None, description="How that date was determined, or why it is open."
    )
    url: Url | None = Field(None, description="Where it can be read.")
    lang: str = Field(
        "en", pattern=r"^[a-z]{2,3}$", description="Its language, as an ISO 639 code."
    )
    read_on: Day | None = Field(
        None,
        description="The day on which an editor read it: it was out by then. None: known only "
        "from documents that cite it.",
    )
    text_sha256: Annotated[Sha256 | None, Storage(column=False)] = Field(
        None,
        description="SHA-256 of the normal form of its text, which is not stored with it.",
    )
    file_sha256: Annotated[Sha256 | None, Storage(column=False)] = Field(
        None, description="SHA-256 of the file of a list, byte by byte, as it was taken in."
    )
    description: Annotated[Prose | None, Storage(column=False)] = Field(
        None, description="What else is known about it."
    )
    datasets: tuple[Id, ...] = Field(
        (), description="The data sets that describe it. Files leave them out."
    )


class Source(SourceFields):
    """A document that claims are taken from, or that such a document cites."""

    @property
    def cited_only(self) -> bool:
        """Whether we know it only from the sources that cite it."""
        return self.read_on is None

    @cached_property
    def publisher_key(self) -> str | None:
        """What tells its publisher from others: an entity's id, or else the folded name."""
        if self.publisher is None:
            return None
        return self.publisher_id or "-".join(fold(self.publisher).split())

    @cached_property
    def known_days(self) -> tuple[date, date]:
        """The first day on which it may have been out, and the first on which it surely was."""
        return dates.known_days(
            dates.parse(self.published) if self.published else None, self.read_on
        )


def merge_sources(source: Source | None, new: Source, order: Sequence[str]) -> Source:
    """Return a source that data sets describe alike, and one more (`new`) as well."""
    if source is None:
        return new
    datasets = sorted((*source.datasets, *new.datasets), key=order.index)
    return new.model_copy(update={"datasets": tuple(datasets)})
