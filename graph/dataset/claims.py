"""What a claim must agree with: the entities and sources that it names, and the text it cites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graph import dates
from graph.dataset.evidence import EvidenceCheck
from graph.dataset.known import Known, Memory
from graph.dataset.node import Path, Problem
from graph.faults import did_you_mean
from graph.model import Claim
from graph.ontology import ONTOLOGY

#: The types that fill a role, by predicate and role.
_FILLERS = {
    name: {role: ONTOLOGY.fillers[name, role] for role in predicate.roles}
    for name, predicate in ONTOLOGY.predicates.items()
}
#: What is meant so may lie after the day on which it was said.
_AHEAD = frozenset(("planned", "predicted", "recommended"))


class ClaimCheck:
    """Checks claims one by one against what is known of the rest of the data set."""

    def __init__(self, memory: Memory, evidence: EvidenceCheck | None) -> None:
        self._memory, self._evidence = memory, evidence
        #: The types of the entities that claims have named: one look-up for each that is named.
        self._named: dict[str, str] = {}

    def fits(self, claim: Claim) -> bool:
        """Say quickly whether `problems` would find nothing; most claims fit. Note what it uses."""
        memory, fillers, named = self._memory, _FILLERS[claim.predicate], self._named
        for role, ids in claim.roles.items():
            allowed = fillers[role]
            for entity_id in ids:
                if (named.get(entity_id) or self._name(entity_id)) not in allowed:
                    return False
        if len(claim.said_by) > 1 and not all(map(self._speaks, claim.said_by[1:])):
            return False
        source = memory.sources.get(claim.source)
        if source is None:
            return False
        memory.unused.discard(claim.source)
        if not claim.evidence:
            return False
        if source.text_sha256 is None:
            memory.unverified.add(claim.source)
        elif self._evidence is not None:
            return False
        return not _is_ahead(claim, source)

    def _name(self, entity_id: str) -> str | None:
        """Note that a claim names an entity, and return its type."""
        self._memory.unused.discard(entity_id)
        type_ = self._memory.types.get(entity_id)
        if type_ is not None:
            self._named[entity_id] = type_
        return type_

    def _speaks(self, link: str) -> bool:
        self._memory.unused.discard(link)
        return self._memory.speaks(link)

    def problems(self, claim: Claim) -> Iterator[Problem]:
        """Yield everything in which a claim disagrees with the rest of the data set."""
        yield from self.references(claim.source, claim.predicate, claim.roles, claim.said_by)
        if not claim.evidence:
            message = "no evidence: nobody can look up where the source says so"
            yield Problem((), "", message, warning=True)
        source = self._memory.sources.get(claim.source)
        if source is not None and _is_ahead(claim, source):
            message = f"the date is later than the source, which was out by {source.out_by}"
            hint = "Check the year, or the modality if the source speaks of the future."
            yield Problem(("when",), claim.when or "", message, hint, warning=True)
        if source is not None and source.text_sha256 and self._evidence is not None:
            yield from self._evidence.problems(claim, source.text_sha256)

    def references(
        self,
        source: str,
        predicate: str,
        roles: Mapping[str, Sequence[str]],
        said_by: Sequence[str],
    ) -> Iterator[Problem]:
        """Yield each id that nothing has, or that cannot stand where it does."""
        if source and source not in self._memory.sources:
            yield from self._dangling(("source",), source, "source")
        for role, ids in roles.items():
            for number, entity_id in enumerate(ids):
                yield from self._filler(predicate, role, number, entity_id)
        # The first link is the source, which was looked up already.
        for number, link in enumerate(said_by[1:], 1):
            if not self._memory.speaks(link):
                yield from self._mute(("said_by", number), link)

    def _filler(self, predicate: str, role: str, number: int, entity_id: str) -> Iterator[Problem]:
        types, path = self._memory.types, ("roles", role, number)
        allowed = ONTOLOGY.fillers.get((predicate, role))
        if entity_id not in types:
            yield from self._dangling(path, entity_id, "entity")
        elif (found := types[entity_id]) and allowed is not None and found not in allowed:
            message = f"{entity_id!r} is of type {found}, which cannot be {role!r} here"
            yield Problem(path, entity_id, message, f"It takes {_either(allowed)}.")

    def _dangling(self, path: Path, wanted: str, kind: str) -> Iterator[Problem]:
        other = "source" if kind == "entity" else "entity"
        others = self._memory.sources if kind == "entity" else self._memory.types
        article = "a" if other == "source" else "an"
        if wanted in others:
            message = f"{wanted!r} is {article} {other}, and no {kind}"
            yield Problem(path, wanted, message)
        elif not self._memory.partial:
            message = f"no {kind} has the id {wanted!r}"
            yield Problem(path, wanted, message, self._memory.hint(wanted, kind == "entity"))

    def _mute(self, path: Path, link: str) -> Iterator[Problem]:
        found = self._memory.types.get(link)
        if found:
            message = f"{link!r} is of type {found}, which cannot say anything"
            hint = f"A chain takes sources and {_either(ONTOLOGY.type_sets['actor'], 'and')}."
            yield Problem(path, link, message, hint)
        elif not self._memory.partial:
            hint = did_you_mean(link, self._memory.speakers())
            yield Problem(path, link, f"no source and no entity has the id {link!r}", hint)


def _is_ahead(claim: Claim, source: Known) -> bool:
    """Whether a claim surely speaks of a day after its source came out, without meaning to."""
    if claim.when is None or claim.modality in _AHEAD:
        return False
    first = dates.parse(claim.when).first
    return first is not None and first > source.out_by


def _either(types: Sequence[str] | frozenset[str], word: str = "or") -> str:
    """Types in the order of the ontology: `State, Company or Person`."""
    ordered = [name for name in ONTOLOGY.types if name in types]
    return f" {word} ".join(filter(None, (", ".join(ordered[:-1]), ordered[-1])))
