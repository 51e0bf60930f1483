"""seeds/: the data set that the repository brings, against the text that it was taken from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path

import pytest

from graph.dataset import Dataset, check, read
from graph.dataset.edit_yaml import items
from graph.dataset.files import find_files
from graph.model import Tie, TieKey
from graph.ontology import ONTOLOGY
from graph.passages import passages
from graph.projection import project
from graph.queries.entity_ties import ties_of_entity
from graph.queries.subgraph import subgraph
from graph.queries.tie_lists import TieFilters
from graph.store.loader import load
from graph.store.mapping import entity_row
from graph.text import Text, TextStore, locate
from graph.text import read as read_text
from tests.sync_store import SyncStore

ARTICLES = Path(__file__).parents[2] / "shared/articles"
ARTICLE = ARTICLES / "lisas-top-ten-chinese-technology-aiding-crackdown.txt"

#: So many words in a row that stand in the article are the article's, and not ours.
BORROWED = 8
PROMISED = [
    "china", "iran", "tiandy", "zte", "huawei", "irgc", "basij", "china-iran-pact", "fdd",
    "uyghurs",
]  # fmt: skip


@pytest.fixture(scope="module")
def dataset(seeds: Path) -> Dataset:
    """The set that was taken from the article."""
    return read([seeds / "top-ten-2022"])


@pytest.fixture(scope="module")
def whole(seeds: Path) -> Dataset:
    """All sets of the seeds."""
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
    """A text store that holds the article and the press releases."""
    store = TextStore(tmp_path_factory.mktemp("texts"))
    for path in ARTICLES.glob("*-*.txt"):
        store.add(read_text(path))
    assert article.sha256 in store
    return store


def test_the_seeds_have_no_fault(seeds: Path) -> None:
    """Checked whole, but for the text of the article."""
    report = check([seeds])
    assert [str(fault) for fault in report.faults] == []
    assert report.name == "top-ten-2022, treasury-2012, treasury-2022"


def test_every_locator_is_right(seeds: Path, texts: TextStore) -> None:
    """Each one leads to the passage of the article that has its hash."""
    assert [str(fault) for fault in check([seeds], texts=texts).faults] == []


def test_the_article_is_the_one_that_was_read(article: Text) -> None:
    """The text has the paragraphs, the hash and the places that the seeds rely on."""
    assert len(article.paragraphs) == 34
    assert article.sha256 == "284a9ae6b0db194cc447777109dab3c7b459c4cd6a5736ac3477cd4b2253e424"
    assert not any("\u00a0" in paragraph for paragraph in article.paragraphs)
    places = [place[:3] for (place,) in locate(article, "Tiandy")]
    assert places == [
        (17, 28, 34),
        (19, 6, 12),
        (20, 62, 68),
        (21, 35, 41),
        (22, 44, 50),
        (26, 253, 259),
        (29, 101, 107),
    ]
    assert [place[:2] for (place,) in locate(article, "Ilan\u00a0Berman")] == [(9, 247)]


def test_every_claim_can_be_looked_up(whole: Dataset, texts: TextStore) -> None:
    """Each one quotes at least one passage of its text, which is held and verified."""
    quotations = passages(whole.claims, whole.sources, texts)
    assert quotations.keys() == {claim.id for claim in whole.claims}
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
    assert all("agreement" in c.inferred or "party" in c.inferred for c in parties)


def test_the_ties_that_the_article_is_about(dataset: Dataset) -> None:
    """Tiandy supplies three forces of Iran, and ZTE supplies Iran."""
    ties = project(dataset.claims, dataset.sources, dataset.types, dataset.judgements)
    recipients: dict[str, set[str]] = {}
    for tie in ties:
        if tie.key.type == "SUPPLIES":
            recipients.setdefault(tie.key.source, set()).add(tie.key.target)
    assert {"irgc", "iranian-national-police", "iranian-military"} <= recipients["tiandy"]
    assert "iran" in recipients["zte"]


def sentences(dataset: Dataset) -> dict[str, Tie]:
    """The ties of a data set by the sentence that each is read as, without its readings."""
    entities = dataset.entities
    ties = project(dataset.claims, dataset.sources, dataset.types, dataset.judgements)
    return {
        f"{entities[t.key.source].label} "
        f"{ONTOLOGY.verb(t.key.type, t.status, plural=entities[t.key.source].plural)} "
        f"{entities[t.key.target].label}": t
        for t in ties
    }


def test_one_newsletter_is_one_account(dataset: Dataset) -> None:
    """However many experts and documents it cites, and whatever the status of the tie."""
    assert {tie.independent for tie in sentences(dataset).values()} == {1}


def test_what_a_press_release_says_as_well(whole: Dataset) -> None:
    """Those ties alone are told by two that share neither document, nor speaker, nor publisher."""
    ties = sentences(whole)
    assert {sentence for sentence, tie in ties.items() if tie.independent == 2} == {
        "morality police detained Mahsa Amini",
        "morality police are part of Iran",
        "protests in Iran came after death of Mahsa Amini",
    }
    # The newsletter reports it, and the release accuses: that is no second report.
    assert ties["Iran harmed protesters in Iran"].independent == 1
    assert {tie.independent for tie in ties.values()} == {1, 2}


def test_an_excerpt_says_so(whole: Dataset) -> None:
    """The records of the press releases tell that only their beginning was read."""
    releases = [s for s in whole.sources.values() if s.publisher == "us-treasury"]
    assert len(releases) == 2
    assert all("an excerpt" in (source.description or "") for source in releases)


def test_what_a_lawyer_would_stop(whole: Dataset) -> None:
    """These sentences are not said: the text does not say them, or they say nothing."""
    everything = "\n".join(sentences(whole))
    for sentence in (
        "Mahsa Amini took part in", "hostile to", "Tiandy’s technology", "ZTE’s",
        "China granted", "Iran granted", "tiger chairs is", "tiger chairs are part of",
        "questioned United States", "appealed to United States", "Iran pursues nuclear",
        "acquired thermal", "acquired surveillance video", "Iran used smart",
        "protests in Iran took place", "unrest in China took place",
        "Tiandy Technologies makes Tiandy",
        "demonstration in New York City", "states threatened by Iran", "pursues U.S. sanctions",
        "Ahmad Vahidi deployed", "Ahmad Vahidi controls",
    ):  # fmt: skip
        assert sentence not in everything, sentence


def test_readings_are_marked_where_they_are_read(dataset: Dataset) -> None:
    """Who supplied what is a reading, in two sentences; what it rests on is told."""
    ties = sentences(dataset)
    supplies = [t for t in ties.values() if t.key.type == "SUPPLIES" and t.key.source != "china"]
    assert len(supplies) == 4
    assert all(t.inferred == ("supplier",) for t in supplies)
    assert ties["ZTE supplied Iran"].origin_ids == ("fdd-study",)
    assert ties["Iran plans to use smart technologies"].status == "planned"
    for claim in dataset.claims:
        assert bool(claim.note) or not claim.inferred


def test_what_is_taken_for_granted_is_an_opinion(dataset: Dataset) -> None:
    """Philips states what he is asked about: posts are the article's word, the trade his own."""
    stated = {
        c.predicate for c in dataset.claims if c.modality == "stated" and "jim-philips" in c.said_by
    }
    assert stated == {"trades_with"}


