"""What lists have beside their records: facets, and the records that these name."""

from __future__ import annotations

from typing import Any, Generic

from pydantic import ConfigDict, Field

from api.answers.claims import ClaimOut, WithdrawalOut
from api.answers.common import Answer, Citation, Item, Meta, Page
from api.answers.entities import DuplicateOut, EntityOut
from api.answers.sources import SourceFacts
from api.answers.ties import AccountOut, Group, TieOut


class FacetValue(Answer):
    """One value, what it is called, and how many records have it."""

    value: str | None
    label: str
    count: int


class FacetOut(Answer):
    """The values of a facet, the most frequent first."""

    values: list[FacetValue]
    other: int = Field(description="Records of all values that are not named.")


class Beside(Answer):
    """Records that those of an answer name, by their ids; only the kinds that were asked for."""

    ties: dict[str, TieOut] | None = Field(None, description="By from/TYPE/to.")
    claims: dict[str, ClaimOut] | None = None
    sources: dict[str, SourceFacts] | None = None
    entities: dict[str, EntityOut] | None = None


class Listing(Page[Item], Generic[Item]):
    """A list that can be counted by values, and that can bring along what it names."""

    facets: dict[str, FacetOut] | None = Field(None, description="Where they were asked for.")
    included: Beside | None = Field(None, description="Where it was asked for.")


class TiePage(Listing[TieOut]):
    """The ties of an entity."""

    groups: list[Group]


def _optional_included(schema: dict[str, Any]) -> None:
    schema["required"].remove("included")


class EntityRecord(EntityOut):
    """One entity, and what the answer is a function of."""

    model_config = ConfigDict(json_schema_extra=_optional_included)

    also: list[str] = Field(description="Ids that are merged into this one.")
    duplicates: list[DuplicateOut] = Field(
        description="The entities that are merged into this one, in the order of `also`, with who "
        "judged so, when and why."
    )
    included: Beside | None = Field(None, description="Where it was asked for.")
    meta: Meta


class TieRecord(TieOut):
    """One tie, with its docket: who affirms it, who denies it, and their claims."""

    affirmed_by: list[ClaimOut]
    denied_by: list[ClaimOut]
    not_found_by: list[ClaimOut] = Field(
        description="Claims whose source looked for it and did not find it: they neither affirm "
        "nor deny it."
    )
    jointly_by: list[ClaimOut] = Field(
        description="Claims that name both of its ends among several: they say nothing of just "
        "these two, and neither affirm nor deny it."
    )
    withdrawn: list[WithdrawalOut] = Field(
        description="Claims that affirmed it and no longer count."
    )
    accounts: list[AccountOut] = Field(
        description="Its affirming claims in the order in which they came out."
    )
    shared: str = Field(description="What several accounts share, in words; empty: nothing.")
    included: Beside | None = None
    cite: Citation
    meta: Meta
