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


def short(fields: Fields, text: str) -> dict[str, Any]:
    """Return fields as they are written into a file: without what its defaults say already."""
    defaults = defaults_of(text)
    result: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "said_by" and defaults.get("source") and list(value)[:1] == [defaults["source"]]:
            value = list(value)[1:]
        if isinstance(value, Mapping):
            value = {key: single(item) for key, item in value.items() if item not in ("", [], None)}
        value = single(value)
        is_default = name in defaults and _as_text(defaults[name]) == _as_text(value)
        result[name] = None if value in ("", [], {}, None) or is_default else value
    return result


def single(value: Any) -> Any:
    """Return the only item of a list in its place."""
    return value[0] if isinstance(value, list | tuple) and len(value) == 1 else value


def _as_text(value: Any) -> str:
    return value_text(single(value))


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
    yield from map(str, as_items(fields.get("said_by")))


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
