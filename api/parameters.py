"""The parameters that reads, lists and files share, and what is refused for all.

Each route has one model of its parameters. A second query model, or a loose `Query` beside one,
would make every request 422: FastAPI checks each model against all parameters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Self, get_args, get_origin

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from api.patterns import COUNTRY, HASH, LANGUAGE, MONTH
from graph.dates import parse_day, parse_first_day
from graph.errors import BadDate
from graph.queries.moment import Moment
from graph.queries.search import ReferenceKind


def _by(parse: Callable[[str], date]) -> BeforeValidator:
    def day(value: object) -> object:
        if isinstance(value, date):
            return value
        try:
            return parse(value)  # type: ignore[arg-type]  # which refuses what is no text
        except BadDate as error:
            raise PydanticCustomError("date", "{reason}", {"reason": error.reason}) from error

    return BeforeValidator(day)


#: As it is written: a whole date, a month, or a year.
DAYS: list[JsonDict] = [
    {"type": "string", "format": "date"},
    {"type": "string", "pattern": MONTH},
]
#: The last day of what is written, and the first.
Day = Annotated[date, _by(parse_day), WithJsonSchema({"anyOf": [*DAYS]}, mode="validation")]
FirstDay = Annotated[
    date, _by(parse_first_day), WithJsonSchema({"anyOf": [*DAYS]}, mode="validation")
]


SnapshotId = Annotated[str, Field(pattern=HASH)]


class Nothing(BaseModel):
    """A route that takes no parameter refuses every one."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _plain_number(cls, value: object, field: ValidationInfo) -> object:
        """Refuse `1_0`, `+1` and `1.0`, which Python reads as numbers and nobody else does."""
        numbers = (int, int | None)
        is_number = cls._type_of(field.field_name) in numbers
        if is_number and isinstance(value, str) and not re.fullmatch("-?[0-9]+", value):
            raise PydanticCustomError("number", "it is a whole number, such as 10")
        return value

    @classmethod
    def _type_of(cls, name: str | None) -> object:
        return cls.model_fields[name].annotation if name else None


class Read(Nothing):
    """What every read of the graph takes."""

    snapshot: SnapshotId | None = Field(
        None, description="Answer from this snapshot only: 409 if it is not the current one."
    )
    seen_in: SnapshotId | None = Field(
        None,
        description="The snapshot that a link was made from; the answer is today's, and says what "
        "has changed since.",
    )
    lang: str = Field(
        "en",
        pattern=LANGUAGE,
        description="Language of labels (ISO 639); where there is no such name, the usual one.",
    )


class GraphRead(Read):
    """The three parameters of time (api.md, section 2)."""

    as_of: Day | None = Field(None, description="The world at the end of that day: 2015, 2015-03.")
    known_by: Day | None = Field(None, description="Only claims whose source was out by then.")
    certain: bool = Field(False, description="Leave out what only possibly held or was known.")

    @property
    def moment(self) -> Moment:
        """The three of them as one value."""
        return Moment(self.as_of, self.known_by, self.certain)


async def refuse_repeated(request: Request) -> None:
    """Refuse a single-valued parameter that is given twice: otherwise the last one would win.

    A coroutine, as what need not wait should be: FastAPI sends functions through a thread.
    """
    counts = Counter(name for name, _ in request.query_params.multi_items())
    again = [name for name, count in counts.items() if count > 1]
    lists = _lists(request) if again else set()
    twice = [name for name in again if name not in lists]
    if twice:
        raise RequestValidationError(
            [
                {"type": "repeated", "loc": ("query", n), "msg": "Give it once", "input": None}
                for n in twice
            ]
        )


def _lists(request: Request) -> set[str]:
    """The names of the parameters of a request's route that may have several values."""
    names: set[str] = set()
    for parameter in getattr(request.scope["route"], "dependant").query_params:  # noqa: B009
        fields = getattr(parameter.field_info.annotation, "model_fields", {})
        names |= {f.alias or n for n, f in fields.items() if get_origin(f.annotation) is list}
    return names


#: Rows that a file has at most; what is larger is ready-made (api.md, section 5).
LONGEST_FILE = 200_000


def vocabulary(name: str, values: Iterable[str]) -> Any:
    """Return a closed vocabulary as a type: a named schema, whose misspellings are told."""
    return TypeAliasType(name, Literal[tuple(values)])


def either_way(keys: Iterable[str]) -> list[str]:
    """Return each key of an order, upwards and downwards."""
    return [sign + key for key in keys for sign in ("", "-")]


