"""Sources: the documents that claims are taken from."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from pydantic import Field

from graph import dates
from graph.model.fields import Day, EdtfText, Id, Line, OneOrMore, Prose, Sha256, SourceKindName
from graph.model.record import Record


class Source(Record):
    """A document that claims are taken from, or that such a document cites."""

    id: Id
    kind: SourceKindName
    title: Line
    publisher: Line | None = None
    authors: OneOrMore[Line] = ()
    published: EdtfText | None = Field(None, description="EDTF: when it came out. None: unknown.")
    published_note: Prose | None = Field(
        None, description="How the date was found or why it is open."
    )
    url: str | None = Field(None, pattern=r"^https?://[^\s<>\"]+$", max_length=2_000)
    lang: str = Field("en", pattern=r"^[a-z]{2,3}$")
    read_on: Day | None = Field(
        None, description="The day on which we read it: it was out by then."
    )
    text_sha256: Sha256 | None = Field(None, description="SHA-256 of the normal form of its text.")
    description: Prose | None = None

    @property
    def cited_only(self) -> bool:
        """Whether we know it only from the sources that cite it."""
        return self.read_on is None

    @cached_property
    def known(self) -> tuple[date, date]:
        """The first day on which it may have been out, and the first on which it surely was."""
        return dates.known(dates.parse(self.published) if self.published else None, self.read_on)
