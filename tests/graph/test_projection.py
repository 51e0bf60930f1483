"""graph/projection.py: from claims to ties, status, independence, dispute and time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import dates
from graph.dataset import Dataset
from graph.dates import Match
from graph.model import Claim, Judgement, Source, Tie, TieKey
from graph.ontology import ONTOLOGY
from graph.projection import (
    accounts,
    claim_status,
    claim_window,
    merged,
    origin,
    project,
    superseded,
    tie,
)
from tests.strategies import (
    DAY,
    TYPES,
    asked_days,
    datasets,
    examples,
    make_claim,
    make_judgement,
    make_source,
)
from tests.strategies import (
    claims as any_claim,
)

few = examples(40)
SUPPLY = TieKey("company-1", "SUPPLIES", "state-1")
PRIMARY = [name for name, kind in ONTOLOGY.source_kinds.items() if kind.primary]


def ties(
    claims: Sequence[Claim],
    judgements: Sequence[Judgement] = (),
    sources: Sequence[Source] = (),
    **moment: Any,
) -> list[Tie]:
    """Project claims over the cast; articles stand for sources that are not given."""
    documents = {c.source: make_source(c.source) for c in claims} | {s.id: s for s in sources}
    return project(claims, documents, TYPES, judgements, **moment)


def only(tie_list: Sequence[Tie]) -> Tie:
    """The one tie there is."""
    (tie_,) = tie_list
    return tie_


def projection(dataset: Dataset, **moment: Any) -> list[Tie]:
    """The ties of a data set."""
    return project(dataset.claims, dataset.sources, dataset.types, dataset.judgements, **moment)


def surely(claim: Claim, source: Source, as_of: date | None, known_by: date | None) -> bool:
    """Whether a claim counts for certain at a moment."""
    window, _, _ = claim_window(claim, source)
    known = dates.known_by(*source.known_days, known_by)
    return dates.holds_on(window, as_of) is known is Match.YES


# Pure, and independent of order


@few
@given(datasets(), st.randoms(use_true_random=False))
def test_order_of_claims_and_judgements_is_irrelevant(dataset: Dataset, random: Any) -> None:
    """The same claims give the same ties, in whatever order they come, and again."""
    claims, judgements = list(dataset.claims), list(dataset.judgements)
    first = projection(dataset)
    random.shuffle(claims)
    random.shuffle(judgements)
    assert project(claims, dataset.sources, dataset.types, judgements) == first
    assert projection(dataset) == first


@few
@given(datasets(), st.data())
def test_retracting_is_never_having_added(dataset: Dataset, data: st.DataObject) -> None:
    """A claim that is retracted leaves the ties that there would be without it."""
    one = data.draw(st.sampled_from(dataset.claims))
    withdrawn = one.model_copy(update={"retracted": {"on": DAY, "reason": "wrong"}})
    others = [c for c in dataset.claims if c.id != one.id]
    without = project(others, dataset.sources, dataset.types, dataset.judgements)
    assert (
        project([*others, withdrawn], dataset.sources, dataset.types, dataset.judgements) == without
    )


@few
@given(datasets())
def test_every_tie_is_carried_by_claims_that_project_it(dataset: Dataset) -> None:
    """Each live tie has affirming claims, none retracted or superseded, and joins two entities."""
    claims_by_id = {c.id: c for c in dataset.claims}
    dead = superseded(dataset.claims)
    for tie_ in projection(dataset):
        assert tie_.claim_ids
        assert tie_.key.source != tie_.key.target
        denials = {support.status for support in tie_.supports if support.denies}
        # Who denies that it is planned says nothing of what is so.
        against = {"denied", "denied_plan"} if tie_.status == "planned" else {"denied"}
        assert tie_.disputed == bool(denials & against)
        for claim_id in (*tie_.claim_ids, *tie_.denial_ids):
            claim = claims_by_id[claim_id]
            assert claim_id not in dead
            assert not claim.retracted
            assert claim.predicate in ONTOLOGY.tie_predicates[tie_.key.type]


def test_an_unknown_order_of_supports_gives_one_tie() -> None:
    """A tie is the same value for its supports in any order, the strongest claim in front."""
    claims = [make_claim(modality=m) for m in ("planned", "alleged", "stated")]
    tie_ = only(ties(claims))
    assert [s.status for s in tie_.supports] == ["reported", "alleged", "planned"]
    assert tie(tie_.key, reversed(tie_.supports)) == tie_


# Status


@pytest.mark.parametrize("modality", list(ONTOLOGY.modalities))
def test_each_modality_lends_its_status(modality: str) -> None:
    """Stated, alleged and planned lend a status; every other modality projects no tie."""
    tie_list = ties([make_claim(modality=modality)])
    expected = {"stated": ["reported"], "alleged": ["alleged"], "planned": ["planned"]}
    assert [t.status for t in tie_list] == expected.get(modality, [])


def test_the_strongest_claim_gives_the_status() -> None:
    """One statement outweighs any number of suspicions."""
    claims = [make_claim(modality=m) for m in ("planned", "alleged", "stated")]
    assert [only(ties(claims[:n])).status for n in (1, 2, 3)] == ["planned", "alleged", "reported"]


@pytest.mark.parametrize("kind", list(ONTOLOGY.source_kinds))
def test_only_a_primary_document_documents(kind: str) -> None:
    """What a primary kind of source states is documented, what another states is reported."""
    tie_ = only(ties([make_claim()], sources=[make_source(kind=kind)]))
    assert tie_.status == ("documented" if kind in PRIMARY else "reported")


@pytest.mark.parametrize("kind", PRIMARY)
@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"said_by": ["source-1", "person-1"]}, "reported"),
        ({"said_by": ["source-1", "publicbody-1"]}, "documented"),
        ({"said_by": ["source-1", "source-2"]}, "reported"),
        ({"modality": "alleged"}, "alleged"),
        ({"modality": "planned"}, "planned"),
    ],
)
def test_a_primary_document_documents_only_what_it_states_itself(
    kind: str, changes: dict[str, Any], status: str
) -> None:
    """A court record that quotes a witness, or accuses, documents nothing."""
    sources = [
        make_source(kind=kind, publisher="publicbody-1"),
        make_source("source-2", kind=kind),
    ]
    assert only(ties([make_claim(**changes)], sources=sources)).status == status


def test_a_cited_primary_document_documents_nothing() -> None:
    """An article that cites a contract is an article; we have not seen the contract."""
    contract = make_source("contract", kind="contract", read_on=None)
    claim = make_claim(said_by=["source-1", "contract"])
    tie_ = only(ties([claim], sources=[make_source(), contract]))
    assert (tie_.status, tie_.origin_ids) == ("reported", ("contract",))


def test_a_denial_disputes_and_supports_nothing() -> None:
    """A denial marks the tie, leaves its status and origins alone, and makes no tie alone."""
    denial = make_claim("source-2", polarity="denied")
    assert ties([denial]) == []
    tie_ = only(ties([make_claim(), denial]))
    assert (tie_.status, tie_.independent, tie_.disputed) == ("reported", 1, True)
    assert tie_.denial_ids == (denial.id,)
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
    claims = [make_claim(), denial]
    if not changes:
        claims.append(make_claim("source-2", modality="opinion", supersedes=denial.id))
    assert only(ties(claims)) == only(ties([make_claim()]))


def test_a_retracted_claim_supersedes_nothing() -> None:
    """Taking a correction back brings the first claim back."""
    first = make_claim(when="2010")
    second = make_claim(when="2011", supersedes=first.id)
    withdrawn = second.model_copy(update={"retracted": {"on": DAY, "reason": "It erred."}})
    assert only(ties([first, second])).claim_ids == (second.id,)
    assert only(ties([first, withdrawn])).claim_ids == (first.id,)


# Independent accounts


def count_accounts(*chains: tuple[str, ...], **documents: dict[str, Any]) -> int:
    """How many independent accounts claims with these chains are, in the order of publication.

    `documents` has fields of the sources by their ids, with a low line for each hyphen.
    """
    claims = [
        make_claim(chain[0], said_by=chain, when=f"20{n:02}") for n, chain in enumerate(chains)
    ]
    links = dict.fromkeys(link for chain in chains for link in chain if link not in TYPES)
    sources = [
        make_source(link, published=f"2001-01-{n:02}", **documents.get(link.replace("-", "_"), {}))
        for n, link in enumerate(links, 1)
    ]
    return only(ties(claims, sources=sources)).independent


def test_one_newsletter_is_one_account_whatever_it_cites() -> None:
    """However many experts and studies stand behind it: nobody here has read them."""
    assert count_accounts(("letter", "study"), ("letter", "person-1"), ("letter", "person-2")) == 1


def test_a_study_and_the_newsletter_that_cites_it_are_one() -> None:
    """Both hang on the study; five articles do too."""
    assert count_accounts(("study",), ("letter", "study")) == 1
    assert count_accounts(*[(f"article-{n}", "study") for n in range(5)]) == 1


def test_a_notice_that_cites_nothing_stands_apart() -> None:
    """An official notice beside the newsletter is a second account."""
    assert count_accounts(("letter", "study"), ("notice",)) == 2
    assert count_accounts(("letter", "person-1"), ("notice", "person-1")) == 1


def test_documents_of_one_publisher_are_one() -> None:
    """As an entity, as a name that is spelled alike, and as the speaker in another's chain."""
    one, other = {"publisher": "organization-1"}, {"publisher": "organization-2"}
    assert count_accounts(("report",), ("list",), report=one, list=one) == 1
    assert count_accounts(("report",), ("list",), report=one, list=other) == 2
    assert count_accounts(("report",), ("letter", "organization-1"), report=one) == 1
    assert (
        count_accounts(("a",), ("b",), a={"publisher": "Some Press"}, b={"publisher": "some press"})
        == 1
    )


