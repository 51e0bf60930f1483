"""The fields of a claim as they are written into YAML: short, and none that its predicate lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import yaml

from graph.dataset.read_yaml import values
from graph.dataset.yaml_text import root_of, value_of, value_text, with_fields
from graph.errors import InputError
from graph.exchange.written_claims import Fields
from graph.ontology import ONTOLOGY


def defaults_of(text: str) -> dict[str, Any]:
    """Return the defaults of a file; none where it cannot be read."""
    with suppress(InputError):
        node = value_of(root_of(text), "defaults")
        return values(node) if isinstance(node, yaml.MappingNode) else {}
    return {}


def short(fields: Fields, shared: Fields, source: str) -> dict[str, Any]:
    """Return fields as they are written into a file: without what holds around the claim already.

    `shared` are the fields that it has from its group and from the defaults of its file, `source`
    is its source. None takes a field out. Raises `InputError` for one that holds around it and that
    the claim cannot lack.
    """
    result: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "said_by":
            value = _short_chains(value, source if shared.get("source") == source else "")
        elif isinstance(value, Mapping):
            value = {key: single(item) for key, item in value.items() if item not in ("", [], None)}
        value = single(value) if name != "said_by" else value
        if value in ("", [], {}, None) and name in shared and name != "modality":
            value = {"said_by": source, "polarity": "affirmed"}.get(name)
            if value is None:
                message = f"{name!r} holds for all claims of the file"
                raise InputError(f"{message}: take it out of what they share first.")
        is_shared = name in shared and _as_text(shared[name]) == _as_text(value)
        result[name] = None if is_shared or value in ("", [], {}, None) else value
    return result


def _short_chains(value: Any, source: str) -> Any:
    """Return `said_by` as it is written: one chain, or each of several in a list of its own.

    Where the source is that of the file, a chain leaves it out.
    """
    items = as_items(value)
    chains = [list(i) for i in items] if items and isinstance(items[0], list | tuple) else [items]
    chains = [chain for chain in chains if chain]
    if len(chains) > 1:
        return [chain[1:] if chain[0] == source and chain[1:] else chain for chain in chains]
    chain = chains[0] if chains else []
    return single(chain[1:] if source and chain[:1] == [source] else chain)


def single(value: Any) -> Any:
    """Return the only item of a list in its place."""
    return value[0] if isinstance(value, list | tuple) and len(value) == 1 else value


def _as_text(value: Any) -> str:
    return value_text(single(value))


def modality_of(predicate: str, claim: Fields) -> dict[str, Any]:
    """Return the modality of a claim that gets another predicate, where one of them decides it."""

    def only(name: str) -> str | None:
        entry = ONTOLOGY.predicates.get(name)
        return entry.modalities[0] if entry and len(entry.modalities) == 1 else None

    if (modality := only(predicate)) is not None:
        return {"modality": modality}
    before = only(str(claim.get("predicate")))
    return {"modality": ""} if before and claim.get("modality") == before else {}


def fitting(predicate: str, claim: Fields, changes: Fields) -> dict[str, Any]:
    """Return the roles, details and readings of a claim that another predicate has as well."""
    entry = ONTOLOGY.predicates.get(predicate)
    if entry is None:
        return {}
    result: dict[str, Any] = {}
    for name, its in (("roles", entry.roles), ("details", entry.details)):
        values_of = changes.get(name, claim.get(name, {}))
        if isinstance(values_of, Mapping):
            result[name] = {key: value for key, value in values_of.items() if key in its}
    inferred = as_items(changes.get("inferred", claim.get("inferred", [])))
    result["inferred"] = [i for i in inferred if i in entry.roles or i not in ONTOLOGY.role_names]
    return result


def ids_of(fields: Fields) -> Iterator[str]:
    """Yield the ids of entities and sources that fields of a claim name."""
    roles = fields.get("roles")
    for ids in roles.values() if isinstance(roles, Mapping) else ():
        yield from map(str, as_items(ids))
    for link in as_items(fields.get("said_by")):
        yield from map(str, as_items(link))


def as_items(value: Any) -> list[Any]:
    """Return a value as a list: of nothing, of one, or of several."""
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def using(text: str, dataset_id: str, uses: Sequence[str]) -> str:
    """Return a file whose data set uses others."""
    node = value_of(root_of(text), "dataset")
    fields = {"id": dataset_id, "uses": list(uses)}
    if isinstance(node, yaml.MappingNode):
        return with_fields(text, node, {"uses": single(list(uses))}, "dataset")
    if isinstance(node, yaml.ScalarNode) and node.value:
        start, end = node.start_mark.index, node.end_mark.index
        return f"{text[:start]}{value_text(fields)}{text[end:]}"
    return f"dataset: {value_text(fields)}\n{text}"


def new_file(source_id: str, by: str) -> str:
    """Return the text of a new file of claims: its defaults."""
    fields = {"source": source_id, "modality": "stated"}
    fields |= {"recorded_on": date.today().isoformat(), "recorded_by": by}
    return "defaults:\n" + "".join(f"  {k}: {value_text(v)}\n" for k, v in fields.items())
