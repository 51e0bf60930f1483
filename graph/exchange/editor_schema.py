"""The JSON schema of YAML files of data, by which editors complete and check what is typed.

It follows from the models and the ontology. YAML leaves more open than JSON: a value may be empty
where it is missing, a number where it is text, alone where it is a list of one. What one file does
not show, such as whether an id exists, is for `sightlines check` to say: ids are proposed, and any
other id is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graph.dataset.check import COMPUTED
from graph.dataset.files import MODELS
from graph.dataset.groups import SPEAKER
from graph.dataset.lookup import Entry
from graph.dataset.read_yaml import LISTS
from graph.model import DatasetRecord, Record
from graph.model.fields import SLUG
from graph.ontology import ONTOLOGY

Schema = dict[str, Any]

#: Schemas with names of their own, which the models refer to.
_DEFINITIONS = "#/$defs/"


def editor_schema(entries: Iterable[Entry]) -> Schema:
    """Return the schema of a file, with the ids of entities and sources to propose."""
    definitions: Schema = {}
    among = list(entries)
    ids = _Ids(among, definitions)
    records = {kind: _record(model, definitions) for kind, model in MODELS.items()}
    definitions["PredicateName"] = _words({n: p.help for n, p in ONTOLOGY.predicates.items()})
    definitions["TypeName"] = _words({n: t.help for n, t in ONTOLOGY.types.items()})
    definitions["ModalityName"] = _words({n: m.help for n, m in ONTOLOGY.modalities.items()})
    speakers = ONTOLOGY.type_sets["actor"]
    definitions["entity_id"] = _ids(e for e in among if e.kind == "entity")
    definitions["source_id"] = _ids(e for e in among if e.kind == "source")
    definitions["speaker"] = _ids(e for e in among if e.kind == "source" or e.type in speakers)
    definitions["claim"] = _claim(records.pop("claim"), ids)
    for side in ("left", "right"):
        records["judgement"]["properties"][side] |= _ref("entity_id")
    for name in ("publisher", "edition_of"):
        field = records["source"]["properties"][name]
        proposals = _ref("speaker" if name == "publisher" else "source_id")
        records["source"]["properties"][name] = {**field, "anyOf": [proposals, *field["anyOf"]]}
    properties: Schema = {
        "dataset": {"anyOf": [_record(DatasetRecord, definitions), {"type": ["string", "null"]}]},
        "defaults": _ref("claim"),
    }
    for name, kind in LISTS.items():
        item = _ref("claim") if kind == "claim" else records[kind]
        properties[name] = {"type": ["array", "null"], "items": item}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A data set of Sightlines",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": definitions,
    }


class _Ids:
    """The ids of entities by the types that a role takes: a definition for each set of types."""

    def __init__(self, among: Iterable[Entry], definitions: Schema) -> None:
        self._entities = [entry for entry in among if entry.kind == "entity"]
        self._names: dict[frozenset[str], str] = {}
        self._definitions = definitions

    def of(self, types: frozenset[str]) -> Schema:
        """Return the schema of one or more ids of entities of some types."""
        if types not in self._names:
            name = self._names[types] = f"role_{len(self._names) + 1}"
            ids = _ids((e for e in self._entities if e.type in types), SPEAKER)
            self._definitions[name] = _one_or_more(ids)
        return _ref(self._names[types])


def _ids(entries: Iterable[Entry], *more: str) -> Schema:
    """Return the schema of an id, with those of some entries and `more` words to propose."""
    words = {entry.id: f"{entry.label} ({entry.type})" for entry in entries}
    proposals = _words(words | {word: "The one who speaks." for word in more})
    other = {"type": ["string", "number", "null"], "pattern": SLUG}
    return {"anyOf": [proposals, other]} if words or more else other


def _claim(claim: Schema, ids: _Ids) -> Schema:
    """Return the schema of a claim, a group of claims, or the defaults of a file.

    Nothing is required: a field may stand in the group, or in the defaults.
    """
    properties = claim["properties"]
    properties["source"] |= _ref("source_id")
    chain = {"type": "array", "items": _ref("speaker")}
    properties["said_by"] = {
        "description": properties["said_by"]["description"],
        "anyOf": [_ref("speaker"), chain, {"type": "array", "items": chain}],
    }
    properties["evidence"] = {
        "description": "The words of its source, or the locators that `text pin` makes of them.",
        **_one_or_more({"anyOf": [_ref("Locator"), {"type": ["string", "number", "null"]}]}),
    }
    properties["claims"] = {
        "description": "The claims of a group: what stands beside this holds for each of them.",
        "type": ["array", "null"],
        "items": _ref("claim"),
    }
    any_role = ids.of(frozenset(ONTOLOGY.types))
    del properties["roles"]["additionalProperties"], properties["details"]["additionalProperties"]
    unknown = {
        "roles": {"properties": dict.fromkeys(ONTOLOGY.role_names, any_role)},
        "details": {"properties": {name: {} for name in ONTOLOGY.detail_names}},
    }
    return {
        "description": claim["description"],
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": properties,
        "allOf": [
            {"if": _has_predicate(name), "then": {"properties": _fields_of(name, ids)}}
            for name in ONTOLOGY.predicates
        ],
        "if": {"required": ["predicate"]},
        "else": {"properties": unknown},
    }


def _has_predicate(name: str) -> Schema:
    return {"required": ["predicate"], "properties": {"predicate": {"const": name}}}


def _fields_of(name: str, ids: _Ids) -> Schema:
    """Return what the predicate of a claim asks of its roles, details and modality."""
    predicate = ONTOLOGY.predicates[name]
    roles = {
        role: {"description": info.help, **ids.of(ONTOLOGY.fillers[name, role])}
        for role, info in predicate.roles.items()
    }
    details = {
        detail: {"description": info.help, "type": ["string", "number", "boolean", "null"]}
        for detail, info in predicate.details.items()
    }
    fields: Schema = {
        "roles": {"properties": roles, "additionalProperties": False},
        "details": {"properties": details, "additionalProperties": False},
    }
    if predicate.modalities:
        fields["modality"] = {"enum": list(predicate.modalities)}
    return fields


def _record(model: type[Record], definitions: Schema) -> Schema:
    """Return the schema of a record in YAML; those that it refers to go into `definitions`."""
    schema: Schema = _in_yaml(model.model_json_schema())
    definitions.update(schema.pop("$defs", {}))
    for name in COMPUTED:
        if model is not DatasetRecord:
            schema["properties"].pop(name, None)
    if "names" in schema["properties"]:
        one = {"anyOf": [_ref("Name"), {"type": ["string", "number", "boolean"]}]}
        schema["properties"]["names"] |= _one_or_more(one)
    return schema


def _in_yaml(schema: Any) -> Any:
    """Return a schema of Pydantic's as YAML is written: see the beginning of this file."""
    if isinstance(schema, list):
        return [_in_yaml(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {k: _in_yaml(v) for k, v in schema.items() if k not in ("title", "default")}
    if "properties" in schema:
        result["properties"] = {k: _in_yaml(v) for k, v in schema["properties"].items()}
    kind = schema.get("type")
    if kind == "array" and "items" in result and "description" in schema:
        return {"description": schema["description"], **_one_or_more(result["items"])}
    if kind in ("string", "integer", "number", "boolean") and "enum" not in schema:
        # The texts in the file are read by the models; editors have read numbers and the like.
        result["type"] = ["string", "number", "boolean", "null"]
    elif kind == "object":
        result["type"] = ["object", "null"]
    return result


def _words(words: Mapping[str, str]) -> Schema:
    return {"enum": list(words), "enumDescriptions": list(words.values())}


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _ref(name: str) -> Schema:
    return {"$ref": _DEFINITIONS + name}
