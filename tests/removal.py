"""Data sets with claims taken out, and what that does to their ties."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from graph.dataset import Dataset
from graph.model import Claim, Tie, TieKey
from graph.projection import project
from graph.whatif import Pair, WhatIf


def without(dataset: Dataset, claim_ids: Collection[str]) -> Dataset:
    """Return a data set without some claims; what superseded one of them supersedes nothing."""
    return replace(
        dataset, claims=tuple(_freed(c, claim_ids) for c in dataset.claims if c.id not in claim_ids)
    )


def _freed(claim: Claim, claim_ids: Collection[str]) -> Claim:
    return claim.model_copy(update={"supersedes": None}) if claim.supersedes in claim_ids else claim


def expected(
    before: Dataset,
    after: Dataset,
    as_of: date | None = None,
    known_by: date | None = None,
    certain: bool = False,
) -> WhatIf:
    """Project two data sets, and sort the ties that differ by what became of them."""

    def ties(version: Dataset) -> dict[TieKey, Tie]:
        rows = project(
            version.claims, version.sources, version.types, version.judgements,
            as_of=as_of, known_by=known_by, certain=certain,
        )  # fmt: skip
        return {tie.key: tie for tie in rows}

    return comparison(ties(before), ties(after))


def comparison(old: dict[TieKey, Tie], new: dict[TieKey, Tie]) -> WhatIf:
    """Sort ties by what became of them, the strongest first."""
    order = sorted({**new, **old}.items(), key=lambda i: (-i[1].rank, -i[1].independent, i[0]))
    pairs = [Pair(old[key], new[key]) for key, _ in order if key in old and key in new]
    touched = [p for p in pairs if p.before.supports != p.after.supports]
    weaken = [
        p
        for p in touched
        if p.before.rank > p.after.rank or p.before.independent > p.after.independent
    ]  # fmt: skip
    alike = [
        p
        for p in touched
        if all(
            getattr(p.before, name) == getattr(p.after, name)
            for name in (
                "status",
                "independent",
                "disputed",
                "match",
                "inferred",
                "intermediary",
                "past",
            )
        )
    ]
    return WhatIf(
        fall=tuple(old[key] for key, _ in order if key not in new),
        weaken=tuple(weaken),
        change=tuple(p for p in touched if p not in weaken and p not in alike),
        appear=tuple(new[key] for key, _ in order if key not in old),
        stand=len(alike),
    )