def test_three_editions_of_one_list_are_one_documented_account() -> None:
    """Known publisher, and primary all the same."""
    chains = [(f"list-{year}", "publicbody-1") for year in (2020, 2021, 2022)]
    fields: dict[str, Any] = {"kind": "official_list", "publisher": "publicbody-1"}
    sources = [
        make_source("list-2020", **fields),
        *(make_source(f"list-{n}", **fields, edition_of="list-2020") for n in (2021, 2022)),
    ]
    claims = [make_claim(chain[0], said_by=chain) for chain in chains]
    tie_ = only(ties(claims, sources=sources))
    assert (tie_.status, tie_.independent) == ("documented", 1)
    assert count_accounts(("a",), ("b",), b={"edition_of": "a"}) == 1
    assert count_accounts(("a",), ("b",), a={"edition_of": "c"}, b={"edition_of": "c"}) == 1


def test_a_described_group_is_no_named_speaker() -> None:
    """Experts in two documents are not one, and make nothing independent."""
    assert count_accounts(("a", "group-1"), ("b", "group-1")) == 2
    assert count_accounts(("a", "group-1"), ("a", "group-2")) == 1


def test_a_later_paper_that_cites_both_takes_nothing_from_them() -> None:
    """It comes after the two that it cites, and adds nothing."""
    assert count_accounts(("a",), ("b",), ("c", "a", "b"), ("d",)) == 3


