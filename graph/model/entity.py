"""Entities and their names. See domain.md, "Names"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from graph.model.fields import (
    Country,
    Id,
    Line,
    NameKindName,
    OneOrMore,
    Prose,
    TypeName,
    Url,
    as_list,
)
from graph.model.record import Record, Storage


class Name(Record):
    """One name of an entity."""

    text: Annotated[Line, Storage("names", search=True)] = Field(
        description="The name, as written."
    )
    lang: Annotated[str, Storage("name_langs", column=False)] = Field(
        "en", pattern=r"^[a-z]{2,3}$", description="Language of the name, as an ISO 639 code."
    )
    script: Annotated[str, Storage("name_scripts", column=False)] = Field(
        "", pattern=r"^([A-Z][a-z]{3})?$", description="Script of the name, as an ISO 15924 code."
    )
    kind: Annotated[NameKindName, Storage("name_kinds", column=False)] = Field(
        "short", description="The kind of name."
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_script(cls, data: Any) -> Any:
        if isinstance(data, dict) and not data.get("script") and isinstance(data.get("text"), str):
            return {**data, "script": script_of(data["text"])}
        return data


class Identifier(Record):
    """What a register calls an entity."""

    scheme: Annotated[Line, Storage("identifier_schemes", column=False)] = Field(
        description="The register, by its usual short name: LEI, Wikidata, IMO, OpenCorporates, …"
    )
    value: Annotated[Line, Storage("identifier_values", column=False)] = Field(
        description="What the entity is called there, as a source states it."
    )

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"


_T = TypeVar("_T")


def _ordered(values: Iterable[_T]) -> tuple[_T, ...]:
    """Return values whose order says nothing, each once and in order."""
    return tuple(sorted(set(values), key=str))


def _as_name(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


class EntityFields(Record):
    """What is recorded of an entity: the only list of its fields."""

    id: Id = Field(description="A slug chosen by hand.")
    type: TypeName = Field(description="The type of entity.")
    names: Annotated[
        tuple[Annotated[Name, BeforeValidator(_as_name)], ...], BeforeValidator(as_list)
    ] = Field(min_length=1, description="The first one is its label.")
    description: Prose | None = Field(None, description="One or two sentences in our own words.")
    plural: bool = Field(
        False, description="Whether its label takes a verb in the plural: Uyghurs *are* …"
    )
    described: Annotated[bool, Storage(column=False)] = Field(
        False,
        description="Whether it has no name of its own, such as the described set *Chinese "
        "technology firms*: it is none in a count of companies, states or people.",
    )
    tags: OneOrMore[Id] = Field((), description="Slugs by which editors sort entities.")
    identifiers: Annotated[tuple[Identifier, ...], AfterValidator(_ordered)] = Field(
        (), description="What registers call it, where a source at hand states it."
    )
    urls: Annotated[OneOrMore[Url], AfterValidator(_ordered)] = Field(
        (), description="Its own web addresses."
    )
    country: Country | None = Field(
        None,
        description="The country of a body, as an ISO 3166-1 alpha-2 code, where a source says so.",
    )
    datasets: tuple[Id, ...] = Field(
        (), description="The data sets that describe it. Files leave them out."
    )
    name_datasets: Annotated[tuple[str, ...], Storage(column=False)] = Field(
        (),
        description="The data sets that have each name, in the order of the names and with spaces "
        "between. None: a single set describes it.",
    )
    name_positions: Annotated[tuple[str, ...], Storage(column=False)] = Field(
        (), description="The place of each name in each of these sets, from 0."
    )
    identifier_datasets: Annotated[tuple[str, ...], Storage(column=False)] = Field(
        (), description="The data sets that have each identifier, as `name_datasets`."
    )
    url_datasets: Annotated[tuple[str, ...], Storage(column=False)] = Field(
        (), description="The data sets that have each web address, as `name_datasets`."
    )


class Entity(EntityFields):
    """A state, a body, a company, a person, a thing… that claims speak of."""

    @model_validator(mode="after")
    def _has_a_name(self) -> Entity:
        if self.names[0].kind == "epithet":
            raise PydanticCustomError("label", "the first name is the label, and no epithet")
        return self

    @property
    def label(self) -> str:
        """The name that it is shown by."""
        return self.names[0].text

    def of_dataset(self, dataset: str) -> Entity:
        """Return what one of its data sets says of it."""
        names = list(self.names)
        if self.name_datasets:
            places = [
                (int(position), name)
                for name, ids, positions in zip(
                    self.names, self.name_datasets, self.name_positions, strict=True
                )
                for i, position in zip(ids.split(), positions.split(), strict=True)
                if i == dataset
            ]
            names = [name for _, name in sorted(places, key=lambda place: place[0])]
        return self.model_copy(
            update={
                "names": tuple(names),
                "identifiers": _of(dataset, self.identifiers, self.identifier_datasets),
                "urls": _of(dataset, self.urls, self.url_datasets),
                "datasets": (dataset,),
                "name_datasets": (),
                "name_positions": (),
                "identifier_datasets": (),
                "url_datasets": (),
            }
        )


def _of(dataset: str, values: Sequence[_T], datasets: Sequence[str]) -> tuple[_T, ...]:
    """Return the values that a data set has; without `datasets` a single one has all."""
    if not datasets:
        return tuple(values)
    return tuple(
        value for value, ids in zip(values, datasets, strict=True) if dataset in ids.split()
    )


def _union(values: Iterable[tuple[str, Iterable[_T]]]) -> tuple[tuple[_T, ...], tuple[str, ...]]:
    """Return the values of data sets, each once, and the sets that have each."""
    holders: dict[_T, list[str]] = {}
    for dataset, some in values:
        for value in some:
            holders.setdefault(value, []).append(dataset)
    ordered = _ordered(holders)
    return ordered, tuple(" ".join(holders[value]) for value in ordered)


def merge_entities(entity: Entity | None, new: Entity, order: Sequence[str]) -> Entity:
    """Return what data sets say of an entity, with what one more (`new`) says of it.

    They differ in names, identifiers and web addresses alone: it has those of all, and its label
    from the first in `order`.
    """
    if entity is None:
        return new
    parts = sorted(
        [*map(entity.of_dataset, entity.datasets), new],
        key=lambda part: order.index(part.datasets[0]),
    )
    names: list[Name] = []
    places: list[dict[str, int]] = []
    for part in parts:
        (dataset,) = part.datasets
        # The store keeps epithets apart: they come last, wherever a file has them.
        ordered = sorted(part.names, key=lambda name: name.kind == "epithet")
        for position, name in enumerate(ordered):
            same = (i for i, n in enumerate(names) if n == name and dataset not in places[i])
            index = next(same, len(names))
            if index == len(names):
                names.append(name)
                places.append({})
            places[index][dataset] = position
    identifiers, identifier_datasets = _union((p.datasets[0], p.identifiers) for p in parts)
    urls, url_datasets = _union((part.datasets[0], part.urls) for part in parts)
    return new.model_copy(
        update={
            "names": tuple(names),
            "identifiers": identifiers,
            "urls": urls,
            "datasets": tuple(part.datasets[0] for part in parts),
            "name_datasets": tuple(" ".join(place) for place in places),
            "name_positions": tuple(" ".join(map(str, place.values())) for place in places),
            "identifier_datasets": identifier_datasets,
            "url_datasets": url_datasets,
        }
    )


_SCRIPTS = {"CJK": "Hani", "ARABIC": "Arab", "CYRILLIC": "Cyrl", "HEBREW": "Hebr", "HANGUL": "Hang",
            "HIRAGANA": "Jpan", "KATAKANA": "Jpan", "GREEK": "Grek", "DEVANAGARI": "Deva",
            "THAI": "Thai", "GEORGIAN": "Geor", "ARMENIAN": "Armn", "LATIN": "Latn"}  # fmt: skip


def script_of(text: str) -> str:
    """Return the ISO 15924 code of the first letter whose script is known, or `Zyyy` (common)."""
    for letter in re.findall(r"[^\W\d_]", text):
        first_word = unicodedata.name(letter, "").partition(" ")[0]
        if first_word in _SCRIPTS:
            return _SCRIPTS[first_word]
    return "Zyyy"
