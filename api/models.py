"""What the API answers with. The rules behind the values are in `graph`; here is their shape."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from graph.model.fields import (
    ModalityName,
    NameKindName,
    PolarityName,
    PredicateName,
    QualifierName,
    SourceKindName,
    StatusName,
    TypeName,
)

Item = TypeVar("Item")
How = Literal["exact", "prefix", "folded", "close"]
Match = Literal["yes", "possibly"]


class Answer(BaseModel):
    """What all parts of an answer share."""

    model_config = ConfigDict(populate_by_name=True)


class SnapshotRef(Answer):
    """The completed load that an answer is a function of."""

    id: str = Field(examples=["0f3c5d7e9a1b2c3d4e5f60718293a4b5"])
    data_set: str
    completed_on: datetime


class Meta(Answer):
    """What the answer is a function of, and what was left out of it."""

    snapshot: SnapshotRef | None
    loading: bool = Field(description="Whether a load is under way: records may then be missing.")
    as_of: date | None = None
    known_by: date | None = None
    certain: bool = False
    permalink: str = Field(description="This question, with everything that it depends on.")
    licence: str = Field(description="Under which the facts may be used.")
    notices: list[str] = Field([], description="What was left out, and how to get it.")


class Links(Answer):
    """Where to go from a record."""

    self: str
    page: str | None = None
    claims: list[str] | None = None


class NameOut(Answer):
    """One name of an entity."""

    text: str
    lang: str
    script: str
    kind: NameKindName


class EntityOut(Answer):
    """An entity, with how many ties it has of each type."""

    id: str = Field(examples=["tiandy"])
    type: TypeName
    label: str = Field(examples=["Tiandy Technologies"])
    names: list[NameOut]
    description: str | None
    tags: list[str]
    tie_counts: dict[str, int] = Field(description="Ties in either direction, by type.")
    canonical_id: str | None = Field(None, description="The entity that this id is merged into.")
    links: Links


class Matched(Answer):
    """Why a search found a record."""

    text: str
    lang: str
    script: str
    how: How


class EntityHit(EntityOut):
    """An entity that a search found."""

    matched: Matched | None = None


class Origin(Answer):
    """One link of an attribution chain, or one end of a tie: an id and how it is called."""

    id: str
    label: str


class TieOut(Answer):
    """A tie: an edge between two entities, computed from the claims that bear on it."""

    source: Origin = Field(alias="from")
    type: str = Field(examples=["SUPPLIES"])
    target: Origin = Field(alias="to")
    sentence: str = Field(
        examples=["Tiandy Technologies supplied Islamic Revolutionary Guard Corps"]
    )
    status: StatusName
    disputed: bool
    origins: int = Field(description="How many independent origins affirm it.")
    origin_ids: list[str]
    first: date | None
    last: date | None
    match: Match = Field(description="Whether it held and was known at the days asked for.")
    claim_ids: list[str] = Field(description="The claims that affirm it, the strongest first.")
    denial_ids: list[str]
    links: Links


class QuantityOut(Answer):
    """A number with a unit; no number: only the unit is known."""

    number: float | None
    unit: str
    qualifier: QualifierName


class LocatorOut(Answer):
    """Where the passage stands in the source's text."""

    paragraph: int
    start: int
    end: int
    sha256: str


class RetractionOut(Answer):
    """Why and since when the claim no longer counts."""

    on: date
    reason: str


class ClaimOut(Answer):
    """One thing that one source says."""

    id: str
    predicate: PredicateName
    roles: dict[str, list[Origin]]
    details: dict[str, str]
    when: str | None = Field(description="EDTF.", examples=["2010"])
    when_note: str | None
    modality: ModalityName
    polarity: PolarityName
    quantity: QuantityOut | None
    source: Origin
    said_by: list[Origin] = Field(description="The attribution chain, outermost first.")
    evidence: list[LocatorOut]
    passage: str | None = Field(None, description="The quoted passage, where the text is held.")
    summary: str
    note: str | None
    recorded_on: date
    recorded_by: str
    reviewed_by: str | None
    supersedes: str | None
    superseded_by: str | None = None
    retracted: RetractionOut | None
    links: Links