def test_accounts_are_counted_as_they_came_out() -> None:
    """A day in doubt by its latest, unknown days last, then shorter chains, then ids."""
    claims = [
        make_claim("early"),
        make_claim("late"),
        make_claim("both", said_by=["both", "early", "late"]),
    ]
    sources = [
        make_source("early", published="2010", read_on=None),
        make_source("late", published="2011", read_on=None),
        make_source("both", published="2010-12/2012", read_on=None),
    ]
    tie_ = only(ties(claims, sources=sources))
    assert [a.support.claim_id for a in accounts(tie_)] == [c.id for c in claims]
    (first, second, third) = accounts(tie_)
    assert (first.shares, second.shares) == ((), ())
    assert third.shares == ((claims[0].id, ("early",)), (claims[1].id, ("late",)))
    undated = [sources[0], sources[1], make_source("both", read_on=None)]
    assert only(ties(claims, sources=undated)).independent == 2
    first_out = [sources[0], sources[1], make_source("both", published="2009", read_on=None)]
    assert only(ties(claims, sources=first_out)).independent == 1


WEAKER = [m for m in ("alleged", "planned") if ONTOLOGY.modalities[m].status]


@pytest.mark.parametrize("modality", WEAKER)
def test_an_account_that_says_less_adds_nothing(modality: str) -> None:
    """Not to the number of accounts, nor to the days, and it takes no mark away."""
    reading = {"inferred": ["supplier"], "note": "No firm is named."}
    report = make_claim("source-1", when="2010", **reading)
    weaker = make_claim("source-2", when="2015", modality=modality)
    tie_ = only(ties([report, weaker]))
    assert (tie_.status, tie_.independent, tie_.inferred) == ("reported", 1, ("supplier",))
    assert (tie_.first, tie_.last) == (date(2010, 1, 1), date(2010, 12, 31))
    assert tie_.claim_ids == (report.id, weaker.id)
    assert [a.weaker for a in accounts(tie_)] == [False, True]
    alone = only(ties([weaker]))
    assert (alone.status, alone.independent, alone.inferred) == (modality, 1, ())


