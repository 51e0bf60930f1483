"""What lists share on their way out: notices, facets, records beside them, and the bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel
from starlette.responses import Response

from api.answers.common import Item
from api.answers.lists import Beside, FacetOut, FacetValue
from api.include import Brought
from api.parameters.common import GraphRead
from api.request import Context
from graph.ontology import ONTOLOGY
from graph.queries.lists import Facet, Listed

#: The words of the ontology, by the facet that counts them.
_WORDS: Mapping[str, Mapping[str, Any]] = {
    "type": {**ONTOLOGY.types, **ONTOLOGY.tie_types},
    "status": ONTOLOGY.statuses,
    "predicate": ONTOLOGY.predicates,
    "modality": ONTOLOGY.modalities,
    "polarity": ONTOLOGY.polarities,
    "kind": ONTOLOGY.source_kinds,
}


def notices(found: Listed[Any], asked: GraphRead) -> list[str]:
    """Say how many records are there only possibly, and how many of them tell no date."""
    if not found.possibly:
        return []
    undated = f", {found.undated:,} of them without a date" if found.undated else ""
    what = "held or was known" if asked.as_of and asked.known_by else "held"
    what = "was known" if asked.known_by and not asked.as_of else what
    return [
        f"Of {found.total:,} records, {found.possibly:,} only possibly {what} then{undated}; "
        "certain=true leaves them out."
    ]


def facets_out(found: Mapping[str, Facet]) -> dict[str, FacetOut] | None:
    """Return facets as the API shows them, or None where none was asked for."""
    return {name: _facet(name, facet) for name, facet in found.items()} or None


def _facet(name: str, facet: Facet) -> FacetOut:
    words = _WORDS.get(name, {})
    values = [
        FacetValue(value=value, label=_label(words, value, label), count=count)
        for value, label, count in facet.values
    ]
    return FacetOut(values=values, other=facet.other)


def _label(words: Mapping[str, Any], value: str | None, label: str | None) -> str:
    if value is None:
        return "not told"
    return label or (words[value].label if value in words else value)


def listing(
    ask: Context,
    asked: GraphRead,
    found: Listed[Any],
    results: Sequence[Item],
    beside: Brought | None = None,
) -> dict[str, Any]:
    """Return the fields of a `Listing`."""
    said = [*notices(found, asked), *(beside.notices if beside else [])]
    return {
        "results": list(results),
        "total": found.total,
        "next": ask.next(found.next_after),
        "facets": facets_out(found.facets),
        "included": beside.found if beside else None,
        "meta": ask.meta(asked, said),
    }


def send(ask: Context, answer: BaseModel, fields: Sequence[str] = ()) -> Response:
    """Return the response with an answer, each of its records with some fields only.

    The model is turned into text at once: FastAPI would validate it a second time.
    """
    body = answer.model_dump_json(
        by_alias=True, include=_shown(answer, fields), exclude=_bare(answer)
    )
    return Response(body, headers=dict(ask.response.headers), media_type="application/json")


def _shown(answer: BaseModel, fields: Sequence[str]) -> Any:
    """What pydantic is to include, by the models' own names of fields; None is all."""
    if not fields:
        return None
    (model,) = get_args(type(answer).model_fields["results"].annotation)
    names = {f.alias or name: name for name, f in model.model_fields.items()}
    shown: dict[str, Any] = dict.fromkeys(type(answer).model_fields, True)
    return shown | {"results": {"__all__": {names[field] for field in fields}}}


def _bare(answer: BaseModel) -> Any:
    """What pydantic is to leave out: what has not been asked for."""
    left: dict[str, Any] = {
        name: True for name in ("facets", "included") if getattr(answer, name, None) is None
    }
    beside = getattr(answer, "included", None)
    if isinstance(beside, Beside):
        left["included"] = {kind for kind, found in beside if found is None}
    return left
