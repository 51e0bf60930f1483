"""What lists should hold, computed by the pure functions and plain loops."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph import dates
from graph.dataset import Dataset
from graph.dates import Match
from graph.model import Claim, Judgement, Tie
from graph.ontology import ONTOLOGY
from graph.projection import claim_window, project
from graph.queries.moment import Moment
from graph.queries.tie_lists import TieRow
from graph.wording import tie_when
from tests.strategies import asked_days, claims, judgements, make_dataset, sources

T = TypeVar("T")
moments = st.builds(Moment, asked_days, asked_days, st.booleans())


def each(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a property on so many examples, the same ones in each run."""
    return settings(
        deadline=None,
        database=None,
        derandomize=True,
        max_examples=examples,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


def example(strategy: st.SearchStrategy[T]) -> T:
    """Return a value that a strategy draws, the same one in each run, and not the simplest one."""
    values: list[T] = []

    @each(3)
    @given(strategy)
    def draw(value: T) -> None:
        values.append(value)

    draw()
    return values[-1]


def _merges_ends(merges: list[Judgement]) -> bool:
    """Whether two entities that ties run between are one."""
    return any(j.verdict == "same" and j.left.startswith(("company", "state")) for j in merges)


@st.composite
def crowds(draw: st.DrawFn) -> Dataset:
    """Draw many claims of few ties, with each kind of date, by sources with each kind of date.

    Some are retracted, some supersede others, and some of the entities are merged.
    """
    ids = [f"source-{number}" for number in range(1, 9)]
    kinds = [claims(ids), *(claims(ids, predicate=name) for name in ("supplies", "allied_with"))]
    crowd = draw(st.lists(st.one_of(kinds), min_size=70, max_size=90, unique_by=lambda c: c.id))
    for place in range(1, len(crowd)):
        if draw(st.integers(0, 7)) == 0:
            older = crowd[draw(st.integers(0, place - 1))].id
            crowd[place] = crowd[place].model_copy(update={"supersedes": older})
    merges = judgements().filter(_merges_ends)
    return make_dataset([draw(sources(i)) for i in ids], claims=crowd, judgements=draw(merges))


@cache
def crowd_dataset() -> Dataset:
    """One of `crowds`, the same one in each run."""
    return example(crowds())


def tie_row(tie: Tie, dataset: Dataset) -> TieRow:
    """What a list shows of a projected tie."""
    one, other = (dataset.entities[i] for i in (tie.key.source, tie.key.target))
    return TieRow(
        one.id, other.id, tie.key.type, one.label, other.label, one.type, other.type, tie.status,
        tie.disputed, tie.independent, len(tie.claim_ids), len(tie.denial_ids),
        str(tie.first) if tie.first else None, str(tie.last) if tie.last else None,
        tie.match.value, list(tie.origin_ids), list(tie.claim_ids), list(tie.denial_ids),
        list(tie.inferred), tie.intermediary, tie_when(tie), tie.date_inferred,
        tie.speaker_inferred, list(tie.basis_ids), tie.past, one.plural,
    )  # fmt: skip


def strength(row: TieRow) -> tuple[Any, ...]:
    """Where a tie stands by default: the strongest first."""
    return (-ONTOLOGY.ranks[row.status], -row.independent, row.type, row.source, row.target)


def ties_of(dataset: Dataset, moment: Moment) -> list[Tie]:
    """All ties of a moment, projected in Python, in the order of their keys."""
    return project(
        dataset.claims, dataset.sources, dataset.types, dataset.judgements,
        as_of=moment.as_of, known_by=moment.known_by, certain=moment.certain,
    )  # fmt: skip


def tie_rows(dataset: Dataset, moment: Moment) -> list[TieRow]:
    """The same as rows of a list, in the default order."""
    return sorted((tie_row(tie, dataset) for tie in ties_of(dataset, moment)), key=strength)


def claim_match(claim: Claim, dataset: Dataset, moment: Moment) -> Match:
    """Whether a claim held and was known, by the pure functions."""
    source = dataset.sources[claim.source]
    window, _, _ = claim_window(claim, source)
    return dates.weaker(
        dates.holds_on(window, moment.as_of), dates.known_by(*source.known_days, moment.known_by)
    )


def claims_of(dataset: Dataset, moment: Moment) -> list[Claim]:
    """The claims that count at a moment, whether or not they are live."""
    matches = {Match.YES} if moment.certain else {Match.YES, Match.POSSIBLY}
    return [c for c in dataset.claims if claim_match(c, dataset, moment) in matches]