def test_a_weaker_account_that_came_first_takes_nothing_from_a_later_one() -> None:
    """A report that hangs on what an allegation hung on is the first of its kind."""
    claims = [
        make_claim("early", modality="alleged", said_by=["early", "person-1"]),
        make_claim("late", said_by=["late", "person-1"]),
    ]
    sources = [make_source("early", published="2010"), make_source("late", published="2011")]
    assert only(ties(claims, sources=sources)).independent == 1


def test_a_report_beside_a_primary_document_counts() -> None:
    """Both assert it: the newsletter and an official notice that it does not cite are two."""
    fields: dict[str, Any] = {"kind": PRIMARY[0], "publisher": "publicbody-1"}
    notice = make_claim("notice", said_by=["notice", "publicbody-1"])
    tie_ = only(ties([notice, make_claim("letter")], sources=[make_source("notice", **fields)]))
    assert (tie_.status, tie_.independent) == ("documented", 2)


@few
@given(datasets(max_claims=20), asked_days, asked_days)
def test_independence_is_what_going_through_the_claims_says(
    dataset: Dataset, as_of: date | None, known_by: date | None
) -> None:
    """In the words of the design: documents, speakers, publishers, one account after another."""
    claims_by_id = {claim.id: claim for claim in dataset.claims}
    one = merged(dataset.judgements)

    def hangs_on(claim: Claim) -> set[str]:
        documents = [dataset.sources[link] for link in claim.said_by if link in dataset.sources]
        ids = {link for link in claim.said_by if dataset.types.get(link) != "Group"}
        ids |= {d.publisher.lower().replace(" ", "-") for d in documents if d.publisher}
        ids |= {d.edition_of for d in documents if d.edition_of}
        return {one.get(i, i) for i in ids}

    def came_out(claim: Claim) -> tuple[date, int, str]:
        return dataset.sources[claim.source].known_days[1], len(claim.said_by), claim.id

    for tie_ in projection(dataset, as_of=as_of, known_by=known_by):
        counting: list[set[str]] = []
        claims = [claims_by_id[i] for i in tie_.claim_ids]
        stated = [claim for claim in claims if claim.modality == "stated"]
        alleged = [claim for claim in claims if claim.modality == "alleged"]
        strongest = stated or alleged or claims
        sure = [c for c in strongest if surely(c, dataset.sources[c.source], as_of, known_by)]
        if any(claim_status(c, dataset.sources[c.source]) == tie_.status for c in sure):
            strongest = sure
        for claim in sorted(strongest, key=came_out):
            if not any(hangs_on(claim) & other for other in counting):
                counting.append(hangs_on(claim))
        assert tie_.independent == len(counting)


# Origins


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
    claims = [
        make_claim("source-1", said_by=["source-1", "organization-1"]),
        make_claim("source-2", said_by=["source-2", "organization-2"]),
    ]
    assert only(ties(claims)).independent == 2
    one = only(ties(claims, [make_judgement("organization-1", "organization-2")]))
    assert (one.independent, one.origin_ids) == (1, ("organization-1",))


# Readings, and what is only told jointly


