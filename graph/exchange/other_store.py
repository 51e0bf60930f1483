"""The data sets of another Sightlines store, read over its API, as files that can be loaded.

Records stay what they are: ids, sources, chains, locators and licences. A claim's id is computed
from what was read, and has to be the one that the other store gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel

from graph.disk import write_whole, writing_in
from graph.errors import InputError
from graph.model import Claim, Entity, Judgement, Source
from graph.model.dataset import DatasetRecord

ModelT = TypeVar("ModelT", bound=BaseModel)
#: Reads an address, or a path of the other store, as JSON.
Get = Callable[[str], Mapping[str, Any]]
#: What files leave out: the folder says it.
_LEFT_OUT = {"dataset", "datasets", "publisher_id"}


def take_in(get: Get, folder: Path) -> dict[str, int]:
    """Write each data set of a store to a folder of its own; return how many records each has.

    Raises `InputError` where an answer is none of such a store's, or nothing can be written.
    """
    counts = {}
    judgements = list(_judgements(get))
    for dataset in get("/v1/datasets")["results"]:
        record = _record(DatasetRecord, dataset)
        head = {"dataset": _values(record)}
        lines = [_line(*each) for each in _records(get, record.id)]
        lines += [_line("judgement", each) for each in judgements if each.dataset == record.id]
        to = folder / record.id
        with writing_in(to, InputError):
            to.mkdir(parents=True, exist_ok=True)
            text = yaml.safe_dump(head, allow_unicode=True, sort_keys=False)
            write_whole(to / "dataset.yaml", text.encode())
            write_whole(to / "records.jsonl", "".join(lines).encode())
        counts[record.id] = len(lines)
    return counts


def _records(get: Get, dataset: str) -> Iterator[tuple[str, BaseModel]]:
    """Yield the records of a data set with the words that files have for their kinds."""
    for item in _items(get, f"/v1/sources?dataset={dataset}&limit=500"):
        # A file names a publisher that is an entity by its id.
        publisher = item["publisher_id"] or item["publisher"]
        yield "source", _record(Source, {**item, "publisher": publisher})
    for item in _items(get, f"/v1/entities?dataset={dataset}&limit=500"):
        yield "entity", _record(Entity, item).of_dataset(dataset)
    for item in _items(get, f"/v1/claims?dataset={dataset}&retracted=include&limit=500"):
        claim = _record(Claim, _with_ids(item))
        if claim.id != item["id"]:
            raise InputError(f"The claim {item['id']} has another id here: {claim.id}.")
        yield "claim", claim


def _judgements(get: Get) -> Iterator[Judgement]:
    """Yield the judgements that merge entities, each once."""
    merged = (e["canonical_id"] for e in _items(get, "/v1/entities?limit=500"))
    ids = dict.fromkeys(canonical for canonical in merged if canonical is not None)
    seen: set[str] = set()
    for entity_id in ids:
        for duplicate in get(f"/v1/entities/{entity_id}")["duplicates"]:
            for item in duplicate["judgements"]:
                judgement = _record(Judgement, item)
                if judgement.id not in seen:
                    seen.add(judgement.id)
                    yield judgement


def _items(get: Get, address: str) -> Iterator[dict[str, Any]]:
    """Yield the items of a list, part by part."""
    following: str | None = address
    while following:
        page = get(following)
        yield from page["results"]
        following = page["next"]


def _with_ids(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim that refers to other records by their ids alone."""
    return {
        **claim,
        "source": claim["source"]["id"],
        "said_by": [each["id"] for each in claim["said_by"]],
        "roles": {role: [each["id"] for each in ids] for role, ids in claim["roles"].items()},
    }


def _record(model: type[ModelT], item: Mapping[str, Any]) -> ModelT:
    return model.model_validate({n: item[n] for n in model.model_fields if n in item})


def _line(kind: str, record: BaseModel) -> str:
    return json.dumps({kind: _values(record)}, ensure_ascii=False) + "\n"


def _values(record: BaseModel) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_defaults=True, exclude=_LEFT_OUT)
