"""From claims to ties: where status, independent accounts, readings, dispute and time are decided.

Pure: no clock, no file, no driver. The order in which claims come does not matter, and the same
claims give the same ties. See domain.md, "From claims to ties".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import combinations, product
from typing import NamedTuple

from graph import dates
from graph.dates import Match, Window
from graph.model import (
    DENIED,
    DENIED_PLAN,
    SAID_BY,
    WHEN,
    Claim,
    Judgement,
    Source,
    Support,
    Tie,
    TieKey,
    equal_statuses,
)
from graph.ontology import ONTOLOGY, TieType

#: The status of what has not happened yet, the weakest.
PLANNED = ONTOLOGY.status_of(1)
#: An entity of this type is a described set of people: it can speak, but it is no named origin.
DESCRIBED = "Group"


def origin(said_by: Sequence[str], types: Mapping[str, str]) -> str:
    """Return the deepest named link of an attribution chain, which is never empty.

    `types` gives the type of each entity; ids that it lacks are sources. A chain that ends in a
    described group counts as its last named link. `accounts` decides what is independent.
    """
    links = (link for link in reversed(said_by) if types.get(link) != DESCRIBED)
    return next(links, said_by[0])


def rests_on(
    said_by: Sequence[str],
    sources: Mapping[str, Source],
    types: Mapping[str, str],
    canonical: Mapping[str, str],
) -> frozenset[str]:
    """Return what an account hangs on: ids of documents, works, named speakers and publishers.

    Those are the links of its chain but for described groups, which are no named speakers, and the
    publisher and the work of each document among them; an id that is merged counts as its canonical
    one. A publisher without a record is its folded name with hyphens for spaces. See domain.md,
    "Accounts and independence".
    """
    ids: set[str] = set()
    for link in said_by:
        source = sources.get(link)
        if source is not None:
            ids.update(filter(None, (link, source.edition_of, source.publisher_key)))
        elif types.get(link) != DESCRIBED:
            ids.add(link)
    return frozenset(canonical.get(i, i) for i in ids)


def claim_status(claim: Claim, source: Source) -> str | None:
    """Return what a claim lends to its ties: a status, a denial, or None when it projects none.

    `documented` needs a primary document that speaks for itself, and its publisher is itself: one
    that only quotes somebody, or that another source cites, documents nothing.
    """
    status = ONTOLOGY.modalities[claim.modality].status
    if status is None or claim.polarity == "not_found":
        return None
    if claim.polarity == "denied":
        return DENIED_PLAN if status == PLANNED else DENIED
    primary = ONTOLOGY.source_kinds[source.kind].primary and set(claim.said_by[1:]) <= {
        source.publisher_key
    }
    return "documented" if claim.modality == "stated" and primary else status


def superseded(claims: Iterable[Claim]) -> frozenset[str]:
    """Return the ids that some claim supersedes; a retracted claim supersedes nothing."""
    return frozenset(c.supersedes for c in claims if c.supersedes and not c.retracted)


def claim_ties(claim: Claim, canonical: Mapping[str, str]) -> Iterator[tuple[TieKey, TieType]]:
    """Yield each tie that the claim's predicate projects, once; a tie to oneself is none.

    Where both of two roles have several fillers, the claim says nothing of the single pairs, and
    projects none (domain.md, "Jointly"). A symmetric tie runs from the lower id to the higher.
    `canonical` maps merged ids only.
    """
    keys = set()
    for tie in ONTOLOGY.predicates[claim.predicate].ties:
        sources = sorted({canonical.get(i, i) for i in claim.roles.get(tie.source, ())})
        targets = sorted({canonical.get(i, i) for i in claim.roles.get(tie.target, ())})
        if not tie.symmetric and len(sources) > 1 and len(targets) > 1:
            continue
        pairs = combinations(sources, 2) if tie.symmetric else product(sources, targets)
        for source, target in pairs:
            key = TieKey(source, tie.type, target)
            if source != target and key not in keys:
                keys.add(key)
                yield key, tie


def claim_window(claim: Claim, source: Source) -> tuple[Window, date | None, date | None]:
    """Return when a claim's fact holds, and its own first and last day (None: unknown).

    A date that is a reading of the editors is sure on no day.
    """
    kind: dates.Kind = "event" if ONTOLOGY.predicates[claim.predicate].kind == "event" else "state"
    window, first, last = _window(claim.when, kind, source.published)
    return window.in_doubt() if WHEN in claim.inferred else window, first, last


def claim_match(
    claim: Claim, source: Source, as_of: date | None = None, known_by: date | None = None
) -> Match:
    """Return whether what a claim says held on `as_of` and was known by `known_by`.

    None asks nothing. `source` is the one that the claim is from.
    """
    window, _, _ = claim_window(claim, source)
    return dates.weaker(dates.holds_on(window, as_of), dates.known_by(*source.known_days, known_by))


def _is_past(claim: Claim, status: str, last: date | None) -> bool:
    """Whether what a claim tells was over when it was recorded: see `Support.past`.

    A last day in doubt counts as it is written: that something was so says less than that it is.
    """
    is_state = ONTOLOGY.predicates[claim.predicate].kind == "state"
    return (is_state or status == PLANNED) and last is not None and last < claim.recorded_on


@lru_cache(4_096)
def _window(
    when: str | None, kind: dates.Kind, published: str | None
) -> tuple[Window, date | None, date | None]:
    dated = dates.parse(when) if when else None
    window = dates.window(dated, kind, dates.parse(published) if published else None)
    return (window, dated.first, dated.last) if dated else (window, None, None)


def claim_supports(
    claim: Claim,
    sources: Mapping[str, Source],
    types: Mapping[str, str],
    canonical: Mapping[str, str],
) -> Iterator[tuple[TieKey, Support]]:
    """Yield each tie of a claim with what the claim lends to it; none unless it is in force.

    `sources` has all sources of its chain. A speaker that is merged into another is one with it.
    Whether another claim supersedes it is not looked at (`superseded`).
    """
    source = sources[claim.source]
    status = claim_status(claim, source)
    if status is None or claim.retracted:
        return
    window, first, last = claim_window(claim, source)
    speaker = origin(claim.said_by, types)
    account = " ".join(sorted(rests_on(claim.said_by, sources, types, canonical)))
    for key, tie_type in claim_ties(claim, canonical):
        ends = dict.fromkeys((tie_type.source, tie_type.target))
        readings = [end for end in ends if end in claim.inferred]
        readings += [name for name in (WHEN, SAID_BY) if name in claim.inferred]
        yield (
            key,
            Support(
                claim.id,
                status,
                canonical.get(speaker, speaker),
                account,
                len(claim.said_by),
                " ".join(readings),
                tie_type.intermediary,
                _is_past(claim, status, last),
                claim.when or "",
                *window,
                *source.known_days,
                first,
                last,
            ),
        )


def _order(support: Support) -> tuple[int, date, str]:
    return (-ONTOLOGY.ranks.get(support.status, 0), support.known_from, support.claim_id)


class Account(NamedTuple):
    """An affirming claim, and the accounts counted before it that it shares something with.

    `shares` has each such claim's id with what both hang on. `weaker` says that the tie's status
    does not rest on it. The account counts where it shares nothing and is not weaker.
    """

    support: Support
    shares: tuple[tuple[str, tuple[str, ...]], ...]
    weaker: bool

    @property
    def independent(self) -> bool:
        """Whether it counts: see domain.md, "Accounts and independence"."""
        return not self.shares and not self.weaker


def in_order_of_publication(supports: Iterable[Support]) -> list[Support]:
    """Return the affirming supports in the order in which accounts are counted.

    A day in doubt counts by its latest, unknown days come last, then shorter chains and ids. The
    order does not depend on the moment.
    """
    return sorted(
        (s for s in supports if not s.denies),
        key=lambda s: (s.surely_known_from, s.links, s.claim_id),
    )


def accounts(tie: Tie) -> list[Account]:
    """Return the affirming accounts of a tie in the order in which they came out.

    Of those in its basis the first counts, and then each that shares nothing with any counted
    before it. See domain.md, "Accounts and independence"; `graph.queries.moment` has the same pass
    in Cypher.
    """
    return _accounts(tie.supports, frozenset(tie.basis))


def _accounts(supports: Iterable[Support], basis: frozenset[Support]) -> list[Account]:
    independent: list[tuple[str, frozenset[str]]] = []
    result: list[Account] = []
    for support in in_order_of_publication(supports):
        ids = frozenset(support.rests_on.split())
        common = ((claim_id, tuple(sorted(ids & others))) for claim_id, others in independent)
        shares = tuple((claim_id, shared) for claim_id, shared in common if shared)
        account = Account(support, shares, support not in basis)
        if account.independent:
            independent.append((support.claim_id, ids))
        result.append(account)
    return result


def tie(
    key: TieKey,
    supports: Iterable[Support],
    as_of: date | None = None,
    known_by: date | None = None,
    certain: bool = False,
) -> Tie | None:
    """Project one tie from all that bears on it, or None when no affirming claim is left.

    `as_of` and `known_by` keep what held and was known by the end of that UTC day; `certain`
    leaves out what only possibly did. Where a claim of the tie's status counts for certain, what
    only possibly counts adds nothing to it.
    """
    matches = {s: s.match(as_of, known_by) for s in sorted(supports, key=_order)}
    passing = {Match.YES} if certain else {Match.YES, Match.POSSIBLY}
    counting = [s for s, match in matches.items() if match in passing]
    affirming = [s for s in counting if not s.denies]
    if not affirming:
        return None
    status = affirming[0].status
    basis = [s for s in affirming if s.status in equal_statuses(status)]
    certainly = [s for s in basis if matches[s] is Match.YES]
    sure = any(s.status == status for s in certainly)
    if sure:
        basis = certainly
    inferred, intermediary = marks((s.inferred for s in basis), (s.intermediary for s in basis))
    return Tie(
        key=key,
        status=status,
        independent=sum(account.independent for account in _accounts(basis, frozenset(basis))),
        inferred=inferred,
        intermediary=intermediary,
        past=as_of is None and all(s.past for s in basis),
        origin_ids=tuple(sorted({s.origin for s in affirming})),
        first=min((s.first for s in basis if s.first), default=None),
        last=max((s.last for s in basis if s.last), default=None),
        match=Match.YES if sure else Match.POSSIBLY,
        supports=tuple(counting),
        basis=tuple(basis),
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
        if claim.id not in dead:
            for key, support in claim_supports(claim, sources, types, canonical):
                supports_of[key].add(support)
    ties = (
        tie(key, supports, as_of, known_by, certain)
        for key, supports in sorted(supports_of.items())
    )
    return [t for t in ties if t is not None]


def merged(judgements: Iterable[Judgement]) -> dict[str, str]:
    """Return the canonical id of every id that a `same` judgement merges into another.

    The canonical id of a group is the one that is on the right of no judgement in it: the left of a
    judgement stays. Where several are, or none, it is the lowest of them or of all, so that the
    order of judgements does not matter. Contradictions are faults of the data set.
    """
    return {
        i: staying[0] for ids, staying in merged_groups(judgements) for i in ids if i != staying[0]
    }


def merged_groups(
    judgements: Iterable[Judgement],
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return each group of ids that judgements `same` make one, and those of it that may stay.

    Both are in the order of the ids. One id stays if the judgements say which: see `merged`.
    """
    same = [judgement for judgement in judgements if judgement.verdict == "same"]
    right = {judgement.right for judgement in same}
    groups: dict[str, set[str]] = {}
    for judgement in same:
        joined = {judgement.left, judgement.right}
        joined |= groups.get(judgement.left, set()) | groups.get(judgement.right, set())
        groups.update(dict.fromkeys(joined, joined))
    every = sorted({tuple(sorted(ids)) for ids in groups.values()})
    return [(ids, tuple(i for i in ids if i not in right) or ids) for ids in every]


def marks(readings: Iterable[str], intermediaries: Iterable[bool]) -> tuple[tuple[str, ...], bool]:
    """Return the roles of a tie's ends that its claims infer, and whether it is an intermediary's.

    `readings` and `intermediaries` have `Support.inferred` and `Support.intermediary` of each. Both
    marks stand as long as no claim says it without any; a date or a speaker is no end.
    """
    ends = [{*reading.split()} - {WHEN, SAID_BY} for reading in readings]
    between = list(intermediaries)
    if not all(roles or via for roles, via in zip(ends, between, strict=True)):
        return (), False
    return tuple(sorted(set().union(*ends))), any(between)
