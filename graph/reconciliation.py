"""Entities that a name in a table may mean, by the rules that propose pairs (`graph.same`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from graph.model import Entity, Identifier, Name
from graph.model.entity import script_of
from graph.same import Comparison, compare, profile

#: What a type means for a candidate: it has to have one of them (`any`), all of them (`all`;
#: an entity has one type), or is better with one of them (`should`). As the standard has it.
TypeStrict = Literal["any", "all", "should"]
#: What another type costs where types are no condition.
_OTHER_TYPE = 0.1


@dataclass(frozen=True, slots=True)
class ReconciliationQuery:
    """A name that stands for an entity, and what narrows it.

    `countries` are codes of ISO 3166-1. An identifier is its value alone, or with its register
    before it.
    """

    name: str = ""
    types: tuple[str, ...] = ()
    type_strict: TypeStrict = "any"
    countries: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    limit: int = 10

    def admits(self, entity: Entity) -> bool:
        """Whether an entity is of a type that was asked for."""
        if self.type_strict == "all":
            return all(entity.type == name for name in self.types)
        return self.type_strict == "should" or not self.types or entity.type in self.types

    def names_identifier(self, identifier: Identifier) -> bool:
        """Whether an identifier is among those of the query."""
        texts = {identifier.value, str(identifier), f"{identifier.scheme}:{identifier.value}"}
        return not {t.casefold() for t in texts}.isdisjoint(t.casefold() for t in self.identifiers)


@dataclass(frozen=True, slots=True)
class MergedEntity:
    """An entity with all its names and identifiers, those of merged entities among them."""

    entity: Entity
    names: tuple[Name, ...]
    identifiers: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be meant. `certain`: nobody need look at it."""

    entity: Entity
    comparison: Comparison
    score: float
    same_type: bool | None
    certain: bool = False


def candidates(
    query: ReconciliationQuery, entities: Iterable[MergedEntity], *, complete: bool
) -> list[Candidate]:
    """Return the entities that a query may mean, the best first.

    `complete` says that every entity with the name is among them. One is certain if it alone has
    the name or the identifier, is of the type asked for, and no other value of the query differs.
    """
    ranked = [_candidate(query, each) for each in entities if query.admits(each.entity)]
    ranked.sort(key=lambda candidate: (-candidate.score, candidate.entity.id))
    named = [c for c in ranked if c.comparison.exact or c.comparison.same_identifier]
    result = ranked[: query.limit]
    if complete and len(named) == 1 and result[:1] == named and _agrees(query, named[0]):
        best = named[0]
        result[0] = Candidate(best.entity, best.comparison, best.score, best.same_type, True)
    return result


def _agrees(query: ReconciliationQuery, candidate: Candidate) -> bool:
    """Whether a name is the same, the type is one asked for, and no value of the query differs."""
    comparison = candidate.comparison
    return (
        (comparison.exact or not query.name)
        and candidate.same_type is True
        and comparison.same_identifier is not False
        and comparison.same_country is not False
        and not candidate.entity.described
    )


def _candidate(query: ReconciliationQuery, merged: MergedEntity) -> Candidate:
    entity = merged.entity
    # Not validated: any text may stand in a table.
    text = query.name
    names = [Name.model_construct(text=text, script=script_of(text), kind="short")] if text else []
    same = [each for each in merged.identifiers if query.names_identifier(each)]
    comparison = compare(
        profile(names, same, _country(query.countries, entity.country)),
        profile(merged.names, merged.identifiers, entity.country),
    )
    if query.identifiers and merged.identifiers and not same:
        comparison = comparison._replace(same_identifier=False)
    same_type = entity.type in query.types if query.types else None
    score = max(comparison.score - (_OTHER_TYPE if same_type is False else 0.0), 0.0)
    return Candidate(entity, comparison, score, same_type)


def _country(countries: Sequence[str], country: str | None) -> str | None:
    """Return the country to compare with: that of the entity if it is among several."""
    return country if country in countries else next(iter(countries), None)