def test_a_word_that_is_no_name_is_no_name(dataset: Dataset) -> None:
    """The article's words for Iran's rulers help search, and stand nowhere else."""
    epithets = {n.text for e in dataset.entities.values() for n in e.names if n.kind == "epithet"}
    assert "the mullahs" in epithets
    row = entity_row(dataset.entities["iran"])
    assert not epithets & set(row["names"])
    assert "mullahs" in row["search_text"]
    texts = [text for _, text in prose(dataset)] + list(sentences(dataset))
    assert not any("mullah" in text for text in texts)


def test_a_claim_is_short(seeds: Path) -> None:
    """As it is written, with its id above it, a claim takes at most twelve lines."""
    for file in find_files([seeds])[0]:
        lines = file.path.read_text(encoding="utf-8").splitlines()
        for item in items(file):
            assert lines[item.line - 2].split() == ["#", *item.ids], (file.name, item.line)
            indents = (len(line) - len(line.lstrip()) for line in lines[item.line :] if line)
            own = takewhile((item.column - 1).__le__, indents)
            assert 2 + sum(1 for _ in own) <= 12, (file.name, item.line)


def test_the_store_answers_from_the_seeds(store: SyncStore, seeds: Path, whole: Dataset) -> None:
    """Loaded, Tiandy's ties and the evidence of one of them are those of the files."""
    result = load(store, [seeds])
    assert result.counts["claim"] == len(whole.claims)
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
    assert tie.independent == 1 and tie.inferred == ("supplier",)
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


def test_the_seeds_are_in_our_own_words(whole: Dataset, texts: TextStore) -> None:
    """No eight words in a row are those of a text, but for the names that their bearers have."""
    names = [name.text for entity in whole.entities.values() for name in entity.names]
    originals = [texts.get(s.text_sha256) for s in whole.sources.values() if s.text_sha256]
    theirs = {run for text in originals if text for p in text.paragraphs for run in runs(p)}
    borrowed = [
        (where, run)
        for where, text in prose(whole)
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
