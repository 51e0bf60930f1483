"""What all answers share: the shapes of lists and problems, and what an answer is a function of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field

from graph import citation as citation_model
from graph.changes import ChangeName, Kind
from graph.model import Source

Item = TypeVar("Item")

Match = Literal["yes", "possibly"]


class Answer(BaseModel):
    """What all parts of an answer share."""

    model_config = ConfigDict(
        populate_by_name=True,
        # Records forbid unknown fields; an answer that has their fields may gain others.
        extra="ignore",
    )

    @classmethod
    def of(cls, record: BaseModel, **more: Any) -> Self:
        """Return an answer with the fields of a record and more; the latter win.

        Nothing is validated again: a record was validated when it was loaded.
        """
        values = {name: getattr(record, name) for name in type(record).model_fields}
        return cast(Self, cls.model_construct(**values | more))


class Identified(Answer):
    """An answer about a record whose id is computed."""

    id: str


class SnapshotRef(Answer):
    """The completed load that an answer is a function of."""

    id: str = Field(examples=["0f3c5d7e9a1b2c3d4e5f60718293a4b5"])
    completed_on: datetime


class DatasetRef(Answer):
    """A data set that answers are made from, and who made it."""

    id: str
    title: str | None
    author: str | None
    licence: str | None
    url: str | None


class ChangeOut(Answer):
    """What became of one record, over all loads between two snapshots."""

    kind: Kind
    id: str = Field(description="Of a tie: from/TYPE/to.")
    label: str = Field(description="What it is called now, or was before it went.")
    change: ChangeName
    before: dict[str, Any] | None = Field(
        description="The facts that differ, as they were; null where it was not there. A fact that "
        "was not there is null. Nothing is kept of what a removed record said."
    )
    after: dict[str, Any] | None = Field(description="The same, as they are now.")
    lost: list[str] = Field([], description="Claims that no longer bear on a tie.")
    reason: str | None = Field(None, description="Why a claim was retracted, or a tie lost claims.")
    link: str | None = Field(description="The record itself; null where it is gone.")


class SinceSeen(Answer):
    """What became of the records of an answer since the snapshot that its link was made from."""

    snapshot: str
    total: int
    changes: list[ChangeOut] = Field(
        description="In the order of kind and id. Among them are claims that a tie has lost, and "
        "ties and claims that are gone from here."
    )
    superseded: dict[str, str] = Field(
        description="Of claims that were replaced: the claim that stands in their place, by id."
    )


class Meta(Answer):
    """What the answer is a function of, and what was left out of it."""

    snapshot: SnapshotRef | None
    datasets: list[DatasetRef] = Field(description="The data sets that the store holds.")
    loading: bool = Field(description="Whether a load is under way: records may then be missing.")
    as_of: date | None = None
    known_by: date | None = None
    certain: bool = False
    documents: int | None = Field(
        None, description="How many documents at hand the ties here rest on; null: not counted."
    )
    permalink: str = Field(description="This question, with everything that it depends on.")
    licence: str | None = Field(
        description="Under which the records may be used, where all data sets say the same; null: "
        "each says so itself, or does not."
    )
    notices: list[str] = Field([], description="What was left out, and how to get it.")
    since_seen: SinceSeen | None = Field(
        None, description="What became of these records since the snapshot in `seen_in`."
    )


class Links(Answer):
    """Where to go from a record."""

    self: str
    page: str | None = None
    claims: list[str] | None = None


class Label(Answer):
    """A record by its id and how it is called: one end of a tie, one link of a chain."""

    id: str
    label: str


class Page(Answer, Generic[Item]):
    """A list, or the part of it that was asked for."""

    results: list[Item]
    total: int
    next: str | None = Field(description="The address of the next part, or null.")
    meta: Meta


class Citation(Answer):
    """How to cite a record: as text, as BibTeX (for biber), and as an item of CSL-JSON."""

    text: str
    bibtex: str
    csl: dict[str, Any]


class Fault(Answer):
    """One thing that is wrong with a request."""

    parameter: str
    value: Annotated[str | None, Field(description="What was given.")] = None
    message: str
    did_you_mean: list[str] = Field([])
    line: int | None = Field(None, description="Where in a statement, from 1.")
    column: int | None = None


class Problem(Answer):
    """Why a request was not answered: RFC 9457."""

    type: str = Field(examples=["/docs/problems#not_found"])
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(examples=["not_found"])
    errors: list[Fault] = Field([])
    near: list[dict[str, str]] = Field([], description="Records that may have been meant.")
    retryable: bool = False
    request_id: str | None = Field(None, description="The `X-Request-ID` of the answer.")


Labels = Mapping[str, str]


def label_of(record_id: str, labels: Labels) -> Label:
    """Return a record by its id and its label; one without a label is called by its id."""
    return Label(id=record_id, label=labels.get(record_id, record_id))


def match_of(value: str) -> Match:
    return "yes" if value == "yes" else "possibly"


def labels_by_id(names: Mapping[str, str], sources: Mapping[str, Source]) -> dict[str, str]:
    """Return how entities and sources are called, by id."""
    return {**{i: s.title for i, s in sources.items()}, **names}


def citation(source_citation: citation_model.Citation) -> Citation:
    """Return a citation as the API shows it."""
    return Citation(
        text=source_citation.text, bibtex=source_citation.bibtex, csl=dict(source_citation.csl)
    )
