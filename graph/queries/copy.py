"""A copy of the whole graph in memory, for a program that goes through all of it.

It is read once, each record once, and not anew for every page that shows a record. What stands
around an entity or behind a source is then looked up here, by the rules of the questions that ask
the store for it (`graph.queries.neighbourhood`, `graph.queries.source_file`).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from typing import TypeVar

from graph.model import Claim, Subgraph, Tie, Withdrawal
from graph.queries.choices import claims_by_source, entity_ids, source_ids, ties_from
from graph.queries.entities import duplicates
from graph.queries.source_file import SourceFile, source_claims
from graph.queries.subgraph import piece, subgraph
from graph.queries.withdrawals import all_withdrawals
from graph.question import Reader

#: How many entities, or claims, one question reads with what belongs to them, and how many such
#: questions are asked at a time.
_CHUNK, _AT_ONCE = 250, 4

T = TypeVar("T")


@dataclass(frozen=True)
class GraphCopy:
    """All entities, ties, claims and sources that a store held.

    `graph` has every entity that is not merged, every tie, and the claims that count as well as
    those that are withdrawn. `canonical` has every entity's id, with that of the entity which
    stands for it; `live` the ids of the claims that count, by the source that each is taken from;
    `withdrawals` those that do not, by the day.
    """

    graph: Subgraph
    canonical: Mapping[str, str]
    live: Mapping[str, Sequence[str]]
    withdrawals: Sequence[Withdrawal]

    @cached_property
    def _ties(self) -> Mapping[str, Sequence[Tie]]:
        """The ties of each entity."""
        return _by(self.graph.ties, lambda tie: {tie.key.source, tie.key.target})

    @cached_property
    def _ties_of_claims(self) -> Mapping[str, Sequence[Tie]]:
        """The ties that each claim bears on."""
        return _by(self.graph.ties, lambda tie: {s.claim_id for s in tie.supports})

    @cached_property
    def _live(self) -> Sequence[Claim]:
        """The claims that count."""
        return [self.graph.claims[i] for ids in self.live.values() for i in ids]

    @cached_property
    def _claims_naming(self) -> Mapping[str, Sequence[Claim]]:
        """The claims that count, by each entity that they are about or quote."""
        return _by(self._live, lambda claim: self._subjects(claim) | self._one({*claim.said_by}))

    @cached_property
    def _claims_citing(self) -> Mapping[str, Sequence[Claim]]:
        """The claims that count, by each source that they cite."""
        return _by(self._live, lambda claim: {*claim.said_by[1:]})

    @cached_property
    def _claims_about(self) -> Mapping[str, Sequence[Claim]]:
        """All claims, by each entity that they are about."""
        return _by(self.graph.claims.values(), self._subjects)

    @cached_property
    def _withdrawals_about(self) -> Mapping[str, Sequence[Withdrawal]]:
        """The withdrawn claims, by each entity that they are about."""
        claims = self.graph.claims
        return _by(self.withdrawals, lambda each: self._subjects(claims[each.claim_id]))

    def _subjects(self, claim: Claim) -> set[str]:
        """The entities that a claim is about; those that it only quotes are not."""
        return self._one({i for them in claim.roles.values() for i in them})

    def _one(self, ids: Iterable[str]) -> set[str]:
        """Return the ids of the entities that stand for those of some ids."""
        return {self.canonical.get(i, i) for i in ids}

    def ties_from(self, entity_id: str) -> list[Tie]:
        """Return the ties that run from an entity."""
        return [tie for tie in self._ties.get(entity_id, ()) if tie.key.source == entity_id]

    def ties_resting_on(self, claim_ids: Iterable[str]) -> list[Tie]:
        """Return the ties that some claims affirm or deny."""
        ties = {tie.key: tie for i in claim_ids for tie in self._ties_of_claims.get(i, ())}
        return [ties[key] for key in sorted(ties)]

    def ties_of_first(self, claim_ids: Iterable[str]) -> list[Tie]:
        """Return the ties of which the first claim, the strongest, is one of some."""
        ids = {*claim_ids}
        return [tie for tie in self.ties_resting_on(ids) if tie.claim_ids[0] in ids]

    def claims_about(self, entity_id: str) -> Sequence[Claim]:
        """Return the claims about an entity, withdrawn ones among them."""
        return self._claims_about.get(entity_id, ())

    async def around(self, reader: Reader, entity_id: str, limit: int) -> Subgraph:
        """Return what `neighbourhood_graph` reads of an entity, one hop around it.

        What the store alone knows is asked of it: the judgements behind a merged entity.
        """
        strengths: dict[str, tuple[int, int]] = {}
        for tie in self._ties.get(entity_id, ()):
            other = tie.key.target if tie.key.source == entity_id else tie.key.source
            strength = (tie.rank, tie.independent)
            strengths[other] = max(strength, strengths.get(other, strength))
        strongest = sorted(sorted(strengths), key=strengths.__getitem__, reverse=True)
        ids = {i: None for i in [entity_id, *strongest][:limit]}
        ties = [tie for i in ids for tie in self.ties_from(i) if tie.key.target in ids]
        about = [claim.id for claim in self._claims_naming.get(entity_id, ())]
        graph = piece(self.graph, sorted(ties, key=lambda tie: tie.key), about, ids)
        merged = entity_id in graph.merged_names
        return replace(
            graph,
            degrees={i: len(self._ties.get(i, ())) for i in ids},
            focus=entity_id,
            duplicates=await reader.ask(duplicates(entity_id)) if merged else (),
            withdrawn=tuple(self._withdrawals_about.get(entity_id, ())),
            left_out=1 + len(strengths) - len(ids),
        )

    def source_file(self, source_id: str, limit: int = 300) -> SourceFile:
        """Return what `graph.queries.source_file` reads of a source."""
        own = sorted(self.live.get(source_id, ()))
        citing = sorted(claim.id for claim in self._claims_citing.get(source_id, ()))
        ids = own[:limit] + citing[:limit]
        claims = self.graph.claims
        return SourceFile(
            source=self.graph.sources[source_id],
            own=tuple(own[:limit]),
            citing=tuple(citing[:limit]),
            left_out=len(own[limit:]) + len(citing[limit:]),
            graph=piece(self.graph, self.ties_resting_on(ids), ids),
            withdrawn=[w for w in self.withdrawals if claims[w.claim_id].source == source_id],
        )


def _by(items: Iterable[T], keys: Callable[[T], Iterable[str]]) -> dict[str, list[T]]:
    """Return items by their keys, of which each may have several."""
    result: defaultdict[str, list[T]] = defaultdict(list)
    for item in items:
        for key in keys(item):
            result[key].append(item)
    return dict(result)


async def copy_graph(reader: Reader) -> GraphCopy:
    """Read the whole graph. What a load removes meanwhile is omitted."""
    canonical = dict(await reader.ask(entity_ids()))
    live = await reader.ask(claims_by_source())
    withdrawals = await reader.ask(all_withdrawals())
    entities = [i for i, one in canonical.items() if i == one]
    pieces = [graph async for graph in _in_chunks(partial(_with_ties, reader), entities)]
    read = {i for graph in pieces for i in graph.claims}
    claims = [*chain.from_iterable(live.values()), *(each.claim_id for each in withdrawals)]
    others = [i for i in dict.fromkeys(claims) if i not in read]
    pieces += [graph async for graph in _in_chunks(partial(_claims, reader), others)]
    sources = {i: source for graph in pieces for i, source in graph.sources.items()}
    silent = [i for i in await reader.ask(source_ids()) if i not in sources]
    for file in [await reader.ask(source_claims(i, 0)) for i in silent]:
        sources |= {file.source.id: file.source} if file else {}
    graph = Subgraph(
        entities=_joined(graph.entities for graph in pieces),
        ties=tuple(tie for graph in pieces for tie in graph.ties),
        claims=_joined(graph.claims for graph in pieces),
        sources=sources,
        names=_joined(graph.names for graph in pieces),
        merged_names=_joined(graph.merged_names for graph in pieces),
    )
    return GraphCopy(
        graph,
        canonical={i: one for i, one in canonical.items() if one in graph.entities},
        live={source: [i for i in ids if i in graph.claims] for source, ids in live.items()},
        withdrawals=[each for each in withdrawals if each.claim_id in graph.claims],
    )


async def _with_ties(reader: Reader, ids: Sequence[str]) -> Subgraph:
    """Read some entities with the ties that run from them."""
    return await reader.ask(subgraph(await reader.ask(ties_from(ids)), ids))


async def _claims(reader: Reader, ids: Sequence[str]) -> Subgraph:
    return await reader.ask(subgraph((), claim_ids=ids))


async def _in_chunks(
    read: Callable[[Sequence[str]], Awaitable[Subgraph]], ids: Sequence[str]
) -> AsyncIterator[Subgraph]:
    """Read what some ids are about, some of them at a time."""
    chunks = [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]
    for start in range(0, len(chunks), _AT_ONCE):
        for graph in await asyncio.gather(*map(read, chunks[start : start + _AT_ONCE])):
            yield graph


def _joined(maps: Iterable[Mapping[str, T]]) -> dict[str, T]:
    return {key: value for each in maps for key, value in each.items()}
