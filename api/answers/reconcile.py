"""What the reconciliation API answers with, in the shapes of its standard (version 0.2).

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

from pydantic import Field

from api.answers.common import Answer


class TypeRef(Answer):
    """A type of entity."""

    id: str = Field(examples=["Company"])
    name: str


class UrlTemplate(Answer):
    """An address with `{{id}}` in the place of the id of an entity."""

    url: str


class PreviewTemplate(UrlTemplate):
    """The address of a small page on an entity, with its size in pixels."""

    width: int
    height: int


class SuggestService(Answer):
    """Where names are suggested while they are typed."""

    service_url: str
    service_path: str


class SuggestServices(Answer):
    """The services that suggest."""

    entity: SuggestService
    type: SuggestService
    property: SuggestService


class Manifest(Answer):
    """What the service is and can do."""

    versions: list[str]
    name: str
    identifierSpace: str = Field(description="The address that ids of entities are below.")
    schemaSpace: str = Field(description="The address of the types.")
    documentation: str
    serviceVersion: str
    batchSize: int = Field(description="How many queries a request may have.")
    defaultTypes: list[TypeRef]
    view: UrlTemplate
    preview: PreviewTemplate
    suggest: SuggestServices


class Feature(Answer):
    """One of the comparisons that a score is made of."""

    id: str = Field(
        description="`name`: how alike the nearest names are, from 0 to 100. `identifier`, "
        "`country`, `type`: whether it is the same, where both sides have one."
    )
    value: bool | float


class CandidateOut(Answer):
    """An entity that may be meant."""

    id: str
    name: str
    description: str = Field(description="Why it is a candidate, in words.")
    type: list[TypeRef]
    score: float = Field(description="From 0 to 100.")
    features: list[Feature]
    match: bool = Field(
        description="It alone has the very name or the identifier, it is of the type that was "
        "asked for, and nothing else that was given differs."
    )


class QueryResult(Answer):
    """The candidates of one query, the best first."""

    result: list[CandidateOut]


class SuggestedEntity(Answer):
    """An entity whose name may be what is being typed."""

    id: str
    name: str
    description: str
    notable: list[TypeRef]


class SuggestedEntities(Answer):
    """The likeliest entities, the best first."""

    result: list[SuggestedEntity]


class SuggestedWord(TypeRef):
    """A type or a property, with what it means."""

    description: str


class SuggestedWords(Answer):
    """Types or properties, in the order of the ontology."""

    result: list[SuggestedWord]