def test_a_tie_is_inferred_while_every_account_infers_an_end() -> None:
    """One account that names both ends makes it no reading any more."""
    reading = {"inferred": ["supplier", "when"], "when": "2010", "note": "No firm is named."}
    first = make_claim(**reading)
    assert only(ties([first])).inferred == ("supplier",)
    other = make_claim("source-2", inferred=["recipient"], note="Whose police is not said.")
    assert only(ties([first, other])).inferred == ("recipient", "supplier")
    assert only(ties([first, other, make_claim("source-3")])).inferred == ()
    dated = make_claim(inferred=["when"], when="2010", note="x")
    assert (only(ties([dated])).inferred, only(ties([dated])).date_inferred) == ((), True)
    certain = make_claim("source-2", when="2010")
    undated = make_claim("source-2")
    assert not only(ties([dated, certain])).date_inferred
    assert only(ties([dated, undated])).date_inferred and not only(ties([undated])).date_inferred


def test_who_says_so_may_be_a_reading() -> None:
    """A tie says it while every claim of its basis leaves the speaker to a reading."""
    read = make_claim(inferred=["said_by"], note="No speaker is named.")
    assert only(ties([read])).speaker_inferred and not only(ties([read])).inferred
    plain = make_claim("source-2")
    assert not only(ties([read, plain])).speaker_inferred
    weaker = plain.model_copy(update={"modality": "alleged"})
    assert only(ties([read, weaker])).speaker_inferred


DOUBTFUL = [{"when": "2010?"}, {"when": "2010%"}, {"when": "2009/2010?"}]
READ = {"when": "2010", "inferred": ["when"], "note": "The year is that of the sentence before."}


@pytest.mark.parametrize("fields", [*DOUBTFUL, READ])
def test_a_date_in_doubt_is_certain_on_no_day(fields: dict[str, Any]) -> None:
    """It may be wrong altogether, and so may one that the editors read."""
    claim = make_claim(**fields)
    for day in (date(2010, 6, 1), date(2012, 1, 1), DAY):
        assert only(ties([claim], as_of=day)).match is Match.POSSIBLY
        assert ties([claim], as_of=day, certain=True) == []
    assert only(ties([make_claim(when="2010~")], as_of=date(2012, 1, 1))).match is Match.YES


def test_what_only_possibly_counts_adds_nothing_to_what_surely_does() -> None:
    """Neither an account nor a day; and a stronger status that is only possible says so."""
    sure = make_claim("source-1", when="2010")
    unsure = make_claim("source-2", when="2011")
    moment = {"as_of": date(2011, 6, 1)}
    tie_ = only(ties([sure, unsure], **moment))
    assert (tie_.match, tie_.independent, tie_.basis_ids) == (Match.YES, 1, (sure.id,))
    assert {*tie_.claim_ids} == {sure.id, unsure.id} and tie_.last == date(2010, 12, 31)
    assert [a.weaker for a in accounts(tie_)].count(True) == 1
    both = only(ties([unsure, make_claim("source-3", when="2011")], **moment))
    assert (both.match, both.independent) == (Match.POSSIBLY, 2)
    notice = make_source("notice", kind=PRIMARY[0])
    document = make_claim("notice", when="2011")
    tie_ = only(ties([sure, document], sources=[notice], **moment))
    assert (tie_.status, tie_.match, tie_.independent) == ("documented", Match.POSSIBLY, 2)


def test_what_is_told_jointly_is_no_tie() -> None:
    """Which of two got which of two things is not said; one side with one filler is."""
    roles = {
        "supplier": ["company-1"],
        "recipient": ["state-1", "state-2"],
        "item": ["technology-1", "technology-2"],
    }
    types = [t.key.type for t in ties([make_claim(roles=roles)])]
    assert types == ["PROVIDES", "PROVIDES", "SUPPLIES", "SUPPLIES"]
    alone = ties([make_claim(roles=roles | {"recipient": ["state-1"]})])
    assert len([t for t in alone if t.key.type == "ACQUIRED"]) == 2


def test_two_that_are_merged_are_one_filler() -> None:
    """A pair of names of one entity is no second filler."""
    roles = {"supplier": ["company-1", "company-2"], "recipient": ["state-1", "state-2"]}
    assert ties([make_claim(roles=roles)]) == []
    assert len(ties([make_claim(roles=roles)], [make_judgement("company-1", "company-2")])) == 2


