"""The parameters of lists, files and graphs of ties."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from api.answers.ties import TieOut
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
from graph.model.fields import StatusName, TieTypeName
from graph.queries.tie_lists import FACETS, KEYS, TieFilters
from graph.tables import column_names

if TYPE_CHECKING:
    TieSort = str
    TieField = str
    TieColumn = str
    TieFacet = str
else:
    TieSort = vocabulary("TieSort", either_way(KEYS))
    TieField = vocabulary("TieField", shown_fields(TieOut))
    TieColumn = vocabulary("TieColumn", column_names("ties"))
    TieFacet = vocabulary("TieFacet", FACETS)


class OfTies(GraphRead):
    """Filters that fit the ties of one entity as well as all."""

    type: list[TieTypeName] = Field([])
    status: list[StatusName] = Field([], description="At the moment asked for.")
    disputed: bool | None = Field(None, description="Whether a claim denies the tie.")
    min_origins: int = Field(0, ge=0, description="The least number of independent origins.")
    source: list[str] = Field(
        [], max_length=100, description="Ids of sources: ties that a claim of one bears on."
    )

    @property
    def filters(self) -> TieFilters:
        """The filters as one value."""
        return TieFilters(
            types=self.type,
            statuses=self.status,
            disputed=[] if self.disputed is None else [self.disputed],
            min_origins=self.min_origins,
            sources=self.source,
            moment=self.moment,
        )


class Ties(OfTies):
    """Filters on all ties."""

    starts: list[str] = Field(
        [], alias="from", max_length=100, description="Ids of entities that ties run from."
    )
    ends: list[str] = Field(
        [], alias="to", max_length=100, description="Ids of entities that they run to."
    )
    entity: list[str] = Field([], max_length=100, description="Ids of entities at either end.")

    @property
    def filters(self) -> TieFilters:
        """The filters as one value."""
        return replace(super().filters, starts=self.starts, ends=self.ends, entities=self.entity)


class _Listed(Part):
    sort: Annotated[list[TieSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[TieField], Commas] = Field([], description=FIELDS)
    facet: Annotated[list[TieFacet], Commas] = Field([], description=FACET)
    include: Annotated[list[Literal["entities", "claims", "sources"]], Commas] = Field(
        [], description=INCLUDE
    )


class _Filed(Complete):
    sort: Annotated[list[TieSort], Commas] = Field([], description=SORT)
    fields: Annotated[list[TieColumn], Commas] = Field([], description="Only these columns.")


class TieList(Ties, _Listed):
    """The parameters of `/ties`."""


class TieFile(Ties, _Filed):
    """The parameters of `/ties` as a file."""


class EntityTieList(OfTies, _Listed):
    """The parameters of `/entities/{id}/ties`."""

    direction: Literal["out", "in", "both"] = "both"


class EntityTieFile(OfTies, _Filed):
    """The parameters of `/entities/{id}/ties` as a file."""

    direction: Literal["out", "in", "both"] = "both"


class TieRead(GraphRead):
    """The parameters of one tie."""

    include: Annotated[list[Literal["claims", "sources"]], Commas] = Field([], description=INCLUDE)


class TieGraph(Ties):
    """The parameters of `/graph`."""

    limit: int = Field(500, ge=1, le=5_000, description="Edges; the strongest stay.")


class Neighbourhood(GraphRead):
    """The parameters of `/entities/{id}/neighbourhood`."""

    depth: int = Field(1, ge=1, le=3, description="Hops.")
    limit: int = Field(
        150, ge=1, le=500, description="Nodes; nearer ones stay, then the stronger tied."
    )
    type: list[TieTypeName] = Field([])
    status: list[StatusName] = Field([], description="At the moment asked for.")
