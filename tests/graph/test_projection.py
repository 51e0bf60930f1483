"""graph/projection.py: from claims to ties, status, origins, dispute and time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.dataset import Dataset
from graph.dates import Match
from graph.model import Claim, Judgement, Source, Tie, TieKey
from graph.ontology import ONTOLOGY
from graph.projection import merged, origin, project, superseded, tie
from tests.strategies import (
    DAY,
    TYPES,
    asked_days,
    claims,
    datasets,
    make_claim,
    make_judgement,
    make_source,
)

unhurried = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
SUPPLY = TieKey("company-1", "SUPPLIES", "state-1")
PRIMARY = [name for name, kind in ONTOLOGY.source_kinds.items() if kind.primary]


def ties(
    told: Sequence[Claim],
    judged: Sequence[Judgement] = (),
    sources: Sequence[Source] = (),
    **moment: Any,
) -> list[Tie]:
    """Project claims over the cast; articles stand for sources that are not given."""
    known = {c.source: make_source(c.source) for c in told} | {s.id: s for s in sources}
    return project(told, known, TYPES, judged, **moment)


def only(found: Sequence[Tie]) -> Tie:
    """The one tie there is."""
    (tie_,) = found
    return tie_


def projected(dataset: Dataset, **moment: Any) -> list[Tie]:
    """The ties of a data set."""
    return project(dataset.claims, dataset.sources, dataset.types, dataset.judgements, **moment)


# Pure, and independent of order


@unhurried
@given(datasets(), st.randoms(use_true_random=False))
def test_order_of_claims_and_judgements_is_irrelevant(dataset: Dataset, random: Any) -> None:
    """The same claims give the same ties, in whatever order they come, and again."""
    told, judged = list(dataset.claims), list(dataset.judgements)
    first = projected(dataset)
    random.shuffle(told)
    random.shuffle(judged)
    assert project(told, dataset.sources, dataset.types, judged) == first
    assert projected(dataset) == first


@unhurried
@given(datasets(), st.data())
def test_retracting_is_never_having_added(dataset: Dataset, data: st.DataObject) -> None:
    """A claim that is retracted leaves the ties that there would be without it."""
    gone = data.draw(st.sampled_from(dataset.claims))
    withdrawn = gone.model_copy(update={"retracted": {"on": DAY, "reason": "wrong"}})
    others = [c for c in dataset.claims if c.id != gone.id]
    without = project(others, dataset.sources, dataset.types, dataset.judgements)
    assert (
        project([*others, withdrawn], dataset.sources, dataset.types, dataset.judgements) == without
    )


@unhurried
@given(datasets())
def test_every_tie_is_carried_by_claims_that_project_it(dataset: Dataset) -> None:
    """Each live tie has affirming claims, none retracted or superseded, and joins two entities."""
    claims_by_id = {c.id: c for c in dataset.claims}
    dead = superseded(dataset.claims)
    for found in projected(dataset):
        assert found.claim_ids
        assert found.key.source != found.key.target
        assert found.disputed == bool(found.denial_ids)
        for claim_id in (*found.claim_ids, *found.denial_ids):
            claim = claims_by_id[claim_id]
            assert claim_id not in dead
            assert not claim.retracted
            assert claim.predicate == ONTOLOGY.tie_predicates[found.key.type]


def test_an_unknown_order_of_supports_gives_one_tie() -> None:
    """A tie is the same value for its supports in any order, the strongest claim in front."""
    told = [make_claim(modality=m) for m in ("planned", "alleged", "stated")]
    found = only(ties(told))
    assert [s.status for s in found.supports] == ["reported", "alleged", "planned"]
    assert tie(found.key, reversed(found.supports)) == found


# Status


@pytest.mark.parametrize("modality", list(ONTOLOGY.modalities))
def test_each_modality_lends_its_status(modality: str) -> None:
    """Stated, alleged and planned lend a status; every other modality projects no tie."""
    found = ties([make_claim(modality=modality)])
    expected = {"stated": ["reported"], "alleged": ["alleged"], "planned": ["planned"]}
    assert [t.status for t in found] == expected.get(modality, [])


def test_the_strongest_claim_gives_the_status() -> None:
    """One statement outweighs any number of suspicions."""
    told = [make_claim(modality=m) for m in ("planned", "alleged", "stated")]
    assert [only(ties(told[:n])).status for n in (1, 2, 3)] == ["planned", "alleged", "reported"]


@pytest.mark.parametrize("kind", list(ONTOLOGY.source_kinds))
def test_only_a_primary_document_documents(kind: str) -> None:
    """What a primary kind of source states is documented, what another states is reported."""
    found = only(ties([make_claim()], sources=[make_source(kind=kind)]))
    assert found.status == ("documented" if kind in PRIMARY else "reported")


@pytest.mark.parametrize("kind", PRIMARY)
@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"said_by": ["source-1", "person-1"]}, "reported"),
        ({"said_by": ["source-1", "source-2"]}, "reported"),
        ({"modality": "alleged"}, "alleged"),
        ({"modality": "planned"}, "planned"),
    ],
)
def test_a_primary_document_documents_only_what_it_states_itself(
    kind: str, changes: dict[str, Any], status: str
) -> None:
    """A court record that quotes a witness, or accuses, documents nothing."""
    sources = [make_source(kind=kind), make_source("source-2", kind=kind)]
    assert only(ties([make_claim(**changes)], sources=sources)).status == status


def test_a_cited_primary_document_documents_nothing() -> None:
    """An article that cites a contract is an article; we have not seen the contract."""
    contract = make_source("contract", kind="contract", read_on=None)
    told = make_claim(said_by=["source-1", "contract"])
    found = only(ties([told], sources=[make_source(), contract]))
    assert (found.status, found.origin_ids) == ("reported", ("contract",))


def test_a_denial_disputes_and_supports_nothing() -> None:
    """A denial marks the tie, leaves its status and origins alone, and makes no tie alone."""
    denial = make_claim("source-2", polarity="denied")
    assert ties([denial]) == []
    found = only(ties([make_claim(), denial]))
    assert (found.status, found.origins, found.disputed) == ("reported", 1, True)
    assert found.denial_ids == (denial.id,)
    assert not only(ties([make_claim()])).disputed


@pytest.mark.parametrize("modality", ["opinion", "questioned", "predicted", "recommended"])
def test_a_doubt_is_no_denial(modality: str) -> None:
    """An opinion, a question, a prediction or a recommendation against a tie disputes nothing."""
    doubt = make_claim("source-2", modality=modality, polarity="denied")
    assert only(ties([make_claim(), doubt])) == only(ties([make_claim()]))


@pytest.mark.parametrize("changes", [{"retracted": {"on": DAY, "reason": "It erred."}}, {}])
def test_a_dead_denial_disputes_nothing(changes: dict[str, Any]) -> None:
    """Neither a denial that was retracted nor one that another claim supersedes counts."""
    denial = make_claim("source-2", polarity="denied", **changes)
    told = [make_claim(), denial]
    if not changes:
        told.append(make_claim("source-2", modality="opinion", supersedes=denial.id))
    assert only(ties(told)) == only(ties([make_claim()]))


def test_a_retracted_claim_supersedes_nothing() -> None:
    """Taking a correction back brings the first claim back."""
    first = make_claim(when="2010")
    second = make_claim(when="2011", supersedes=first.id)
    withdrawn = second.model_copy(update={"retracted": {"on": DAY, "reason": "It erred."}})
    assert only(ties([first, second])).claim_ids == (second.id,)
    assert only(ties([first, withdrawn])).claim_ids == (first.id,)


# Independent origins


def test_five_articles_that_cite_one_study_are_one_origin() -> None:
    """Origins are counted at the end of the chains, not by articles."""
    told = [make_claim(f"article-{n}", said_by=[f"article-{n}", "study"]) for n in range(5)]
    found = only(ties(told))
    assert (found.origins, found.origin_ids, len(found.claim_ids)) == (1, ("study",), 5)
    assert only(ties([*told, make_claim("article-9")])).origins == 2


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (["source-1"], "source-1"),
        (["source-1", "study", "company-1"], "company-1"),
        (["source-1", "study", "group-1"], "study"),
        (["source-1", "group-1"], "source-1"),
        (["source-1", "study", "group-1", "group-2"], "study"),
        (["source-1", "group-1", "person-1"], "person-1"),
    ],
)
def test_the_origin_is_the_last_named_link(chain: list[str], expected: str) -> None:
    """A described group is no named source, wherever in the chain it stands."""
    assert origin(chain, TYPES) == expected


def test_two_ids_of_one_speaker_are_one_origin() -> None:
    """Merging two ids of a think tank must not leave its word counted twice."""
    told = [
        make_claim("source-1", said_by=["source-1", "organization-1"]),
        make_claim("source-2", said_by=["source-2", "organization-2"]),
    ]
    assert only(ties(told)).origins == 2
    one = ties(told, [make_judgement("organization-2", "organization-1")])
    assert only(one).origin_ids == ("organization-1",)


# Days


def test_first_and_last_day_span_the_affirming_claims() -> None:
    """First and last are of the facts, whatever the denials and the undated claims say."""
    told = [
        make_claim("source-1", when="2010-03"),
        make_claim("source-2", when="2012/2013"),
        make_claim("source-3"),
        make_claim("source-4", when="1999", polarity="denied"),
    ]
    found = only(ties(told))
    assert (found.first, found.last) == (date(2010, 3, 1), date(2013, 12, 31))
    assert (only(ties(told[2:])).first, only(ties(told[2:])).last) == (None, None)


def days_of(text: str) -> list[date]:
    """Every day that `2015-03` or `2015-03-14` may mean."""
    first = date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    month = (first + timedelta(n) for n in range(1 if len(text) == 10 else 31))
    return [day for day in month if day.month == first.month]


months = st.sampled_from(["2015-01", "2015-02", "2015-03", "2015-04"])
spans = months | st.builds("{}-{:02}".format, months, st.integers(1, 28))


def verdict(cases: Iterator[bool]) -> Match:
    """Yes if it is so in every case, no if in none."""
    found = list(cases)
    return Match.YES if all(found) else Match.POSSIBLY if any(found) else Match.NO


@unhurried
@given(
    st.sampled_from(["allied_with", "supplies"]),
    spans,
    spans,
    spans,
    st.dates(date(2014, 12, 25), date(2015, 5, 5)),
    st.dates(date(2014, 12, 25), date(2015, 5, 5)),
)
def test_time_is_what_going_through_every_day_says(
    predicate: str, start: str, end: str, published: str, as_of: date, known_by: date
) -> None:
    """For one claim, yes, possibly and no are found by trying each start, end and publication."""
    starts, ends = days_of(start), days_of(end)
    runs = [(a, b) for a, b in product(starts, ends) if a <= b]
    if not runs:
        return
    roles = {"supplier": ["state-1"], "recipient": ["state-2"]}
    if predicate == "allied_with":
        roles = {"party": ["state-1", "state-2"]}
        held = verdict(a <= as_of <= b for a, b in runs)
    else:
        held = verdict(a <= as_of for a, _ in runs)
    known = verdict(day <= known_by for day in days_of(published))
    claim = make_claim(predicate=predicate, roles=roles, when=f"{start}/{end}")
    source = make_source(published=published, read_on=None)

    moments: list[tuple[dict[str, Any], Match]] = [
        ({"as_of": as_of}, held),
        ({"known_by": known_by}, known),
        ({"as_of": as_of, "known_by": known_by}, min(held, known, key="no possibly yes".index)),
    ]
    for moment, expected in moments:
        found = [t.match for t in ties([claim], sources=[source], **moment)]
        assert found == ([] if expected is Match.NO else [expected])
        sure = [t.match for t in ties([claim], sources=[source], **moment, certain=True)]
        assert sure == ([Match.YES] if expected is Match.YES else [])


@unhurried
@given(datasets(), asked_days, asked_days, st.booleans())
def test_a_moment_is_the_projection_of_the_claims_that_pass(
    dataset: Dataset, as_of: date | None, known_by: date | None, certain: bool
) -> None:
    """Projecting a stored tie again at a moment is projecting those of its claims that pass."""
    moment: dict[str, Any] = {"as_of": as_of, "known_by": known_by, "certain": certain}
    found = projected(dataset, **moment)
    again = [tie(t.key, t.supports, **moment) for t in projected(dataset)]
    assert [t for t in again if t is not None] == found
    everything = {t.key: t for t in projected(dataset)}
    for t in found:
        assert set(t.supports) <= set(everything[t.key].supports)
        assert t.rank <= everything[t.key].rank
        assert not certain or t.match is Match.YES


def test_dispute_belongs_to_its_time_too() -> None:
    """A denial that was not out yet disputes nothing."""
    told = [make_claim(), make_claim("source-2", polarity="denied")]
    sources = [
        make_source("source-1", published="2010-01-01"),
        make_source("source-2", published="2012-01-01"),
    ]
    assert not only(ties(told, sources=sources, known_by=date(2011, 1, 1))).disputed
    assert only(ties(told, sources=sources, known_by=date(2013, 1, 1))).disputed


def test_an_undated_claim_is_possible_on_any_day() -> None:
    """Nothing ever defaults to a day."""
    for predicate, roles in (
        ("supplies", {"supplier": ["state-1"], "recipient": ["state-2"]}),
        ("allied_with", {"party": ["state-1", "state-2"]}),
    ):
        told = [make_claim(predicate=predicate, roles=roles)]
        assert only(ties(told, as_of=date(1800, 1, 1))).match is Match.POSSIBLY
        assert ties(told, as_of=date(1800, 1, 1), certain=True) == []


def test_an_open_end_is_vouched_for_up_to_the_source() -> None:
    """After the day of its source a state that is still going on is only possible."""
    parties = {"party": ["state-1", "state-2"]}
    told = [make_claim(predicate="allied_with", roles=parties, when="2010-01-01/..")]
    source = [make_source(published="2015-06-01")]
    for day, match in ((date(2015, 6, 1), Match.YES), (date(2015, 6, 2), Match.POSSIBLY)):
        assert only(ties(told, sources=source, as_of=day)).match is match


# Which edges


def test_a_supply_gives_each_of_its_ties() -> None:
    """Supplier, recipient and item are joined pairwise as the ontology says."""
    roles = {"supplier": ["company-1"], "recipient": ["state-1"], "item": ["technology-1"]}
    assert [str(t.key) for t in ties([make_claim(roles=roles)])] == [
        "company-1/PROVIDES/technology-1",
        "company-1/SUPPLIES/state-1",
        "state-1/ACQUIRED/technology-1",
    ]


def test_a_symmetric_tie_runs_once_from_the_lower_id() -> None:
    """Allies are joined once, whoever is named first; of three, each pair is."""
    for parties in (["state-2", "state-1"], ["state-1", "state-2"]):
        told = make_claim(predicate="allied_with", roles={"party": parties})
        assert [t.key[::2] for t in ties([told])] == [("state-1", "state-2")]
    three = {"party": ["state-2", "person-1", "state-1"]}
    told = make_claim(predicate="allied_with", roles=three)
    assert [t.key[::2] for t in ties([told])] == [
        ("person-1", "state-1"),
        ("person-1", "state-2"),
        ("state-1", "state-2"),
    ]


def test_nobody_is_tied_to_oneself() -> None:
    """Neither one who fills both roles nor one who does after a merging has a tie to itself."""
    alone = {"supplier": ["state-1"], "recipient": ["state-1"]}
    assert ties([make_claim(roles=alone)]) == []
    allies = make_claim(predicate="allied_with", roles={"party": ["state-1", "state-2"]})
    assert ties([allies], [make_judgement("state-1", "state-2")]) == []


# Judgements


def test_merging_puts_ties_on_the_lowest_id() -> None:
    """A chain of judgements is one group, and its ties are those of its lowest id."""
    told = [
        make_claim("source-1"),
        make_claim("source-2", roles={"supplier": "company-2", "recipient": "state-1"}),
    ]
    assert len(ties(told)) == 2
    found = only(ties(told, [make_judgement("company-2", "company-1")]))
    assert (found.key, found.origins) == (SUPPLY, 2)
    chain = [make_judgement("d", "c"), make_judgement("b", "a"), make_judgement("c", "b")]
    assert merged(chain) == {"b": "a", "c": "a", "d": "a"}


@pytest.mark.parametrize("verdict", ["different", "unsure"])
def test_only_same_merges(verdict: str) -> None:
    """A judgement that two ids differ, or that nobody knows, merges nothing."""
    assert merged([make_judgement("company-2", "company-1", verdict)]) == {}


@given(st.lists(st.tuples(*[st.sampled_from("abcdefgh")] * 2), max_size=12), st.randoms())
def test_order_of_judgements_is_irrelevant(pairs: list[tuple[str, str]], random: Any) -> None:
    """Each group has its lowest id, found here by spreading over neighbours until nothing moves."""
    judged = [make_judgement(a, b) for a, b in pairs]
    low = {i: i for pair in pairs for i in pair}
    for _ in low:
        for a, b in pairs:
            low[a] = low[b] = min(low[a], low[b])
    random.shuffle(judged)
    assert merged(judged) == {i: to for i, to in low.items() if i != to}


@unhurried
@given(datasets())
def test_taking_judgements_back_restores_exactly(dataset: Dataset) -> None:
    """Ties with judgements, then without, are the ties that there were before."""
    before = project(dataset.claims, dataset.sources, dataset.types)
    projected(dataset)
    assert project(dataset.claims, dataset.sources, dataset.types, []) == before


@unhurried
@given(st.lists(claims(predicate="supplies"), max_size=8, unique_by=lambda c: c.id))
def test_merging_is_projecting_claims_about_one_id(told: list[Claim]) -> None:
    """Two merged ids give the ties of claims that had named the lower one all along."""

    def renamed(claim: Claim) -> Claim:
        one = {"company-2": "company-1"}
        roles = {r: tuple(one.get(i, i) for i in ids) for r, ids in claim.roles.items()}
        chain = tuple(one.get(i, i) for i in claim.said_by)
        return claim.model_copy(update={"roles": roles, "said_by": chain})

    judged = [make_judgement("company-1", "company-2")]
    assert ties(told, judged) == ties([renamed(c) for c in told])
