"""The parameters of lists and files of sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from api.answers.sources import SourceItemOut
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
from graph.model.fields import SourceKindName
from graph.queries.sources import FACETS, KEYS, SourceFilters
from graph.tables import column_names

if TYPE_CHECKING:
    SourceSort = str
    SourceField = str
    SourceColumn = str
    SourceFacet = str
else:
    SourceSort = vocabulary("SourceSort", either_way(KEYS))
    SourceField = vocabulary("SourceField", shown_fields(SourceItemOut))
    SourceColumn = vocabulary("SourceColumn", column_names("sources"))
    SourceFacet = vocabulary("SourceFacet", FACETS)


class Sources(GraphRead):
    """Filters on sources. `known_by` leaves out those that were not out; `as_of` only counts."""

    id: list[str] = Field([], max_length=100)
    kind: list[SourceKindName] = Field([])
    publisher: list[str] = Field([], max_length=100, description="As it is written.")
    q: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="Words of title, publisher or authors, all of them.",
    )

    @property
    def filters(self) -> SourceFilters:
        """The filters as one value."""
        return SourceFilters(self.id, self.kind, self.publisher, self.q, self.moment)


class SourceList(Sources, Part):
    """The parameters of `/sources`."""

    sort: Annotated[list[SourceSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[SourceField], Commas] = Field([], description=FIELDS)
    facet: Annotated[list[SourceFacet], Commas] = Field([], description=FACET)
    include: Annotated[list[Literal["claims"]], Commas] = Field([], description=INCLUDE)


class SourceFile(Sources, Complete):
    """The parameters of `/sources` as a file."""

    sort: Annotated[list[SourceSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[SourceColumn], Commas] = Field([], description="Only these columns.")
