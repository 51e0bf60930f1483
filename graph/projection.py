"""From claims to ties: the only place where status, origins, dispute and time are decided.

Pure: no clock, no file, no driver. The order in which claims come does not matter, and the same
claims give the same ties. See domain.md, "From claims to ties".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import combinations, product

from graph import dates
from graph.dates import Match, Window
from graph.model import DENIED, Claim, Judgement, Source, Support, Tie, TieKey
from graph.ontology import ONTOLOGY

#: An entity of this type is a described set of people: it can speak, but it is no named origin.
DESCRIBED = "Group"


def origin(said_by: Sequence[str], types: Mapping[str, str]) -> str:
    """Return the deepest named link of an attribution chain, which is never empty.

    A described group is no named source: a chain that ends in one counts as its last named link.
    `types` gives the type of each entity; ids that it lacks are sources. See domain.md,
    "Independent origins".
    """
    named = (link for link in reversed(said_by) if types.get(link) != DESCRIBED)
    return next(named, said_by[0])


def claim_status(claim: Claim, source: Source) -> str | None:
    """Return what a claim lends to its ties: a status, `denied`, or None when it projects none.

    `documented` needs a primary document that speaks for itself: one that only quotes somebody,
    or that another source cites, documents nothing.
    """
    status = ONTOLOGY.modalities[claim.modality].status
    if status is None:
        return None
    if claim.polarity == "denied":
        return DENIED
    primary = ONTOLOGY.source_kinds[source.kind].primary and len(claim.said_by) == 1
    return "documented" if claim.modality == "stated" and primary else status


def superseded(claims: Iterable[Claim]) -> frozenset[str]:
    """Return the ids that some claim supersedes; a retracted claim supersedes nothing."""
    return frozenset(c.supersedes for c in claims if c.supersedes and not c.retracted)


def tie_keys(claim: Claim, canonical: Mapping[str, str]) -> Iterator[TieKey]:
    """Yield each tie that the claim's predicate projects, once; a tie to oneself is none.

    A symmetric tie runs from the lower id to the higher. `canonical` maps merged ids only.
    """
    keys = set()
    for tie in ONTOLOGY.predicates[claim.predicate].ties:
        sources = [canonical.get(i, i) for i in claim.roles.get(tie.source, ())]
        targets = [canonical.get(i, i) for i in claim.roles.get(tie.target, ())]
        pairs = combinations(sorted(sources), 2) if tie.symmetric else product(sources, targets)
        for source, target in pairs:
            key = TieKey(source, tie.type, target)
            if source != target and key not in keys:
                keys.add(key)
                yield key


def claim_window(claim: Claim, source: Source) -> tuple[Window, date | None, date | None]:
    """Return when a claim's fact holds, and its own first and last day (None: unknown)."""
    kind: dates.Kind = "event" if ONTOLOGY.predicates[claim.predicate].kind == "event" else "state"
    return _window(claim.when, kind, source.published)


@lru_cache(4_096)
def _window(
    when: str | None, kind: dates.Kind, published: str | None
) -> tuple[Window, date | None, date | None]:
    dated = dates.parse(when) if when else None
    window = dates.window(dated, kind, dates.parse(published) if published else None)
    return (window, dated.first, dated.last) if dated else (window, None, None)


def claim_support(
    claim: Claim, source: Source, types: Mapping[str, str], canonical: Mapping[str, str]
) -> Support | None:
    """Return what a live claim lends to each of its ties, or None when it projects none.

    A speaker that is merged into another is one origin with it.
    """
    status = claim_status(claim, source)
    if status is None or claim.retracted:
        return None
    window, first, last = claim_window(claim, source)
    speaker = origin(claim.said_by, types)
    return Support(
        claim.id, status, canonical.get(speaker, speaker), *window, *source.known, first, last
    )


def _order(support: Support) -> tuple[int, date, str]:
    return (-ONTOLOGY.ranks.get(support.status, 0), support.known_from, support.claim_id)


def tie(
    key: TieKey,
    supports: Iterable[Support],
    as_of: date | None = None,
    known_by: date | None = None,
    certain: bool = False,
) -> Tie | None:
    """Project one tie from all that bears on it, or None when no affirming claim is left.

    `as_of` and `known_by` keep what held and was known by the end of that UTC day; `certain`
    leaves out what only possibly did.
    """
    counting: list[Support] = []
    matches: list[Match] = []
    for support in sorted(supports, key=_order):
        match = support.match(as_of, known_by)
        if match is Match.YES or (match is Match.POSSIBLY and not certain):
            counting.append(support)
            matches.append(match)
    affirming = [s for s in counting if s.status != DENIED]
    if not affirming:
        return None
    sure = any(m is Match.YES for m, _ in zip(matches, affirming, strict=False))
    return Tie(
        key=key,
        status=affirming[0].status,
        disputed=len(affirming) < len(counting),
        origin_ids=tuple(sorted({s.origin for s in affirming})),
        first=min((s.first for s in affirming if s.first), default=None),
        last=max((s.last for s in affirming if s.last), default=None),
        match=Match.YES if sure else Match.POSSIBLY,
        supports=tuple(counting),
    )


def project(
    claims: Collection[Claim],
    sources: Mapping[str, Source],
    types: Mapping[str, str],
    judgements: Iterable[Judgement] = (),
    *,
    as_of: date | None = None,
    known_by: date | None = None,
    certain: bool = False,
) -> list[Tie]:
    """Project the ties of a whole data set, in the order of their keys.

    `types` gives the type of each entity by its id. Retracted and superseded claims count nothing.
    """
    canonical = merged(judgements)
    dead = superseded(claims)
    supports_of: defaultdict[TieKey, set[Support]] = defaultdict(set)
    for claim in claims:
        support = claim_support(claim, sources[claim.source], types, canonical)
        if support is not None and claim.id not in dead:
            for key in tie_keys(claim, canonical):
                supports_of[key].add(support)
    ties = (
        tie(key, supports, as_of, known_by, certain)
        for key, supports in sorted(supports_of.items())
    )
    return [t for t in ties if t is not None]


def merged(judgements: Iterable[Judgement]) -> dict[str, str]:
    """Return the canonical id of every id that a `same` judgement merges into another.

    The canonical id of a group is its lowest, so the order of judgements does not matter.
    Contradictions are faults of the data set and are found there.
    """
    group: dict[str, set[str]] = {}
    for judgement in judgements:
        if judgement.verdict == "same":
            joined = {judgement.left, judgement.right}
            joined |= group.get(judgement.left, set()) | group.get(judgement.right, set())
            group.update(dict.fromkeys(joined, joined))
    return {i: min(ids) for i, ids in group.items() if i != min(ids)}