def test_an_intermediary_is_marked() -> None:
    """Who stands between supplies through; a claim that it supplied by itself says more."""
    roles = {"supplier": "company-1", "recipient": "state-1", "via": "company-2"}
    by_key = {t.key: t for t in ties([make_claim(roles=roles)])}
    between = TieKey("company-2", "SUPPLIES", "state-1")
    assert by_key[between].intermediary and not by_key[SUPPLY].intermediary
    assert TieKey("company-1", "SUPPLIES_THROUGH", "company-2") in by_key
    own = make_claim("source-2", roles={"supplier": "company-2", "recipient": "state-1"})
    assert not {t.key: t for t in ties([make_claim(roles=roles), own])}[between].intermediary
    plan = own.model_copy(update={"modality": "planned"})
    assert {t.key: t for t in ties([make_claim(roles=roles), plan])}[between].intermediary


def test_a_mark_stands_until_a_claim_needs_none() -> None:
    """Neither of an intermediary and a reading states that the one supplied the other."""
    via = make_claim(roles={"supplier": "company-1", "recipient": "state-1", "via": "company-2"})
    roles = {"supplier": "company-2", "recipient": "state-1"}
    read = make_claim("source-2", roles=roles, inferred=["supplier"], note="A firm is named.")
    between = TieKey("company-2", "SUPPLIES", "state-1")
    tie_ = {t.key: t for t in ties([via, read])}[between]
    assert (tie_.intermediary, tie_.inferred, tie_.independent) == (True, ("supplier",), 2)
    plain = make_claim("source-3", roles=roles)
    tie_ = {t.key: t for t in ties([via, read, plain])}[between]
    assert (tie_.intermediary, tie_.inferred) == (False, ())


def test_what_was_looked_for_and_not_found_is_no_denial() -> None:
    """It makes no tie, and disputes none."""
    search = make_claim("source-2", polarity="not_found")
    assert ties([search]) == []
    assert only(ties([make_claim(), search])) == only(ties([make_claim()]))


# Days


def test_first_and_last_day_span_the_affirming_claims() -> None:
    """First and last are of the facts, whatever the denials and the undated claims say."""
    claims = [
        make_claim("source-1", when="2010-03"),
        make_claim("source-2", when="2012/2013"),
        make_claim("source-3"),
        make_claim("source-4", when="1999", polarity="denied"),
    ]
    tie_ = only(ties(claims))
    assert (tie_.first, tie_.last) == (date(2010, 3, 1), date(2013, 12, 31))
    assert (only(ties(claims[2:])).first, only(ties(claims[2:])).last) == (None, None)


def days_of(text: str) -> list[date]:
    """Every day that `2015-03` or `2015-03-14` may mean."""
    first = date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    month = (first + timedelta(n) for n in range(1 if len(text) == 10 else 31))
    return [day for day in month if day.month == first.month]


months = st.sampled_from(["2015-01", "2015-02", "2015-03", "2015-04"])
spans = months | st.builds("{}-{:02}".format, months, st.integers(1, 28))


def verdict(cases: Iterator[bool]) -> Match:
    """Yes if it is so in every case, no if in none."""
    outcomes = list(cases)
    return Match.YES if all(outcomes) else Match.POSSIBLY if any(outcomes) else Match.NO


@few
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
        in_force = verdict(a <= as_of <= b for a, b in runs)
    else:
        in_force = verdict(a <= as_of for a, _ in runs)
    in_print = verdict(day <= known_by for day in days_of(published))
    claim = make_claim(predicate=predicate, roles=roles, when=f"{start}/{end}")
    source = make_source(published=published, read_on=None)

    moments: list[tuple[dict[str, Any], Match]] = [
        ({"as_of": as_of}, in_force),
        ({"known_by": known_by}, in_print),
        (
            {"as_of": as_of, "known_by": known_by},
            min(in_force, in_print, key="no possibly yes".index),
        ),
    ]
    for moment, expected in moments:
        matches = [t.match for t in ties([claim], sources=[source], **moment)]
        assert matches == ([] if expected is Match.NO else [expected])
        sure = [t.match for t in ties([claim], sources=[source], **moment, certain=True)]
        assert sure == ([Match.YES] if expected is Match.YES else [])