class SourceFacts(Answer):
    """A document that claims are taken from, or that such a document cites."""

    id: str
    kind: SourceKindName
    title: str
    publisher: str | None
    authors: list[str]
    published: str | None = Field(description="EDTF.")
    published_note: str | None
    url: str | None
    lang: str
    read_on: date | None
    cited_only: bool = Field(description="Whether it is known only from those who cite it.")
    text_held: bool
    links: Links


class SourceOut(SourceFacts):
    """A document, with the claims that it has a part in."""

    claims: dict[str, list[str]] = Field(description="Ids of its claims, by predicate.")
    cited_by: list[str] = Field(description="Ids of claims whose chain runs through it.")


class SnapshotOut(SnapshotRef):
    """A completed load."""

    ontology: str = Field(description="SHA-256 of the ontology that it was loaded with.")
    counts: dict[str, int]


class Page(Answer, Generic[Item]):
    """A list, or the part of it that was asked for."""

    results: list[Item]
    total: int
    next: str | None = Field(description="The address of the next part, or null.")
    meta: Meta


class Group(Answer):
    """How many ties of one type and direction an entity has, whatever types are asked for."""

    type: str
    direction: Literal["out", "in"]
    total: int


class TiePage(Page[TieOut]):
    """The ties of an entity."""

    groups: list[Group]


class EntityRecord(EntityOut):
    """One entity, and what the answer is a function of."""

    meta: Meta


class TieRecord(TieOut):
    """One tie, with its docket: who affirms it, who denies it, and their claims."""

    affirmed_by: list[ClaimOut]
    denied_by: list[ClaimOut]
    meta: Meta


class ClaimRecord(ClaimOut):
    """One claim, and what the answer is a function of."""

    meta: Meta


class SourceRecord(SourceOut):
    """One source, and what the answer is a function of."""

    meta: Meta


class OntologyRecord(Answer):
    """Types, predicates, roles and vocabularies: what a client needs to build a form."""

    ontology: dict[str, Any]
    digest: str


class Remark(Answer):
    """What the server remarks on a statement; line and column count from 1."""

    code: str = Field(examples=["01N50"])
    severity: str
    classification: str
    description: str
    line: int | None
    column: int | None


class Included(Answer):
    """The evidence of rows, by the ids that the rows name."""

    ties: dict[str, TieOut] = Field(description="By from/TYPE/to.")
    claims: dict[str, ClaimOut]
    sources: dict[str, SourceFacts]


class CypherMeta(Meta):
    """What the answer is a function of, and which columns carry no evidence."""

    without_evidence: list[str] | None = Field(
        None, description="Columns without a tie, a claim or a source; null unless asked for."
    )


class CypherAnswer(Answer):
    """The rows of a statement: each is a list, in the order of the columns."""

    columns: list[str]
    rows: list[list[Any]]
    truncated: bool = Field(description="Whether rows were left out; a notice says why.")
    counters: dict[str, int] = Field(
        {}, description="What the statement changed: nothing, ever. For readers that expect it."
    )
    notifications: list[Remark]
    included: Included | None = None
    meta: CypherMeta


class NodeLink(Answer):
    """The nodes and edges that rows hold, as NetworkX reads them (`node_link_graph`)."""

    directed: Literal[True] = True
    multigraph: Literal[True] = True
    graph: dict[str, Any]
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    truncated: bool
    notifications: list[Remark]
    included: Included | None = None
    meta: CypherMeta


class Health(Answer):
    """That the process answers."""

    status: Literal["ok"] = "ok"
    version: str


class Readiness(Answer):
    """Whether the API can answer questions, and from which snapshot."""

    ready: bool
    snapshot: SnapshotRef | None
    loading: bool


class Fault(Answer):
    """One thing that is wrong with a request."""

    parameter: str
    value: Annotated[str | None, Field(description="What was given.")] = None
    message: str
    did_you_mean: list[str] = []
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
    errors: list[Fault] = []
    near: list[dict[str, str]] = Field([], description="Records that may have been meant.")
    retryable: bool = False
