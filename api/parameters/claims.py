"""The parameters of single claims, and of lists and files of claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.answers.claims import ClaimOut
from api.parameters.common import GraphRead, Read
from api.parameters.lists import (
    FACET,
    FIELDS,
    INCLUDE,
    SORT,
    Commas,
    Complete,
    Part,
    either_way,
    shown_fields,
    vocabulary,
)
from graph.model.fields import ModalityName, PolarityName, PredicateName
from graph.ontology import ONTOLOGY
from graph.queries.claims import FACETS, KEYS, ClaimFilters
from graph.tables import column_names

if TYPE_CHECKING:
    ClaimSort = str
    ClaimField = str
    ClaimColumn = str
    ClaimFacet = str
else:
    ClaimSort = vocabulary("ClaimSort", either_way(KEYS))
    ClaimField = vocabulary("ClaimField", shown_fields(ClaimOut))
    ClaimColumn = vocabulary("ClaimColumn", column_names("claims"))
    ClaimFacet = vocabulary("ClaimFacet", FACETS)


def _filled_role(value: object) -> object:
    """Check `supplier:tiandy`: a role that some predicate has, and an id."""
    role, _, entity_id = str(value).partition(":")
    if role in ONTOLOGY.role_names and entity_id:
        return value
    raise PydanticCustomError(
        "role",
        "it is written role:entity, such as supplier:tiandy; the roles are {roles}",
        {"roles": ", ".join(ONTOLOGY.role_names)},
    )


_FILLED = {"type": "string", "pattern": f"^({'|'.join(sorted(ONTOLOGY.role_names))}):.+$"}
FilledRole = Annotated[
    str, BeforeValidator(_filled_role), WithJsonSchema(_FILLED, mode="validation")
]


class ClaimRead(Read):
    """The parameters of `/claims/{id}`."""

    retracted: Literal["exclude", "include"] = Field(
        "exclude", description="`include` shows a claim that was withdrawn or superseded."
    )


class Claims(GraphRead):
    """Filters on claims."""

    id: list[str] = Field([], max_length=100)
    predicate: list[PredicateName] = Field([])
    role: list[FilledRole] = Field(
        [], max_length=100, description="An entity in a role, such as `supplier:tiandy`."
    )
    entity: list[str] = Field([], max_length=100, description="Ids of entities in any role.")
    source: list[str] = Field([], max_length=100, description="Ids of sources.")
    speaker: list[str] = Field(
        [], max_length=100, description="Ids of sources or entities in the attribution chain."
    )
    modality: list[ModalityName] = Field([])
    polarity: list[PolarityName] = Field([])
    q: str | None = Field(
        None, min_length=1, max_length=200, description="Words that the summary has, all of them."
    )
    retracted: Literal["exclude", "include", "only"] = Field(
        "exclude", description="Claims that were withdrawn or superseded."
    )

    @property
    def filters(self) -> ClaimFilters:
        """The filters as one value."""
        roles = [(role, i) for role, _, i in (value.partition(":") for value in self.role)]
        return ClaimFilters(
            ids=self.id,
            predicates=self.predicate,
            roles=roles,
            entities=self.entity,
            sources=self.source,
            speakers=self.speaker,
            modalities=self.modality,
            polarities=self.polarity,
            words=self.q,
            retracted=self.retracted,
            moment=self.moment,
        )


class ClaimList(Claims, Part):
    """The parameters of `/claims`."""

    sort: Annotated[list[ClaimSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[ClaimField], Commas] = Field([], description=FIELDS)
    facet: Annotated[list[ClaimFacet], Commas] = Field([], description=FACET)
    include: Annotated[list[Literal["entities", "sources"]], Commas] = Field(
        [], description=INCLUDE
    )


class ClaimFile(Claims, Complete):
    """The parameters of `/claims` as a file."""

    sort: Annotated[list[ClaimSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[ClaimColumn], Commas] = Field([], description="Only these columns.")