@few
@given(datasets(), asked_days, asked_days, st.booleans())
def test_a_moment_is_the_projection_of_the_claims_that_pass(
    dataset: Dataset, as_of: date | None, known_by: date | None, certain: bool
) -> None:
    """Projecting a stored tie again at a moment is projecting those of its claims that pass."""
    moment: dict[str, Any] = {"as_of": as_of, "known_by": known_by, "certain": certain}
    at_once = projection(dataset, **moment)
    again = [tie(t.key, t.supports, **moment) for t in projection(dataset)]
    assert [t for t in again if t is not None] == at_once
    everything = {t.key: t for t in projection(dataset)}
    for t in at_once:
        assert set(t.supports) <= set(everything[t.key].supports)
        assert t.rank <= everything[t.key].rank
        assert not certain or t.match is Match.YES


def test_dispute_belongs_to_its_time_too() -> None:
    """A denial that was not out yet disputes nothing."""
    claims = [make_claim(), make_claim("source-2", polarity="denied")]
    sources = [
        make_source("source-1", published="2010-01-01"),
        make_source("source-2", published="2012-01-01"),
    ]
    assert not only(ties(claims, sources=sources, known_by=date(2011, 1, 1))).disputed
    assert only(ties(claims, sources=sources, known_by=date(2013, 1, 1))).disputed


def test_an_undated_claim_is_possible_on_any_day() -> None:
    """Nothing ever defaults to a day."""
    for predicate, roles in (
        ("supplies", {"supplier": ["state-1"], "recipient": ["state-2"]}),
        ("allied_with", {"party": ["state-1", "state-2"]}),
    ):
        claims = [make_claim(predicate=predicate, roles=roles)]
        assert only(ties(claims, as_of=date(1800, 1, 1))).match is Match.POSSIBLY
        assert ties(claims, as_of=date(1800, 1, 1), certain=True) == []


