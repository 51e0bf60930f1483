"""The check of claims, one by one, against the entities, the sources and the texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from graph import dates
from graph.dataset.days import calendar
from graph.dataset.files import FieldPath, Quotation, RawRecord
from graph.dataset.report import Problem
from graph.dataset.scopes import ARTICLES, SPEAKERS, Scope
from graph.errors import BadText
from graph.faults import WarningKind
from graph.model import Claim, Locator
from graph.model.fields import SLUG
from graph.ontology import ONTOLOGY
from graph.text import Text, TextStore, digest, passage

#: The types that can fill a role, by predicate and role.
_FILLERS = {
    name: {role: ONTOLOGY.fillers[name, role] for role in predicate.roles}
    for name, predicate in ONTOLOGY.predicates.items()
}
#: Claims of these modalities may be about a day after the one on which their source appeared.
_ABOUT_THE_FUTURE = frozenset(("planned", "predicted", "recommended"))
#: A source that goes no further than this does not state a thing as a fact.
_UNSURE = frozenset(("unlikely", "possible"))
#: Texts in memory. Claims of one source are mostly together; a text may have megabytes.
_MAX_TEXTS = 8


class ClaimCheck:
    """Checks claims one by one against the entities, the sources and the texts."""

    def __init__(self, evidence: EvidenceCheck | None) -> None:
        self._evidence = evidence

    def problems(
        self, claim: Claim, scope: Scope, quotations: Sequence[Quotation] = ()
    ) -> list[Problem]:
        """Return everything in which a claim disagrees with the other records.

        `quotations` are the words of its source that no locator pins yet.
        """
        problems = self.problems_of_links(claim, scope)
        if not (claim.evidence or quotations):
            message = "no evidence: nobody can look up where the source says so"
            problems.append(Problem((), "", message, kind="no-evidence"))
        for quotation in quotations:
            path, message = (
                ("evidence", quotation.number),
                "the words are not pinned to their place",
            )
            hint = "`sightlines text pin FILE` does that; until then the claim has no evidence."
            problems.append(Problem(path, quotation.words, message, hint, kind="unpinned"))
        if _affirms_in_doubt(claim):
            message = f"the source calls it {claim.likelihood}, and the claim states it as a fact"
            hint = "Its ties do as well. Check the modality: 'opinion' draws none, or 'alleged'."
            # Whoever thinks it possible may still say it; whoever thinks it unlikely does not.
            kind: WarningKind | None = "unsure" if claim.likelihood == "possible" else None
            problem = Problem(("likelihood",), str(claim.likelihood), message, hint, kind=kind)
            problems.append(problem)
        source = scope.sources.get(claim.source)
        if source is not None:
            out_by = min(source.out_by, date.today())
            if claim.when is not None and (odd := calendar(("when",), claim.when, out_by)):
                problems.append(odd)
            elif claim.when is not None and _is_after(claim, out_by):
                message = (
                    f"the date is later than the source, which was out by {source.out_by}"
                    if source.out_by < dates.NEVER
                    else "the date is yet to come"
                )
                hint = "Check the year, or the modality if the source speaks of the future."
                problems.append(Problem(("when",), claim.when, message, hint, kind="late-date"))
            if claim.evidence and source.text_sha256 is None:
                scope.index.unverifiable.add(claim.source)
            elif self._evidence is not None and source.text_sha256 is not None:
                problems += self._evidence.problems(claim, source.text_sha256)
        return problems

    def problems_of_links(self, claim: Claim, scope: Scope) -> list[Problem]:
        """Return the problems of the ids in a claim."""
        return self._links(claim.source, claim.predicate, claim.roles, claim.said_by, scope)

    def problems_of_faulty(self, raw: RawRecord, scope: Scope) -> list[Problem]:
        """Return the problems of the ids in a faulty claim, as far as they have the form of ids."""
        values = raw.values()
        source, roles = _ids(values.get("source")), values.get("roles")
        return self._links(
            source[0] if source else "",
            str(values.get("predicate")),
            {role: _ids(ids) for role, ids in roles.items()} if isinstance(roles, dict) else {},
            _ids(values.get("said_by")),
            scope,
        )

    def _links(
        self,
        source: str,
        predicate: str,
        roles: Mapping[str, Sequence[str]],
        said_by: Sequence[str],
        scope: Scope,
    ) -> list[Problem]:
        """Return a problem for each id that no record has, or one of the wrong kind."""
        problems: list[Problem] = []
        types, unused = scope.types, scope.index.unused
        unused.discard(source)
        if source and source not in scope.sources:
            problems += _missing(scope, ("source",), source, "source")
        fillers = _FILLERS.get(predicate, {})
        for role, ids in roles.items():
            allowed = fillers.get(role)
            for number, entity_id in enumerate(ids):
                unused.discard(entity_id)
                type_ = types.get(entity_id)
                if allowed is not None and type_ in allowed:
                    continue
                path = ("roles", role, number)
                if type_ is not None:
                    if allowed is not None:
                        message = f"{entity_id!r} is of type {type_}, which cannot be {role!r} here"
                        hint = f"It takes {list_types(allowed)}."
                        problems.append(Problem(path, entity_id, message, hint))
                elif entity_id not in types:
                    problems += _missing(scope, path, entity_id, "entity")
        # The first link is the source.
        for number in range(1, len(said_by)):
            link = said_by[number]
            unused.discard(link)
            if not scope.can_speak(link):
                problems += _mute(scope, ("said_by", number), link)
        return problems


def _missing(scope: Scope, path: FieldPath, record_id: str, kind: str) -> Iterator[Problem]:
    other = "source" if kind == "entity" else "entity"
    others = scope.sources if kind == "entity" else scope.types
    if record_id in others:
        yield Problem(path, record_id, f"{record_id!r} is {ARTICLES[other]}, not {ARTICLES[kind]}")
    else:
        yield from scope.missing(path, record_id, kind)


def _mute(scope: Scope, path: FieldPath, link: str) -> Iterator[Problem]:
    type_ = scope.types.get(link)
    if type_:
        message = f"{link!r} is of type {type_}, which cannot say anything"
        hint = f"A chain takes sources and {list_types(SPEAKERS, 'and')}."
        yield Problem(path, link, message, hint)
    else:
        yield from scope.missing(path, link, "speaker")


def _affirms_in_doubt(claim: Claim) -> bool:
    """Whether a claim states as a fact, by its ties, what its source thinks at most possible."""
    return (
        claim.likelihood in _UNSURE
        and claim.modality == "stated"
        and claim.polarity == "affirmed"
        and bool(ONTOLOGY.predicates[claim.predicate].ties)
    )


def _is_after(claim: Claim, out_by: date) -> bool:
    """Whether a claim is surely about a later day than this one, without being meant to."""
    if claim.when is None or claim.modality in _ABOUT_THE_FUTURE:
        return False
    first = dates.parse(claim.when).first
    return first is not None and first > out_by


def _ids(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str) and re.match(SLUG, item)]


def list_types(types: Sequence[str] | frozenset[str], word: str = "or") -> str:
    """Types in the order of the ontology: `State, Company or Person`."""
    ordered = [name for name in ONTOLOGY.types if name in types]
    return f" {word} ".join(filter(None, (", ".join(ordered[:-1]), ordered[-1])))


class EvidenceCheck:
    """Checks locators against a text store. Texts that the store does not have are ignored."""

    def __init__(self, texts: TextStore) -> None:
        self._texts = texts
        self._get = lru_cache(_MAX_TEXTS)(self._read)

    def _read(self, sha256: str) -> Text | str | None:
        """Return a text, None if the store does not have it, or what is wrong with its file."""
        try:
            return self._texts.get(sha256)
        except BadText as error:
            return str(error)

    def problems(self, claim: Claim, text_sha256: str) -> Iterator[Problem]:
        """Yield each locator that does not fit the text of the claim's source."""
        text = self._get(text_sha256)
        if isinstance(text, str):
            yield Problem(("evidence",), "", "the text of the source cannot be used", text)
        elif text is not None:
            for number, locator in enumerate(claim.evidence):
                yield from _passage_problems(text, locator, number)


def _passage_problems(text: Text, locator: Locator, number: int) -> Iterator[Problem]:
    path = ("evidence", number)
    try:
        actual = digest(passage(text, locator.paragraph, locator.start, locator.end))
    except BadText as error:
        yield Problem(path, "", "the passage lies outside the text", str(error))
        return
    if actual != locator.sha256:
        message = "the passage has another hash: the text differs, or the locator is wrong"
        yield Problem((*path, "sha256"), locator.sha256, message, f"Its hash is {actual}.")
