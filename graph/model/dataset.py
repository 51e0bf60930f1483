"""Data sets: who made a set of records, and what it builds on. See domain.md, "Data sets"."""

from __future__ import annotations

from pydantic import Field

from graph.model.fields import Id, Line, OneOrMore, Url
from graph.model.record import Record

#: The fields of other records that tell whose they are, and whose their parts: the program fills
#: them in.
WHOSE = (
    "dataset",
    "datasets",
    "name_datasets",
    "name_positions",
    "identifier_datasets",
    "url_datasets",
)


class DatasetRecord(Record):
    """What is recorded of a data set: the only list of its fields."""

    id: Id = Field(description="A slug chosen by hand, or else the name of its folder.")
    title: Line | None = Field(None, description="Its title.")
    author: Line | None = Field(None, description="Who made it: a person or a body.")
    licence: Line | None = Field(None, description="Under which its records may be used.")
    contact: Line | None = Field(None, description="How to reach its author.")
    url: Url | None = Field(None, description="Where it is published.")
    uses: OneOrMore[Id] = Field((), description="Ids of the data sets whose records it refers to.")

    @property
    def label(self) -> str:
        """The name that it is shown by."""
        return self.title or self.id
