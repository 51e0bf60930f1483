"""Mappings: how the rows of lists and graphs become records. See docs/import.md.

A mapping is a YAML file. Texts in it may be templates: `{name}` stands for a value of the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from graph.dataset.files import TextFault
from graph.dataset.messages import problems
from graph.dataset.read_yaml import compose, locate, values
from graph.errors import DatasetFaults, InputError
from graph.faults import Fault, nearest, shorten
from graph.model import DatasetRecord, Entity, Record
from graph.model.fields import EdtfText, Id, Line, OneOrMore, Prose, SourceKindName, Url
from graph.ontology import ONTOLOGY

Format = Literal["csv", "tsv", "xlsx", "json", "jsonl", "xml", "graphml"]
#: The format of a file, by the end of its name.
SUFFIXES: Mapping[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "xlsx",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ijson": "jsonl",
    ".ndjson": "jsonl",
    ".xml": "xml",
    ".graphml": "graphml",
}
#: A value of the row in a template.
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
#: In roles of a claim: those that the first tie of its predicate runs from and to.
ENDS = ("from", "to")
#: The look-up table that every mapping has; its own names are added to it.
COUNTRIES = "countries"


def _as_text(value: Any) -> Any:
    return {"text": value} if isinstance(value, str | list) else value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise PydanticCustomError(
            "mapping", "not a regular expression: {why}", {"why": str(error)}
        ) from error
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]


class Template(NamedTuple):
    """A template and the names of its placeholders; `whole`: it is nothing but a placeholder."""

    text: str
    names: tuple[str, ...]
    whole: bool

    @classmethod
    def read(cls, text: str) -> Template:
        """Return the template that a text is."""
        names = tuple(PLACEHOLDER.findall(text))
        return cls(text, names, len(names) == 1 and text == f"{{{names[0]}}}")


class Value(Record):
    """Text of a record, made from a row. The steps are taken in the order of the fields."""

    text: OneOrMore[str] = Field(
        min_length=1,
        description="A template; of several, those that have a value are joined.",
    )
    join: str = Field(", ", description="What stands between several templates.")
    find: Pattern | None = Field(
        None,
        description="A regular expression: each match is a value, or its first group.",
    )
    split: str | None = Field(None, min_length=1, description="What stands between several values.")
    words: dict[Pattern, str] = Field(
        default_factory=dict,
        description="Values by regular expressions: the first one that is found decides. "
        "None: a fault.",
    )
    lookup: str | None = Field(
        None, description="The look-up table that has the result by the value."
    )
    unlisted: Literal["fault", "keep"] = Field(
        "fault", description="What a value is that the look-up table does not have."
    )
    dates: OneOrMore[str] = Field(
        (),
        description="Formats of dates, as of `strptime`, or `edtf`; the result is a date in EDTF.",
    )
    case: Literal["lower", "upper"] | None = Field(None, description="Lower or upper case.")
    cut: int | None = Field(
        None, ge=20, description="The most characters: a longer text ends with an ellipsis."
    )

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """The templates with their placeholders."""
        return tuple(Template.read(text) for text in self.text)

    @cached_property
    def column(self) -> str:
        """The first column that it is made of; empty for plain text."""
        names = [name for template in self.templates for name in template.names]
        return names[0] if names else ""

    @cached_property
    def plain(self) -> bool:
        """Whether nothing is done with the text of the template."""
        return not (self.model_fields_set - {"text", "by", "unknown"})

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What `find` looks for."""
        return re.compile(self.find or "")

    @cached_property
    def patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """The expressions of `words` with their values."""
        return tuple((re.compile(pattern), value) for pattern, value in self.words.items())


class Reference(Value):
    """The entities in a role, by their ids or by their names."""

    by: Literal["id", "name"] = Field(
        "id", description="Whether the values are ids, or names of entities of this import."
    )
    unknown: Literal["fault", "leave-out"] = Field(
        "fault",
        description="What a value is that no entity has: a fault, or the claim is left out and "
        "counted.",
    )


