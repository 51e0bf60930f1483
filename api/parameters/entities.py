"""The parameters of lists and files of entities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from api.answers.entities import EntityHit
from api.parameters.common import GraphRead
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
from graph.model.fields import TypeName
from graph.queries.entities import FACETS, KEYS, EntityFilters
from graph.tables import column_names

if TYPE_CHECKING:
    EntitySort = str
    EntityField = str
    EntityColumn = str
    EntityFacet = str
else:
    EntitySort = vocabulary("EntitySort", either_way(KEYS))
    EntityField = vocabulary("EntityField", shown_fields(EntityHit))
    EntityColumn = vocabulary("EntityColumn", column_names("entities"))
    EntityFacet = vocabulary("EntityFacet", FACETS)

IncludedKind = Literal["ties", "claims", "sources"]


class Entities(GraphRead):
    """Filters on entities. All stay at any moment; their ties and counts follow it."""

    id: list[str] = Field([], max_length=100)
    type: list[TypeName] = Field([])
    tag: list[str] = Field([], max_length=100)
    min_ties: int = Field(0, ge=0, description="The least number of ties, in either direction.")

    @property
    def filters(self) -> EntityFilters:
        """The filters as one value."""
        return EntityFilters(self.id, self.type, self.tag, self.min_ties, self.moment)


class EntityList(Entities, Part):
    """The parameters of `/entities`."""

    q: str | None = Field(None, min_length=1, max_length=200, description="Plain words of a name.")
    sort: Annotated[list[EntitySort], Commas] = Field([], description=SORT)
    fields: Annotated[list[EntityField], Commas] = Field([], description=FIELDS)
    facet: Annotated[list[EntityFacet], Commas] = Field([], description=FACET)
    include: Annotated[list[IncludedKind], Commas] = Field([], description=INCLUDE)


class EntityFile(Entities, Complete):
    """The parameters of `/entities` as a file."""

    sort: Annotated[list[EntitySort], Commas] = Field([], description=SORT)
    fields: Annotated[list[EntityColumn], Commas] = Field([], description="Only these columns.")


class EntityRead(GraphRead):
    """The parameters of `/entities/{id}`."""

    include: Annotated[list[IncludedKind], Commas] = Field([], description=INCLUDE)
