"""The records: what a source, an entity, a claim, a judgement and a tie are. See domain.md.

Everything that one record can know of itself is checked here; what needs the other records of a
data set (a dangling id, a role filled by a wrong type) is checked in `graph.dataset`. Vocabularies
come from the ontology. All records are frozen.
"""

from graph.model.claim import Claim, Locator, Misfit, Quantity, Retraction
from graph.model.dataset import DatasetRecord
from graph.model.entity import Entity, Identifier, Name
from graph.model.finding import Finding, Mention
from graph.model.judgement import Duplicate, Judgement
from graph.model.record import Record
from graph.model.source import Source
from graph.model.story import Step, Story
from graph.model.tie import (
    DENIED,
    DENIED_PLAN,
    SAID_BY,
    WHEN,
    Subgraph,
    Support,
    Tie,
    TieKey,
    date_inferred,
    equal_statuses,
    speaker_inferred,
)
from graph.model.withdrawal import Withdrawal

__all__ = [
    "DENIED",
    "DENIED_PLAN",
    "SAID_BY",
    "WHEN",
    "Claim",
    "DatasetRecord",
    "Duplicate",
    "Entity",
    "Finding",
    "Identifier",
    "Judgement",
    "Locator",
    "Mention",
    "Misfit",
    "Name",
    "Quantity",
    "Record",
    "Retraction",
    "Source",
    "Step",
    "Story",
    "Subgraph",
    "Support",
    "Tie",
    "TieKey",
    "Withdrawal",
    "date_inferred",
    "equal_statuses",
    "speaker_inferred",
]
