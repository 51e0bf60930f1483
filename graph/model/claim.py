"""Claims: one thing that one source says. See domain.md, "The claim"."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Generic, NamedTuple, TypeVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError, to_json

from graph.model.fields import (
    ClaimId,
    ConfidenceName,
    Day,
    EdtfText,
    FieldName,
    Id,
    LikelihoodName,
    Line,
    ModalityName,
    OneOrMore,
    PolarityName,
    PredicateName,
    Prose,
    QualifierName,
    Sha256,
)
from graph.model.record import Record, Storage
from graph.ontology import ONTOLOGY

#: How a claim refers to another record.
Ref = TypeVar("Ref")


class Quantity(Record):
    """A number with a unit. An unknown number ("several billion USD") has the unit alone."""

    number: float | None = Field(
        None, allow_inf_nan=False, description="The number. None: not said."
    )
    unit: Line = Field(description="What is counted or measured, in the source's unit.")
    qualifier: QualifierName = Field(
        "exactly", description="How exact the number is; without a number it says nothing."
    )


class Locator(Record):
    """Where a passage stands in the normal form of a source's text."""

    paragraph: int = Field(ge=1, description="1 is the first non-empty line.")
    start: int = Field(ge=0, description="Code points from the paragraph's beginning.")
    end: int = Field(ge=1, description="Code points; the first one that does not belong to it.")
    sha256: Annotated[Sha256, Storage("evidence_sha256")] = Field(
        description="SHA-256 of the passage in UTF-8."
    )

    @model_validator(mode="after")
    def _runs_forward(self) -> Locator:
        if self.end <= self.start:
            raise PydanticCustomError(
                "locator",
                "the passage ends at {end}, before it starts at {start}",
                {"start": self.start, "end": self.end},
            )
        return self


class Retraction(Record):
    """Why and since when a claim no longer counts."""

    on: Day = Field(description="The day from which the claim no longer counts.")
    reason: Prose = Field(description="Why it no longer counts.")


class Misfit(NamedTuple):
    """One way in which a claim does not fit its predicate."""

    place: tuple[str | int, ...]
    value: str
    message: str
    allowed: tuple[str, ...]


class ClaimFields(Record, Generic[Ref]):
    """What is recorded of a claim: the only list of its fields.

    A claim refers to other records by their ids, an answer of the API by their labels as well.
    """

    predicate: PredicateName = Field(description="What is claimed, as the ontology names it.")
    roles: Annotated[dict[str, OneOrMore[Ref]], Storage(edge=True)] = Field(
        description="The entities in each role."
    )
    details: dict[str, Line] = Field(
        default_factory=dict, description="Plain words that belong to the claim, by detail."
    )
    when: EdtfText | None = Field(
        None, description="When it was true, in EDTF. None: not said.", examples=["2010"]
    )
    when_note: Prose | None = Field(
        None, description="How a relative date was resolved, or why it was not."
    )
    modality: ModalityName = Field(description="How it is meant.")
    polarity: PolarityName = Field(
        "affirmed",
        description="`denied`: the source says that it is not so. `not_found`: it looked and did "
        "not find it, which neither affirms nor denies.",
    )
    likelihood: LikelihoodName | None = Field(
        None, description="How likely the source calls it. None: no such word."
    )
    confidence: ConfidenceName | None = Field(
        None, description="How sure the source says that it is of its judgement. None: not said."
    )
    quantity: Quantity | None = Field(None, description="A number with a unit.")
    source: Annotated[Ref, Storage(edge=True)] = Field(
        description="The document that it was taken from."
    )
    said_by: Annotated[OneOrMore[Ref], Storage(edge=True)] = Field(
        min_length=1,
        description="The attribution chain of sources and entities, outermost first. The first is "
        "the source.",
    )
    evidence: Annotated[tuple[Locator, ...], Storage(column=False)] = Field(
        (), description="Where its passages are in the text of the source."
    )
    summary: Annotated[Prose, Storage(search=True)] = Field(
        description="One sentence in our own words."
    )
    note: Prose | None = Field(
        None, description="What a reader should know: a doubt, the reason of a reading."
    )
    inferred: OneOrMore[FieldName] = Field(
        (),
        description="What the text leaves open and the editors read so: roles of the claim, or "
        "`said_by`, `when`, `modality`, `quantity`. `note` has the reason.",
    )
    recorded_on: Day = Field(
        description="The day on which the claim was written down: bookkeeping, not a fact."
    )
    recorded_by: Line = Field(description="Who wrote it down: a person or a tool.")
    reviewed_by: Line | None = Field(None, description="Who reviewed it.")
    supersedes: Annotated[ClaimId | None, Storage(edge=True)] = Field(
        None, description="Id of the claim that it replaces."
    )
    retracted: Retraction | None = Field(
        None, description="Since when it no longer counts, and why."
    )
    dataset: Id | None = Field(
        None, description="The data set that it belongs to. Files leave it out."
    )