_Value = Annotated[Value, BeforeValidator(_as_text)]
_Reference = Annotated[Reference, BeforeValidator(_as_text)]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


#: Columns with the values that a row must have there: one of them in each.
Condition = dict[str, OneOrMore[str]]


class Block(Record):
    """What entities and claims of a mapping share."""

    each: dict[str, _Value] = Field(
        default_factory=dict,
        description="Names for single values of the row: the block is done once for each, or for "
        "each combination. A value may be a mapping of JSON or XML with values of its own.",
    )
    only: Condition = Field(
        default_factory=dict, description="What a row, or a single value of it, must have."
    )
    unless: Condition = Field(
        default_factory=dict, description="What a row, or a single value of it, must not have."
    )


class NameMapping(Record):
    """Names of an entity."""

    text: _Value = Field(description="The name; each value is one.")
    kind: _Value = Field(Value(text=("short",)), description="The kind of name.")
    lang: _Value | None = Field(
        None, description="Its language. None: that of its script in `languages`."
    )


class IdentifierMapping(Record):
    """What a register calls an entity."""

    scheme: _Value = Field(description="The register.")
    value: _Value = Field(description="What it calls the entity; each value is one.")


def _as_name(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


class EntityMapping(Block):
    """An entity that a row describes, or a part of one that another row describes."""

    id: _Value = Field(description="Its id, of key columns; it is written as a slug.")
    type: _Value | None = Field(
        None, description="Its type. None: the row adds to an entity that another one describes."
    )
    names: Annotated[
        tuple[Annotated[NameMapping, BeforeValidator(_as_name)], ...], BeforeValidator(_as_list)
    ] = Field((), description="Its names; the first one is its label.")
    description: _Value | None = Field(None, description="One or two sentences.")
    identifiers: tuple[IdentifierMapping, ...] = Field((), description="What registers call it.")
    urls: _Value | None = Field(None, description="Its web addresses.")
    country: _Value | None = Field(
        None,
        description="The code of its country. Where rows differ, it has none.",
    )
    tags: tuple[str, ...] = Field((), description="Slugs by which editors sort entities.")
    only_named: bool = Field(
        False, description="Whether it is left out where no claim of this edition names it."
    )


class PeriodMapping(Record):
    """When a claim was true: a date, or a period."""

    at: _Value | None = Field(None, description="A date, in EDTF.")
    start: _Value | None = Field(None, description="When it began.")
    end: _Value | None = Field(None, description="When it ended.")
    goes_on: bool = Field(
        True, description="Whether a period without an end goes on; otherwise it is unknown."
    )


def _as_period(value: Any) -> Any:
    plain = isinstance(value, str) or (isinstance(value, dict) and "text" in value)
    return {"at": value} if plain else value


class QuantityMapping(Record):
    """A number with a unit."""

    number: _Value | None = Field(None, description="The number.")
    unit: _Value = Field(description="The unit.")
    qualifier: _Value = Field(Value(text=("exactly",)), description="How exact the number is.")


class ClaimMapping(Block):
    """A claim that a row makes."""

    predicate: _Value = Field(description="What is claimed.")
    roles: dict[str, Annotated[tuple[_Reference, ...], BeforeValidator(_as_list)]] = Field(
        description="Who is in each role. `from` and `to` are the ends of the predicate's first "
        "tie."
    )
    details: dict[str, _Value] = Field(default_factory=dict, description="Plain words, by detail.")
    when: Annotated[PeriodMapping | None, BeforeValidator(_as_period)] = Field(
        None, description="When it was true."
    )
    modality: _Value = Field(Value(text=("stated",)), description="How it is meant.")
    polarity: _Value | None = Field(None, description="Whether it is denied.")
    likelihood: _Value | None = Field(None, description="How likely the source calls it.")
    confidence: _Value | None = Field(None, description="How sure the source says that it is.")
    quantity: QuantityMapping | None = Field(None, description="A number with a unit.")
    said_by: Annotated[tuple[_Reference, ...], BeforeValidator(_as_list)] = Field(
        (), description="The chain after the source."
    )
    summary: _Value = Field(description="One sentence.")
    note: _Value | None = Field(None, description="What a reader should know.")

    @model_validator(mode="after")
    def _fits_its_predicate(self) -> ClaimMapping:
        name = self.predicate.text[0]
        if PLACEHOLDER.search(name) or self.predicate.lookup or self.predicate.words:
            return self
        if name not in ONTOLOGY.predicates:
            near = ONTOLOGY.predicates_like(name) or [nearest(name, ONTOLOGY.predicates)]
            raise PydanticCustomError(
                "mapping",
                "unknown predicate {name}. Did you mean {near}?",
                {"name": repr(name), "near": repr(near[0])},
            )
        predicate = ONTOLOGY.predicates[name]
        for what, names, known in (
            ("role", self.roles, {*predicate.roles, *ENDS}),
            ("detail", self.details, set(predicate.details)),
        ):
            for unknown in sorted(names.keys() - known):
                raise PydanticCustomError(
                    "mapping",
                    "{predicate} has no {what} {name}. It has {known}",
                    {
                        "predicate": repr(name),
                        "what": what,
                        "name": repr(unknown),
                        "known": ", ".join(sorted(known)) or "none",
                    },
                )
        return self


class SourceMapping(Record):
    """The document that a file is: its rows are the paragraphs that evidence points to."""

    id: Id | None = Field(
        None, description="Its id, which gets the day of the edition. None: the name of the file."
    )
    kind: SourceKindName | None = Field(None, description="The kind of document.")
    title: Line | None = Field(None, description="Its title. None: the name of the file.")
    publisher: Line | None = Field(None, description="Who published it: the id of an entity.")
    published: EdtfText | None = Field(None, description="When it came out.")
    url: Url | None = Field(None, description="Where it can be read.")
    lang: str | None = Field(
        None, pattern=r"^[a-z]{2,3}$", description="Its language, as an ISO 639 code."
    )
    description: Prose | None = Field(None, description="What else is known about it.")


class Table(Record):
    """The rows of one file, or of one list in it."""

    name: Id = Field(description="Its name, by which `NAME=FILE` gives it a file.")
    file: OneOrMore[str] = Field(("*",), description="What the name of its file looks like.")
    format: Format | None = Field(None, description="Its format. None: by the end of its name.")
    encoding: str = Field("utf-8", description="The encoding of a text file.")
    delimiter: str | None = Field(
        None, min_length=1, max_length=1, description="What stands between two cells."
    )
    columns: tuple[str, ...] = Field(
        (), description="The names of the columns, where the file has no line with them."
    )
    optional_columns: OneOrMore[str] = Field(
        (), description="Columns that the mapping names and a file need not have."
    )
    records: str = Field(
        "",
        description="Where the rows are: keys of JSON, elements of XML, a sheet, `node` or `edge`.",
    )
    optional: bool = Field(False, description="Whether it may be missing.")
    empty: OneOrMore[str] = Field((), description="Cells that stand for no value.")
    leave_out: dict[str, Condition] = Field(
        default_factory=dict,
        description="Rows to leave out, by what they are. A condition without columns is for all.",
    )
    ignore: OneOrMore[str] = Field((), description="Columns that nothing is taken from.")
    source: SourceMapping = Field(
        SourceMapping(), description="What its file has otherwise than `source` of the mapping."
    )
    entities: tuple[EntityMapping, ...] = Field((), description="The entities of a row.")
    claims: tuple[ClaimMapping, ...] = Field((), description="The claims of a row.")


class ListMapping(Record):
    """A mapping: the files of one list or graph, and what becomes of their rows."""

    title: Line = Field(description="What it takes in.")
    dataset: DatasetRecord | None = Field(
        None, description="The record of the data set. None: the name of its folder."
    )
    source: SourceMapping = Field(SourceMapping(), description="What the files are.")
    languages: dict[str, str] = Field(
        default_factory=dict,
        description="The language of names by their script: `Arab: fa`. Another one is `und`.",
    )
    lookups: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="Look-up tables. A value that becomes nothing has an empty text in quotes.",
    )
    entities: tuple[Entity, ...] = Field(
        (), description="Entities that no row describes, such as the one that keeps the list."
    )
    tables: tuple[Table, ...] = Field(min_length=1, description="The files, and what is in them.")

    @model_validator(mode="before")
    @classmethod
    def _with_countries(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("lookups", {}), dict):
            return data
        lookups = data.get("lookups", {})
        own = lookups.get(COUNTRIES, {})
        table = {**country_names(), **own} if isinstance(own, dict) else own
        return {**data, "lookups": {**lookups, COUNTRIES: table}}

    @model_validator(mode="after")
    def _has_its_lookups(self) -> ListMapping:
        for value in self.values():
            if value.lookup and value.lookup not in self.lookups:
                raise PydanticCustomError(
                    "mapping", "there is no look-up table {name}", {"name": repr(value.lookup)}
                )
        return self

    def values(self) -> Iterator[Value]:
        """Yield every value in it."""
        for table in self.tables:
            for block in (*table.entities, *table.claims):
                yield from block_values(block)