def test_an_open_end_is_vouched_for_up_to_the_source() -> None:
    """After the day of its source a state that is still going on is only possible."""
    parties = {"party": ["state-1", "state-2"]}
    claims = [make_claim(predicate="allied_with", roles=parties, when="2010-01-01/..")]
    source = [make_source(published="2015-06-01")]
    for day, match in ((date(2015, 6, 1), Match.YES), (date(2015, 6, 2), Match.POSSIBLY)):
        assert only(ties(claims, sources=source, as_of=day)).match is match


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
        claim = make_claim(predicate="allied_with", roles={"party": parties})
        assert [t.key[::2] for t in ties([claim])] == [("state-1", "state-2")]
    three = {"party": ["state-2", "person-1", "state-1"]}
    claim = make_claim(predicate="allied_with", roles=three)
    assert [t.key[::2] for t in ties([claim])] == [
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


def test_merging_puts_ties_on_the_id_that_stays() -> None:
    """A chain of judgements is one group; its ties are those of the id that none puts away."""
    claims = [
        make_claim("source-1"),
        make_claim("source-2", roles={"supplier": "company-2", "recipient": "state-1"}),
    ]
    assert len(ties(claims)) == 2
    tie_ = only(ties(claims, [make_judgement("company-1", "company-2")]))
    assert (tie_.key, tie_.independent) == (SUPPLY, 2)
    other = only(ties(claims, [make_judgement("company-2", "company-1")]))
    assert other.key == TieKey("company-2", "SUPPLIES", "state-1")
    chain = [make_judgement("d", "c"), make_judgement("b", "a"), make_judgement("c", "b")]
    assert merged(chain) == {"a": "d", "b": "d", "c": "d"}
    assert merged([make_judgement("b", "c"), make_judgement("a", "c")]) == {"b": "a", "c": "a"}


@pytest.mark.parametrize("verdict", ["different", "unsure"])
def test_only_same_merges(verdict: str) -> None:
    """A judgement that two ids differ, or that nobody knows, merges nothing."""
    assert merged([make_judgement("company-2", "company-1", verdict)]) == {}


@given(st.lists(st.tuples(*[st.sampled_from("abcdefgh")] * 2), max_size=12), st.randoms())
def test_order_of_judgements_is_irrelevant(pairs: list[tuple[str, str]], random: Any) -> None:
    """Each group has one id, here by spreading over neighbours until nothing moves.

    It is the lowest of those that are never on the right, or else of all.
    """
    judgements = [make_judgement(a, b) for a, b in pairs]
    right = {b for _, b in pairs}
    best = {i: (i in right, i) for pair in pairs for i in pair}
    for _ in range(len(best)):
        for a, b in pairs:
            best[a] = best[b] = min(best[a], best[b])
    random.shuffle(judgements)
    assert merged(judgements) == {i: to for i, (_, to) in best.items() if i != to}


@few
@given(datasets())
def test_taking_judgements_back_restores_exactly(dataset: Dataset) -> None:
    """Ties with judgements, then without, are the ties that there were before."""
    before = project(dataset.claims, dataset.sources, dataset.types)
    projection(dataset)
    assert project(dataset.claims, dataset.sources, dataset.types, []) == before


@few
@given(st.lists(any_claim(predicate="supplies"), max_size=8, unique_by=lambda c: c.id))
def test_merging_is_projecting_claims_about_one_id(claims: list[Claim]) -> None:
    """Two merged ids give the ties of claims that had named the lower one all along."""

    def with_other_names(claim: Claim) -> Claim:
        one = {"company-2": "company-1"}
        roles = {r: tuple(one.get(i, i) for i in ids) for r, ids in claim.roles.items()}
        chain = tuple(one.get(i, i) for i in claim.said_by)
        return claim.model_copy(update={"roles": roles, "said_by": chain})

    judgements = [make_judgement("company-1", "company-2")]
    assert ties(claims, judgements) == ties([with_other_names(c) for c in claims])


@pytest.mark.parametrize(
    ("fields", "disputed"),
    [
        ({}, False),
        ({"modality": "alleged"}, False),
        ({"modality": "planned"}, True),
    ],
)
def test_a_denied_plan_disputes_a_plan_alone(fields: dict[str, Any], disputed: bool) -> None:
    """Who denies to plan something says nothing against a report of what happened."""
    denial = make_claim("source-2", polarity="denied", modality="planned")
    tie_ = only(ties([make_claim(**fields), denial]))
    assert (tie_.disputed, tie_.denial_ids) == (disputed, (denial.id,))
    other = make_claim("source-3", polarity="denied")
    assert only(ties([make_claim(**fields), denial, other])).disputed


_MEMBER = {"predicate": "owns", "roles": {"owner": "company-1", "owned": "company-2"}}


@pytest.mark.parametrize(
    ("claims", "past"),
    [
        ([{"when": "2010/2012"}], True),
        ([{"when": "2010/2012?"}], True),
        ([{"when": "2015"}], True),
        ([{"when": "../2012"}], True),
        ([{"when": "2010/2012", "modality": "alleged"}], True),
        ([{"when": "2010/.."}], False),
        ([{"when": "2010/"}], False),
        ([{"when": "2010/2030"}], False),
        ([{"when": "202X"}], False),
        ([{"when": "XXXX-09"}], False),
        ([{}], False),
        ([{"when": "2010/2012"}, {"when": "2011"}], True),
        ([{"when": "2010/2012"}, {}], False),
        ([{"when": "2010/2012"}, {"when": "2010/..", "modality": "alleged"}], True),
    ],
)
def test_a_state_is_past_where_all_its_claims_end(claims: list[dict[str, Any]], past: bool) -> None:
    """They were recorded in 2024; on a day on which it was so it is not past."""
    every = [make_claim(f"source-{n}", **_MEMBER, **c) for n, c in enumerate(claims, 1)]
    assert only(ties(every)).past is past
    assert not any(tie_.past for tie_ in ties(every, as_of=date(2011, 6, 1)))


@pytest.mark.parametrize(
    ("fields", "past"),
    [
        ({"when": "2015"}, False),
        ({"when": "2015", "modality": "planned"}, True),
        ({"when": "2030", "modality": "planned"}, False),
        ({"modality": "planned"}, False),
    ],
)
def test_a_plan_is_past_when_its_day_has_come(fields: dict[str, Any], past: bool) -> None:
    """The words of what happened are in the past anyway."""
    assert only(ties([make_claim(**fields)])).past is past
