"""Models for neontology that read the graph: python neontology_models.py URI PASSWORD_FILE

neontology 2.2 wants a driver older than 6, so give it an environment of its own. It converts single
dates and leaves lists of them as they are, which is why ties have no lists of days here; ask for
those in Cypher. Only read with these models: what is written by hand is no claim of anybody's.
"""

import sys
from datetime import date
from pathlib import Path
from typing import ClassVar

from neontology import (
    BaseNode,
    BaseRelationship,
    GraphConnection,
    Neo4jConfig,
    init_neontology,
)
from pydantic import ConfigDict

#: Properties that a model does not name are passed over, and neontology refuses them by default.
READING = ConfigDict(extra="ignore")


class Entity(BaseNode):
    """What all entities have; without a label, so that each type below is a class of its own."""

    model_config = READING
    __primaryproperty__: ClassVar[str] = "id"
    __secondarylabels__: ClassVar[list] = ["Entity"]
    id: str
    type: str
    name: str
    names: list[str]
    description: str | None = None
    canonical_id: str | None = None


class State(Entity):
    __primarylabel__: ClassVar[str] = "State"


class PublicBody(Entity):
    __primarylabel__: ClassVar[str] = "PublicBody"


class Company(Entity):
    __primarylabel__: ClassVar[str] = "Company"


class Organization(Entity):
    __primarylabel__: ClassVar[str] = "Organization"


class Person(Entity):
    __primarylabel__: ClassVar[str] = "Person"


class Group(Entity):
    __primarylabel__: ClassVar[str] = "Group"


class Technology(Entity):
    __primarylabel__: ClassVar[str] = "Technology"


class Asset(Entity):
    __primarylabel__: ClassVar[str] = "Asset"


class Agreement(Entity):
    __primarylabel__: ClassVar[str] = "Agreement"


class Programme(Entity):
    __primarylabel__: ClassVar[str] = "Programme"


class Event(Entity):
    __primarylabel__: ClassVar[str] = "Event"


class Place(Entity):
    __primarylabel__: ClassVar[str] = "Place"


class Source(BaseNode):
    """A document."""

    model_config = READING
    __primarylabel__: ClassVar[str] = "Source"
    __primaryproperty__: ClassVar[str] = "id"
    id: str
    kind: str
    title: str
    publisher: str | None = None
    published: str | None = None
    read_on: date | None = None


class Claim(BaseNode):
    """What all claims have; each predicate that is wanted is a class of its own."""

    model_config = READING
    __primaryproperty__: ClassVar[str] = "id"
    __secondarylabels__: ClassVar[list] = ["Claim"]
    id: str
    summary: str
    modality: str
    polarity: str
    origin_id: str
    when: str | None = None
    first: date | None = None
    last: date | None = None
    retracted_on: date | None = None


class SupplyClaim(Claim):
    __primarylabel__: ClassVar[str] = "Supplies"


class UseClaim(Claim):
    __primarylabel__: ClassVar[str] = "UsesAgainst"


class Tie(BaseRelationship):
    """What all ties have."""

    model_config = READING
    source: Entity
    target: Entity
    status: str
    rank: int
    disputed: bool
    independent: int
    origin_ids: list[str]
    claims: int
    claim_ids: list[str]
    first: date | None = None
    last: date | None = None


class Supplies(Tie):
    __relationshiptype__: ClassVar[str] = "SUPPLIES"


class UsesAgainst(Tie):
    __relationshiptype__: ClassVar[str] = "USES_AGAINST"


class Assists(Tie):
    __relationshiptype__: ClassVar[str] = "ASSISTS"


def main(uri: str, password_file: str) -> None:
    """Print who supplies whom, and each claim of it."""
    password = Path(password_file).read_text().strip()
    init_neontology(Neo4jConfig(uri=uri, username="neo4j", password=password))
    answer = GraphConnection().evaluate_query(
        "MATCH (a:Entity)-[r:SUPPLIES]->(b:Entity) RETURN a, r, b ORDER BY a.id, b.id"
    )
    for tie in answer.relationships:
        print(tie.source.name, "supplied", tie.target.name, tie.status, tie.first)
    for claim in SupplyClaim.match_nodes():
        print(claim.when, claim.summary)
    print(Company.match("tiandy").names)


if __name__ == "__main__":
    main(*sys.argv[1:])