class Claim(ClaimFields[Id]):
    """One thing that one source says, about entities in named roles."""

    @cached_property
    def id(self) -> str:
        """The first 128 bits of SHA-256 over what the claim says, as 32 hexadecimal digits.

        Order in a role does not matter and is not hashed. See domain.md, "The claim".
        """
        content: list[object] = [
            self.source,
            self.predicate,
            # Most roles have one filler and most claims no detail: nothing to sort there.
            [
                [role, ids if len(ids) == 1 else sorted(ids)]
                for role, ids in sorted(self.roles.items())
                if ids
            ],
            sorted(self.details.items()) if self.details else (),
            self.when,
            self.modality,
            self.polarity,
            self.quantity and [self.quantity.number, self.quantity.unit, self.quantity.qualifier],
            self.said_by,
        ]
        if self.likelihood or self.confidence:
            content.append([self.likelihood, self.confidence])
        # Compact JSON in UTF-8, as json.dumps writes it, at half the cost.
        return hashlib.sha256(to_json(content)).hexdigest()[:32]

    @model_validator(mode="after")
    def _fits_its_predicate(self) -> Claim:
        misfits = self.misfits()
        if misfits:
            raise PydanticCustomError(
                "misfit",
                "{text}",
                {"text": "; ".join(m.message for m in misfits), "misfits": misfits},
            )
        return self

    def _misread(self) -> Iterator[Misfit]:
        """Yield what is marked as a reading and is not there, and readings without their reason."""
        readable = [*self.roles, *(name for name in _READABLE if getattr(self, name))]
        for number, name in enumerate(self.inferred):
            if name not in readable:
                text = f"the claim has no {name!r} that could be inferred"
                yield Misfit(("inferred", number), name, text, tuple(readable))
        if self.inferred and not self.note:
            text = "what is inferred needs its reason in 'note'"
            yield Misfit(("inferred",), " ".join(self.inferred), text, ())

    def misfits(self) -> list[Misfit]:
        """Return each way in which it does not fit its predicate; none if it was validated."""
        predicate, roles = ONTOLOGY.predicates[self.predicate], self.roles
        misfits: list[Misfit] = []
        bounds = _BOUNDS[self.predicate]
        for name in sorted(roles.keys() - bounds.keys()):
            misfits.append(_unknown("role", "roles", name, self.predicate, predicate.roles))
        for name, (fewest, most) in bounds.items():
            ids = roles.get(name, ())
            count = len(ids)
            if count < fewest or (most is not None and count > most):
                misfits.append(_miscounted(name, ids, fewest, most, self.predicate))
            if count > 1 and len(set(ids)) < count:
                twice = next(i for i in ids if ids.count(i) > 1)
                text = f"role {name!r} names {twice!r} more than once"
                misfits.append(Misfit(("roles", name), twice, text, ()))
        misfits += self._misread()
        for name in self.details:
            if name not in predicate.details:
                misfits.append(
                    _unknown("detail", "details", name, self.predicate, predicate.details)
                )
        for name, detail in predicate.details.items():
            if detail.required and name not in self.details:
                text = f"{self.predicate!r} needs the detail {name!r}: {detail.help}"
                misfits.append(Misfit(("details",), "", text, ()))
        if predicate.modalities and self.modality not in predicate.modalities:
            text = f"{self.predicate!r} cannot be {self.modality!r}"
            misfits.append(Misfit(("modality",), self.modality, text, predicate.modalities))
        if self.said_by[0] != self.source:
            text = f"the chain starts with {self.said_by[0]!r}, not with its source {self.source!r}"
            misfits.append(Misfit(("said_by", 0), self.said_by[0], text, (self.source,)))
        return misfits


#: The fields, beside roles, that a text may leave to a reading.
_READABLE = ("said_by", "when", "modality", "quantity")

#: The roles of each predicate with the fewest and the most entities, made once: every claim asks.
_BOUNDS = {
    name: {role_name: role.bounds for role_name, role in predicate.roles.items()}
    for name, predicate in ONTOLOGY.predicates.items()
}


def _unknown(
    what: str, field: str, name: str, predicate: str, allowed: Mapping[str, object]
) -> Misfit:
    text = f"{predicate!r} has no {what} {name!r}"
    return Misfit((field, name), name, text, tuple(allowed))


def _miscounted(
    name: str, ids: tuple[str, ...], fewest: int, most: int | None, predicate: str
) -> Misfit:
    count = {(1, 1): "exactly one", (1, None): "at least one", (2, None): "at least two"}.get(
        (fewest, most), "at most one"
    )
    text = f"{predicate!r} needs {count} {name!r}, and has {len(ids) or 'none'}"
    return Misfit(("roles", name) if ids else ("roles",), " ".join(ids), text, ())