def shown_fields(model: type[BaseModel]) -> list[str]:
    """Return the names that the fields of a record have in an answer."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _split(value: object) -> object:
    """Take `a,b` for what `a` and `b` given one by one would be."""
    if not isinstance(value, list):
        return value
    return [part for item in value for part in str(item).split(",")]


#: For lists of words that may stand in one value, joined by commas.
Commas = BeforeValidator(_split)


@dataclass(frozen=True, slots=True)
class Names:
    """What the values of a parameter name; one that names nothing is told with the nearest."""

    kind: ReferenceKind | Literal["dataset"]
    #: Whether a value has another name and a colon before it.
    after_colon: bool = False


EntityIds = Annotated[list[str], Field(max_length=100), Commas, Names("entity")]
SourceIds = Annotated[list[str], Field(max_length=100), Commas, Names("source")]
SpeakerIds = Annotated[list[str], Field(max_length=100), Commas, Names("speaker")]
ClaimIds = Annotated[list[str], Field(max_length=100), Commas, Names("claim")]
Publishers = Annotated[list[str], Field(max_length=100), Names("publisher")]
DatasetIds = Annotated[list[str], Field(max_length=100), Commas, Names("dataset")]
Countries = Annotated[
    list[Annotated[str, Field(pattern=COUNTRY, examples=["IR"])]],
    Field(max_length=100),
    Commas,
    Names("country"),
]
Identifiers = Annotated[list[str], Field(max_length=100), Names("identifier")]

Limit = Annotated[int, Field(ge=0, le=500, description="0 gives the totals only.")]
#: A least number; one that Neo4j's integers cannot hold is refused.
Least = Annotated[int, Field(ge=0, le=1_000_000_000)]
CursorText = Annotated[str, Field(max_length=2_000, description="From `next`; opaque.")]
SORT = "Keys, the first one foremost; `-` turns one around. A day that is not known is the latest."
FIELDS = "Only these fields of each record."
INCLUDE = "Records that these name, under `included`: 1,000 at most, and a notice beyond."
INFERRED = (
    "Whether every claim that affirms a tie leaves one of its ends to a reading of the editors."
)
FIRST_FROM = "Only what began on that day or later; what has no known day is left out."
LAST_TO = "Only what ended by that day; what has no known day is left out."
RECORDED_SINCE = "Only what was recorded on that day or later."
DATASET = "Ids of data sets: what one of them has."
FACET = "Count the values of these; each count leaves out the filter of the same name."


class Negation(GraphRead):
    """Filters that records may not pass, each written as the filter and a value."""

    negation: list[str] = Field(
        [],
        alias="not",
        max_length=100,
        description="A filter with several values, and one that leaves records out: "
        "`status:alleged`.",
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Describe in the document of the API which filters can be negated, with which values."""
        values = [f"{name}:{_pattern(field)}" for name, field in cls._filters().items()]
        items: JsonDict = {"type": "string", "pattern": f"^({'|'.join(values)})$"}
        cls.model_fields["negation"].json_schema_extra = {"items": items}

    @classmethod
    def _filters(cls) -> dict[str, FieldInfo]:
        """Return the filters that can be negated, those with several values, by their names."""
        return {
            field.alias or name: field
            for name, field in cls.model_fields.items()
            if get_origin(field.annotation) is list and name not in _NO_FILTERS
        }

    @field_validator("negation")
    @classmethod
    def _valid(cls, values: list[str]) -> list[str]:
        for value in values:
            name, _, what = value.partition(":")
            if name not in (filters := cls._filters()) or not what:
                reason = f"it is written filter:value, of {', '.join(filters)}"
                raise PydanticCustomError("not", "{reason}", {"reason": reason})
            try:
                cls.model_validate({name: [what]})
            except ValidationError as error:
                reason = f"{value!r}: {error.errors()[0]['msg']}"
                raise PydanticCustomError("not", "{reason}", {"reason": reason}) from error
        return values

    def negated(self) -> Iterator[Self]:
        """Yield the parameters that stand for each negated filter, with its values alone."""
        values: dict[str, list[str]] = {}
        for each in self.negation:
            name, _, value = each.partition(":")
            values.setdefault(name, []).append(value)
        for name, texts in values.items():
            yield type(self).model_validate({name: texts})

    def references(self) -> Iterator[tuple[str, ReferenceKind | Literal["dataset"], str]]:
        """Yield the values that name something: the parameter, what kind it names, and the id."""
        for name, field in type(self).model_fields.items():
            for names in (each for each in field.metadata if isinstance(each, Names)):
                for value in getattr(self, name):
                    what = value.partition(":")[2] if names.after_colon else value
                    yield field.alias or name, names.kind, what
        for negated in self.negated():
            yield from (("not", kind, value) for _, kind, value in negated.references())


def _pattern(field: FieldInfo) -> str:
    """Return the pattern of one value of a list."""
    (item,) = get_args(field.annotation)
    schema = TypeAdapter(item).json_schema()
    if "enum" in schema:
        return f"({'|'.join(schema['enum'])})"
    return str(schema.get("pattern", ".+")).removeprefix("^").removesuffix("$")


#: Parameters with several values that choose no records.
_NO_FILTERS = ("negation", "sort", "fields", "facet", "include")


class Part(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: Limit = 50
    cursor: CursorText | None = None


class Complete(BaseModel):
    """How much of a file: all of it, unless less is asked for."""

    model_config = ConfigDict(extra="forbid")

    limit: int | None = Field(
        None, ge=1, le=LONGEST_FILE, description="None: all rows, and a problem if too many."
    )


class Excel(BaseModel):
    """What a table for a spreadsheet may be."""

    model_config = ConfigDict(extra="forbid")

    excel: bool = Field(False, description="Add a BOM and disarm cells that start with = + - @.")
