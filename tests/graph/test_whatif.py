"""graph/whatif.py: what thinking claims away gives is what taking them out gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dataset import Dataset
from graph.model import Claim, Support, Tie, TieKey
from graph.projection import claim_supports, merged, project, superseded
from graph.whatif import WhatIf, what_if
from tests.removal import expected, without
from tests.strategies import asked_days, datasets, examples, make_claim, make_dataset, make_source

few = examples(50)


def effect(
    dataset: Dataset,
    claim_ids: Collection[str],
    as_of: date | None = None,
    known_by: date | None = None,
    certain: bool = False,
) -> WhatIf:
    """Ask the rule, with what the store would give it."""
    dead = superseded(dataset.claims)
    still = superseded(c for c in dataset.claims if c.id not in claim_ids)
    live = supports(dataset, [c for c in dataset.claims if c.id not in dead])
    revived = supports(
        dataset, [c for c in dataset.claims if c.id in dead - still and c.id not in claim_ids]
    )
    return what_if(live, claim_ids, revived, as_of, known_by, certain)


def supports(dataset: Dataset, claims: Sequence[Claim]) -> Mapping[TieKey, list[Support]]:
    """What claims lend, by tie."""
    canonical = merged(dataset.judgements)
    by_key: defaultdict[TieKey, list[Support]] = defaultdict(list)
    for claim in claims:
        for key, support in claim_supports(claim, dataset.sources, dataset.types, canonical):
            by_key[key].append(support)
    return by_key


@few
@given(datasets(max_claims=20), asked_days, asked_days, st.booleans(), st.data())
def test_it_equals_taking_the_claims_out(
    dataset: Dataset, as_of: date | None, known_by: date | None, certain: bool, data: st.DataObject
) -> None:
    """Projected before and after, at any moment, with what the claims supersede back to life."""
    claim_ids = data.draw(st.sets(st.sampled_from([c.id for c in dataset.claims])))
    answer = effect(dataset, claim_ids, as_of, known_by, certain)
    assert answer == expected(dataset, without(dataset, claim_ids), as_of, known_by, certain)


@few
@given(datasets(max_claims=20), st.sampled_from(["source-1", "source-2"]))
def test_what_falls_is_gone_and_the_rest_is_there(dataset: Dataset, source: str) -> None:
    """Of all ties, those that fall are the ones that the other claims do not project."""
    claim_ids = {c.id for c in dataset.claims if c.source == source}
    answer = effect(dataset, claim_ids)
    after = without(dataset, claim_ids)

    def keys(version: Dataset) -> set[TieKey]:
        ties: list[Tie] = project(
            version.claims, version.sources, version.types, version.judgements
        )
        return {tie.key for tie in ties}

    assert keys(dataset) - keys(after) == {tie.key for tie in answer.fall}
    assert keys(after) - keys(dataset) == {tie.key for tie in answer.appear}


@pytest.mark.parametrize(
    ("others", "falls", "weakens", "changes", "stands"),
    [
        ([], 1, 0, 0, 0),
        ([make_claim("source-2")], 0, 1, 0, 0),
        ([make_claim("source-2", said_by=["source-2", "source-1"])], 0, 0, 0, 1),
        ([make_claim("source-2", polarity="denied")], 1, 0, 0, 0),
        ([make_claim("source-2"), make_claim("source-1", polarity="denied")], 0, 1, 0, 0),
    ],
)
def test_a_tie_falls_weakens_or_stands(
    others: list[Claim], falls: int, weakens: int, changes: int, stands: int
) -> None:
    """It falls without another claim, weakens by an origin less, and stands on the same origin."""
    dataset = make_dataset(claims=[make_claim(), *others])
    claim_ids = {c.id for c in dataset.claims if c.source == "source-1"}
    answer = effect(dataset, claim_ids)
    counts = (len(answer.fall), len(answer.weaken), len(answer.change), answer.stand)
    assert counts == (falls, weakens, changes, stands)


def test_without_its_only_denial_a_tie_changes() -> None:
    """It is no weaker, and no longer disputed: a change for itself."""
    denial = make_claim("source-2", polarity="denied")
    answer = effect(make_dataset(claims=[make_claim(), denial]), {denial.id})
    (pair,) = answer.change
    assert (pair.before.disputed, pair.after.disputed) == (True, False)
    assert (answer.fall, answer.weaken, answer.stand) == ((), (), 0)


def test_without_the_claim_that_names_an_end_a_tie_changes() -> None:
    """It is as strong, and rests on a reading of the editors alone."""
    plain = make_claim("source-2", said_by=["source-2", "source-1"])
    reading = make_claim(inferred=["supplier"], note="No firm is named.")
    answer = effect(make_dataset(claims=[plain, reading]), {plain.id})
    (pair,) = answer.change
    assert (pair.before.inferred, pair.after.inferred) == ((), ("supplier",))


def test_a_claim_that_comes_back_may_bring_a_tie() -> None:
    """What the claim that is thought away had put in its shade stands again."""
    old = make_claim()
    roles = {"supplier": "company-2", "recipient": "state-1"}
    new = make_claim("source-2", roles=roles, supersedes=old.id)
    answer = effect(
        make_dataset([make_source(), make_source("source-2")], claims=[old, new]), {new.id}
    )
    assert [tie.key.source for tie in answer.fall] == ["company-2"]
    assert [tie.key.source for tie in answer.appear] == ["company-1"]
