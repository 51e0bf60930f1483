"""Entities and their names. See domain.md, "Names"."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from graph.model.fields import Id, Line, NameKindName, OneOrMore, Prose, TypeName, as_list
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
    tags: OneOrMore[Id] = Field((), description="Slugs by which editors sort entities.")


class Entity(EntityFields):
    """A state, a body, a company, a person, a thing… that claims speak of."""

    @property
    def label(self) -> str:
        """The name that it is shown by."""
        return self.names[0].text


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
