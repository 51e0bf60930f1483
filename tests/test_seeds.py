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
from graph.text import Text, TextStore
from tests.sync_store import SyncStore

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
def texts(article: Text, tmp_path_factory: pytest.TempPathFactory) -> TextStore:
    """A text store that holds the article."""
    store = TextStore(tmp_path_factory.mktemp("texts"))
    store.add(article)
    return store


def test_the_seeds_have_no_fault(seeds: Path, texts: TextStore) -> None:
    """Checked whole, every locator against the text of the article."""
    checked = check([seeds], texts=texts)
    assert [str(fault) for fault in checked.faults] == []
    assert checked.name == "sightlines-seeds"


def test_every_claim_can_be_looked_up(dataset: Dataset, texts: TextStore) -> None:
    """Each one quotes at least one passage of the article, which is held and verified."""
    quoted = passages(dataset.claims, dataset.sources, texts)
    assert quoted.keys() == {claim.id for claim in dataset.claims}
    assert all(quoted.values())


def test_ids_that_others_rely_on_are_there(dataset: Dataset) -> None:
    """These ids stand in examples, in tests and in links."""
    assert set(PROMISED) <= dataset.entities.keys()


def test_the_pact_is_one_agreement_with_two_claims(dataset: Dataset) -> None:
    """What the article says of it twice is said of one entity, by both states."""
    told = [c for c in dataset.claims if "china-iran-pact" in c.roles.get("agreement", ())]
    parties = [c for c in told if c.predicate == "party_to"]
    assert len(parties) == 2
    assert all(set(c.roles["party"]) == {"china", "iran"} for c in parties)
    assert sum("strategic" in e.label.lower() for e in dataset.entities.values()) == 1


def test_the_ties_that_the_article_is_about(dataset: Dataset) -> None:
    """Tiandy supplies three forces of Iran, and ZTE supplies Iran."""
    ties = project(dataset.claims, dataset.sources, dataset.types, dataset.judgements)
    supplied: dict[str, set[str]] = {}
    for found in ties:
        if found.key.type == "SUPPLIES":
            supplied.setdefault(found.key.source, set()).add(found.key.target)
    assert {"irgc", "iranian-national-police", "iranian-military"} <= supplied["tiandy"]
    assert "iran" in supplied["zte"]


def test_the_store_answers_from_the_seeds(store: SyncStore, seeds: Path, dataset: Dataset) -> None:
    """Loaded, Tiandy's ties and the evidence of one of them are those of the files."""
    loaded = load(store, [seeds])
    assert loaded.counts["claim"] == len(dataset.claims)
    sold = TieFilters(types=["SUPPLIES"])
    supplies = store.read(
        lambda reader: ties_of_entity(reader, "tiandy", direction="out", filters=sold)
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
    found = words(text)
    for start in range(len(found) - BORROWED + 1):
        yield " ".join(found[start : start + BORROWED])


def told(dataset: Dataset) -> Iterator[tuple[str, str]]:
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
        for where, text in told(dataset)
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
