"""The ontology: what everything is said in."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query

from api.answers.service import OntologyRecord
from api.parameters import Nothing
from graph.ontology import ONTOLOGY

router = APIRouter()


@router.get("/ontology", tags=["service"])
async def read_ontology(_: Annotated[Nothing, Query()]) -> OntologyRecord:
    """Read the types, predicates, roles and vocabularies that everything is said in."""
    return OntologyRecord(
        ontology=json.loads(ONTOLOGY.model_dump_json(by_alias=True)), digest=ONTOLOGY.digest
    )
