"""The ontology: what everything is said in, and the schema of the graph that follows from it."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.answers.service import OntologyRecord, SchemaRecord
from api.parameters import Nothing
from api.responses import UNCHANGED
from graph.graph_schema import graph_schema
from graph.ontology import ONTOLOGY

router = APIRouter()


@router.get("/ontology", tags=["service"], responses={304: UNCHANGED})
async def read_ontology(response: Response, _: Annotated[Nothing, Query()]) -> OntologyRecord:
    """Read the types, predicates, roles and vocabularies that everything is said in."""
    ontology = json.loads(ONTOLOGY.model_dump_json(by_alias=True))
    for name, predicate in ONTOLOGY.predicates.items():
        for tie, entry in zip(predicate.ties, ontology["predicates"][name]["ties"], strict=True):
            entry["symmetric"] = tie.symmetric
    response.headers["ETag"] = f'W/"{ONTOLOGY.digest}"'
    return OntologyRecord(ontology=ontology, digest=ONTOLOGY.digest)


@router.get("/schema", tags=["service"], responses={304: UNCHANGED})
async def read_schema(response: Response, _: Annotated[Nothing, Query()]) -> SchemaRecord:
    """Read labels, types of edges and properties, as text-to-Cypher tools take them."""
    record, response.headers["ETag"] = _schema()
    return record


@cache
def _schema() -> tuple[SchemaRecord, str]:
    """Return the schema, which is that of the program, and its tag."""
    record = SchemaRecord.model_validate(graph_schema())
    digest = hashlib.sha256(record.model_dump_json().encode()).hexdigest()
    return record, f'W/"{digest[:32]}"'