def block_values(record: Any) -> Iterator[Value]:
    """Yield every value in a part of a mapping."""
    if isinstance(record, Value):
        yield record
    elif isinstance(record, Record):
        for name in type(record).model_fields:
            yield from block_values(getattr(record, name))
    elif isinstance(record, Mapping):
        for item in record.values():
            yield from block_values(item)
    elif isinstance(record, tuple):
        for item in record:
            yield from block_values(item)


@cache
def country_names() -> dict[str, str]:
    """Return the codes of ISO 3166-1 by English names of countries."""
    text = (files("graph.exchange") / "countries.yaml").read_text(encoding="utf-8")
    names: dict[str, str] = yaml.load(text, Loader=yaml.BaseLoader)
    return names


def shipped() -> dict[str, str]:
    """Return the texts of the mappings that come with the program, by their names."""
    folder = files("graph.exchange") / "mappings"
    return {
        item.name.removesuffix(".yaml"): item.read_text(encoding="utf-8")
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name.endswith(".yaml")
    }


def read_mapping(name: str) -> ListMapping:
    """Return a shipped mapping by its name, or one from a file.

    Raises `InputError` if there is none, and `DatasetFaults` with everything that is wrong in it.
    """
    texts = shipped()
    if name in texts:
        return parse_mapping(texts[name], name)
    try:
        return parse_mapping(Path(name).read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(
            f"{shorten(name)} is no mapping: {reason}. Shipped ones: {', '.join(texts)}."
        ) from error


def parse_mapping(text: str, name: str) -> ListMapping:
    """Return a mapping from its text. Raises `DatasetFaults` with everything that is wrong."""
    root, text_faults = compose(text)
    if text_faults or not isinstance(root, yaml.MappingNode):
        text_faults = text_faults or [TextFault(1, 1, "the file is not a mapping of fields")]
        raise DatasetFaults(
            [Fault(name, f.line, f.column, "", "", f.value, f.message, f.hint) for f in text_faults]
        )
    try:
        return ListMapping.model_validate(values(root))
    except ValidationError as error:
        raise DatasetFaults(list(_faults(error, name, root))) from error


def _faults(error: ValidationError, name: str, root: yaml.Node) -> Iterable[Fault]:
    for problem in problems(error, ListMapping):
        line, column = locate(root, problem.path, problem.on_key)
        field = ".".join(str(p + 1 if isinstance(p, int) else p) for p in problem.path)
        yield Fault(
            name, line, column, "", field, shorten(problem.value), problem.message, problem.hint
        )
