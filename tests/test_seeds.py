"""seeds/: the data set that the repository brings, against the text that it was taken from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from graph.dataset import Dataset, check, read
from graph.model import TieKey
from graph.passages import passages
from graph.projection import project
from graph.queries.entity_ties import ties_of_entity
from graph.queries.subgraph import subgraph
from graph.queries.tie_lists import TieFilters
from graph.store.loader import load
from graph.text import Text, TextStore, locate
from graph.text import read as read_text
from tests.sync_store import SyncStore

ARTICLE = (
    Path(__file__).parents[2]
    / "shared/articles/lisas-top-ten-chinese-technology-aiding-crackdown.txt"
)

#: So many words in a row that stand in the article are the article's, and not ours.
BORROWED = 8
PROMISED = [
    "china", "iran", "tiandy", "zte", "huawei", "irgc", "basij", "china-iran-pact", "fdd",
    "uyghurs",
]  # fmt: skip


@pytest.fixture(scope="module")
def dataset(seeds: Path) -> Dataset:
    """The seeds, whole."""
    return read([seeds])


@pytest.fixture(scope="module")
def article() -> Text:
    """The text of the article that the seeds were taken from; it is no part of the repository."""
    if not ARTICLE.exists():
        pytest.skip(
            "Left out: the seeds beside the text of their article, "
            f"which belongs to its publisher and is not in {ARTICLE.parent}."
        )
    return read_text(ARTICLE)


@pytest.fixture(scope="module")
def texts(article: Text, tmp_path_factory: pytest.TempPathFactory) -> TextStore:
    """A text store that holds the article."""
    store = TextStore(tmp_path_factory.mktemp("texts"))
    store.add(article)
    return store


def test_the_seeds_have_no_fault(seeds: Path) -> None:
    """Checked whole, but for the text of the article."""
    report = check([seeds])
    assert [str(fault) for fault in report.faults] == []
    assert report.name == "sightlines-seeds"


def test_every_locator_is_right(seeds: Path, texts: TextStore) -> None:
    """Each one leads to the passage of the article that has its hash."""
    assert [str(fault) for fault in check([seeds], texts=texts).faults] == []


def test_the_article_is_the_one_that_was_read(article: Text) -> None:
    """The text has the paragraphs, the hash and the places that the seeds rely on."""
    assert len(article.paragraphs) == 34
    assert article.sha256 == "284a9ae6b0db194cc447777109dab3c7b459c4cd6a5736ac3477cd4b2253e424"
    assert not any("\u00a0" in paragraph for paragraph in article.paragraphs)
    places = [place[:3] for place in locate(article, "Tiandy")]
    assert places == [
        (17, 28, 34),
        (19, 6, 12),
        (20, 62, 68),
        (21, 35, 41),
        (22, 44, 50),
        (26, 253, 259),
        (29, 101, 107),
    ]
    assert [place[:2] for place in locate(article, "Ilan\u00a0Berman")] == [(9, 247)]


def test_every_claim_can_be_looked_up(dataset: Dataset, texts: TextStore) -> None:
    """Each one quotes at least one passage of the article, which is held and verified."""
    quotations = passages(dataset.claims, dataset.sources, texts)
    assert quotations.keys() == {claim.id for claim in dataset.claims}
    assert all(quotations.values())


def test_ids_that_others_rely_on_are_there(dataset: Dataset) -> None:
    """These ids stand in examples, in tests and in links."""
    assert set(PROMISED) <= dataset.entities.keys()


def test_the_pact_is_one_agreement_with_two_claims(dataset: Dataset) -> None:
    """What the article says of it twice is said of one entity, by both states."""
    claims = [c for c in dataset.claims if "china-iran-pact" in c.roles.get("agreement", ())]
    parties = [c for c in claims if c.predicate == "party_to"]
    assert len(parties) == 2
    assert all(set(c.roles["party"]) == {"china", "iran"} for c in parties)
    assert sum("strategic" in e.label.lower() for e in dataset.entities.values()) == 1


def test_the_ties_that_the_article_is_about(dataset: Dataset) -> None:
    """Tiandy supplies three forces of Iran, and ZTE supplies Iran."""
    ties = project(dataset.claims, dataset.sources, dataset.types, dataset.judgements)
    recipients: dict[str, set[str]] = {}
    for tie in ties:
        if tie.key.type == "SUPPLIES":
            recipients.setdefault(tie.key.source, set()).add(tie.key.target)
    assert {"irgc", "iranian-national-police", "iranian-military"} <= recipients["tiandy"]
    assert "iran" in recipients["zte"]


def test_the_store_answers_from_the_seeds(store: SyncStore, seeds: Path, dataset: Dataset) -> None:
    """Loaded, Tiandy's ties and the evidence of one of them are those of the files."""
    result = load(store, [seeds])
    assert result.counts["claim"] == len(dataset.claims)
    filters = TieFilters(types=["SUPPLIES"])
    supplies = store.read(
        lambda reader: ties_of_entity(reader, "tiandy", direction="out", filters=filters)
    )
    assert supplies is not None
    assert {"irgc", "iranian-national-police", "iranian-military"} <= {
        t.key.target for t in supplies.page.items
    }
    docket = store.ask(subgraph([TieKey("tiandy", "SUPPLIES", "irgc")]))
    (tie,) = docket.ties
    assert tie.origins >= 1
    assert all(c.evidence and c.said_by for c in docket.claims.values())


def words(text: str) -> list[str]:
    """The words of a text, without case and punctuation."""
    return re.findall(r"\w+", text.lower().replace("’", "'").replace("'", ""))


def runs(text: str) -> Iterator[str]:
    """Every run of so many words that are no longer ours."""
    split = words(text)
    for start in range(len(split) - BORROWED + 1):
        yield " ".join(split[start : start + BORROWED])


def prose(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Every text of the seeds that we wrote, with what it belongs to."""
    for claim in dataset.claims:
        for text in (claim.summary, claim.note, claim.when_note, *claim.details.values()):
            yield claim.summary, text or ""
    for entity in dataset.entities.values():
        yield entity.id, entity.description or ""
    for source in dataset.sources.values():
        for text in (source.description, source.published_note):
            yield source.id, text or ""


def test_the_seeds_are_in_our_own_words(dataset: Dataset, article: Text) -> None:
    """No eight words in a row are the article's, but for the names that their bearers have."""
    names = [name.text for entity in dataset.entities.values() for name in entity.names]
    theirs = {run for paragraph in article.paragraphs for run in runs(paragraph)}
    borrowed = [
        (where, run)
        for where, text in prose(dataset)
        for run in runs(unnamed(text, names))
        if run in theirs
    ]
    assert borrowed == []


def unnamed(text: str, names: Sequence[str]) -> str:
    """A text with a word of its own in the place of every long name."""
    for name in names:
        if len(name.split()) > 3:
            text = text.replace(name, "somebody")
    return text
