"""graph/queries/search.py: names in every script, and ids that are nearly right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from graph.fold import apart, fold, folds, search_text, words
from graph.matching import lucene
from graph.model import Entity, TieKey
from graph.queries.search import (
    RecordHit,
    near_claims,
    near_entities,
    near_sources,
    near_ties,
    search,
    search_records,
    suggest,
)
from graph.store.address import Address
from graph.store.loader import load
from tests.conftest import empty
from tests.strategies import make_claim, make_dataset, make_judgement, make_source, write
from tests.sync_store import SyncStore

NAMES = {
    "hikvision": ("Company", ["Hikvision", ("海康威视数字技术", "zh")]),
    "haiyang": ("Company", [("海洋健康", "zh")]),
    "kangshi": ("Company", [("康师傅", "zh")]),
    "huawei": ("Company", ["Huawei", ("华为", "zh")]),
    "tiandy": ("Company", ["Tiandy Technologies"]),
    "tianjin": ("Place", ["Tianjin"]),
    "generale": ("Company", ["Société Générale"]),
    "police": ("PublicBody", [("نیروی انتظامی", "fa")]),
    "seekers": ("Organization", [("می‌خواهم", "fa")]),
    "committee": ("Organization", [("کمیته", "fa")]),
    "bank": ("Company", ["Bank of China"]),
    "trade": ("Programme", ["Trade with Iran"]),
    "iran": ("State", ["Iran", "Islamic Republic", "Tehran", "the regime", "Persia", "IR"]),
    "radio": ("Organization", ["Iran Radio"]),
    "not": ("Organization", ["Not or And"]),
    "unicode": ("Organization", ["Иран Радио"]),
    "seoul": ("Place", [("서울특별시", "ko")]),
    "star": ("Organization", ["★"]),
}

SOURCES = {
    "report": make_source("report", title="The camera report", publisher="Radio Société",
                          authors=("Ann Lee", "王芳")),
    "leak": make_source("leak", title="海康的合同", lang="zh"),
}  # fmt: skip
SOLD = {"supplier": "tiandy", "recipient": "iran"}
SALE = make_claim("report", roles=SOLD, summary="Tiandy sold cameras to the Revolutionary Guards.")
WITHDRAWN = make_claim(
    "leak", roles=SOLD, summary="Tiandy sold cameras to nobody.",
    retracted={"on": "2024-04-01", "reason": "Misread."},
)  # fmt: skip
OLDER = make_claim("leak", roles=SOLD, summary="Tiandy sold radios.", when="2019")
NEWER = make_claim(
    "leak", roles=SOLD, summary="Tiandy gave radios away.", when="2020", supersedes=OLDER.id
)
CLAIMS = [SALE, WITHDRAWN, OLDER, NEWER]


def entities_of(names_by_id: dict[str, tuple[str, list[Any]]]) -> dict[str, Entity]:
    """Entities by their ids, from their types and names."""
    return {
        entity_id: Entity.model_validate(
            {
                "id": entity_id,
                "type": type_,
                "names": [
                    name
                    if isinstance(name, str)
                    else dict(zip(("text", "lang"), name, strict=True))
                    for name in names
                ],
            }
        )
        for entity_id, (type_, names) in names_by_id.items()
    }


@pytest.fixture(scope="module")
def cast_store(address: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SyncStore]:
    """A store of entities with names in several scripts."""
    folder: Path = tmp_path_factory.mktemp("named")
    cast = entities_of(NAMES)
    with SyncStore(address) as store:
        empty(store)
        load(
            store,
            [
                write(
                    folder,
                    make_dataset(entities=cast, sources=list(SOURCES.values()), claims=CLAIMS),
                )
            ],
        )
        yield store


def ids(store: SyncStore, text: str, **options: object) -> list[str]:
    """The ids of what a search finds, the best first."""
    hits = store.ask(search(text, **options)).items  # type: ignore[arg-type]
    return [hit.card.entity.id for hit in hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("海康威视数字技术", ["hikvision"]),
        ("海康", ["hikvision"]),
        ("威视", ["hikvision"]),
        ("数字技术", ["hikvision"]),
        ("康", ["kangshi", "haiyang", "hikvision"]),
        ("海", ["haiyang", "hikvision"]),
        ("华 为", ["huawei"]),
        ("海康 hikvision", ["hikvision"]),
        ("특별", ["seoul"]),
        ("می خواهم", ["seekers"]),
        ("می‌خواهم", ["seekers"]),
        ("كميته", ["committee"]),
        ("نيروي", ["police"]),
        ("نیروی انت", ["police"]),
        ("societe GENERALE", ["generale"]),
        ("générale", ["generale"]),
        ("Tiandi Technologies", ["tiandy"]),
        ("hikvsion", ["hikvision"]),
        ("tian", ["tiandy", "tianjin"]),
        ("tiandy tech", ["tiandy"]),
        ("technologies tiandy", ["tiandy"]),
        ("иран", ["unicode"]),
        ("bank of china", ["bank"]),
        ("bank of", ["bank"]),
        ("trade with iran", ["trade"]),
        ("with", ["trade"]),
        ("not or and", ["not"]),
        ("NOT", ["not"]),
        ("t", ["iran", "tiandy", "tianjin", "trade"]),
    ],
)
def test_a_name_is_found(cast_store: SyncStore, text: str, expected: list[str]) -> None:
    """By any part of a Chinese name, one character among them; by word, beginning and near miss."""
    assert sorted(ids(cast_store, text)) == sorted(expected)


def test_the_name_that_was_asked_for_comes_first(cast_store: SyncStore) -> None:
    """However many other names its bearer has; what only begins so comes next."""
    assert ids(cast_store, "iran")[:2] == ["iran", "radio"]
    assert ids(cast_store, "iran", limit=1) == ["iran"]
    page = cast_store.ask(search("iran", limit=1))
    assert (page.total, page.more) == (3, True)


def test_a_hit_says_which_name_matched_and_how(cast_store: SyncStore) -> None:
    """Exact, prefix, folded or close."""
    hows = {
        "Huawei": ("Huawei", "exact"),
        "huaw": ("Huawei", "prefix"),
        "技术": ("海康威视数字技术", "folded"),
        "huawey": ("Huawei", "close"),
    }
    for text, (name, how) in hows.items():
        (hit,) = cast_store.ask(search(text)).items
        assert (hit.matched.text, hit.how) == (name, how)


@pytest.mark.parametrize("text", ["海感", "康海", "威数", "技视"])
def test_two_characters_find_no_flood(cast_store: SyncStore, text: str) -> None:
    """Two characters that stand apart, or one of them alone, match nothing."""
    assert ids(cast_store, text) == []


def test_a_search_may_be_of_some_types(cast_store: SyncStore) -> None:
    """Types are or-ed; none given is all of them."""
    assert ids(cast_store, "tian", types=["Place"]) == ["tianjin"]
    assert set(ids(cast_store, "tian", types=["Place", "Company"])) == {"tiandy", "tianjin"}


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "★", "AND", "OR NOT", "~*()[]{}\"\\/ :^", "a AND", "tiandy~5", "search_text:iran",
        "*", "?", "[a TO z]", "\"tiandy", "tiandy^9", "x" * 200, "a " * 100, "海" * 200,
        "\x00\x01\n\t", "😀", "a\\", "&&", "||", "iran -radio",
        "' OR 1=1", "}) DETACH DELETE n //",
    ],
)  # fmt: skip
def test_no_text_is_an_operator_or_an_error(cast_store: SyncStore, text: str) -> None:
    """Whatever is typed is plain words."""
    matches = ids(cast_store, text)
    assert set(matches) <= set(NAMES)
    if not fold(text):
        assert matches == []


@given(st.text(max_size=80))
def test_a_query_holds_no_operator_that_was_typed(text: str) -> None:
    """Beside folded words there is only what we put there ourselves."""
    query = lucene(words(text))
    for ours in ('"', "(", ")", " AND ", " OR ", "*", "~1"):
        query = query.replace(ours, " ")
    assert set(query.split()) <= set(" ".join(words(text)).split())


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("tiandi", "tiandy"),
        ("huawai", "huawei"),
        ("bank-of-chnia", "bank"),
        ("hikvision-co", "hikvision"),
    ],
)
def test_an_id_that_is_nearly_right_finds_the_right_one(
    cast_store: SyncStore, wrong: str, right: str
) -> None:
    """By what the ids and the names have in common."""
    near = [card.entity.id for card in cast_store.ask(near_entities(wrong))]
    assert near[0] == right


def test_an_id_like_no_other_finds_nothing(cast_store: SyncStore) -> None:
    """No proposal is better than a wild one, and none is an error."""
    for wrong in ("zzzz", "-", "x", "of-the"):
        assert len(cast_store.ask(near_entities(wrong))) <= 5


def records(store: SyncStore, text: str, **options: Any) -> list[tuple[str, str, str]]:
    """Kind, matched text and reason of what a search over all kinds finds, the best first."""
    hits = store.ask(search_records(text, **options)).items
    return [(hit.kind, hit.matched.text, hit.matched.how) for hit in hits]


def test_one_list_holds_every_kind(cast_store: SyncStore) -> None:
    """Entities by names, sources by title, publisher or author, claims by summary: best first."""
    assert records(cast_store, "radio societe") == [("source", "Radio Société", "exact")]
    assert records(cast_store, "海康") == [
        ("entity", "海康威视数字技术", "prefix"),
        ("source", "海康的合同", "prefix"),
    ]
    assert records(cast_store, "王") == [("source", "王芳", "prefix")]
    assert records(cast_store, "revolutionary gards") == [("claim", SALE.summary, "close")]
    assert records(cast_store, "lee guards") == []
    assert records(cast_store, "lee camera") == [
        ("source", "The camera report, Radio Société, Ann Lee, 王芳", "folded")
    ]
    (claim,) = cast_store.ask(search_records("tiandy sold")).items
    assert claim == RecordHit("claim", SALE.id, SALE.summary, "supplies", claim.matched)
    assert (claim.matched.lang, claim.matched.script) == (None, "Latn")


def test_claims_that_no_longer_count_are_not_found(cast_store: SyncStore) -> None:
    """Neither one that was retracted nor one that another stands in for."""
    assert records(cast_store, "nobody") == []
    assert records(cast_store, "radios", kinds=["claim"]) == [("claim", NEWER.summary, "folded")]


def test_a_search_may_be_of_some_kinds(cast_store: SyncStore) -> None:
    """Types are of entities and leave other kinds alone."""
    assert {kind for kind, *_ in records(cast_store, "tiandy")} == {"entity", "claim"}
    assert {kind for kind, *_ in records(cast_store, "tiandy", kinds=["claim"])} == {"claim"}
    assert {kind for kind, *_ in records(cast_store, "tiandy", types=["Place"])} == {"claim"}
    page = cast_store.ask(search_records("tiandy", limit=1))
    assert (len(page.items), page.total, page.more, page.capped) == (1, 3, True, False)
    assert cast_store.ask(search_records("tiandy", limit=0)).items == ()


def test_a_name_is_suggested_while_it_is_typed(cast_store: SyncStore) -> None:
    """From the first letter or sign on, and with every letter more."""
    for letters, expected in (("h", "Hikvision"), ("hikv", "Hikvision"), ("海", "海洋健康"),
                            ("海康威", "海康威视数字技术"), ("نیر", "نیروی انتظامی")):  # fmt: skip
        hits = cast_store.ask(suggest(letters)).items
        assert expected in {hit.matched.text for hit in hits}, letters
    assert cast_store.ask(suggest("t", limit=1)).more


LINES = {
    kind: {i: search_text(texts).splitlines() for i, texts in records_by_id.items()}
    for kind, records_by_id in {
        "entity": {i: [n if isinstance(n, str) else n[0] for n in names]
                   for i, (_, names) in NAMES.items()},
        "source": {i: [s.title, s.publisher or "", *s.authors] for i, s in SOURCES.items()},
        "claim": {claim.id: [claim.summary] for claim in CLAIMS},
    }.items()
}  # fmt: skip


def explains(word: str, lines: list[str]) -> bool:
    """Whether a record has a word, or its beginning, or one that is a typo away from it."""
    if any(f" {word}" in f" {line}" for line in lines):
        return True
    near = (OSA.distance(word, other) for line in lines for other in line.split())
    return len(word) >= 4 and word.isascii() and min(near) <= 1


fragments = st.sampled_from(
    ["tiandy", "hikvsion", "海", "康威", "IRAN", "radio", "AND", " OR ", " NOT ", "~", "*", "?",
     "\"", "(", ")", "[", " TO ", "]", "{", "}", "^5", ":", "/", "\\", "+", "-", "!", "&&",
     "||", " ", "search_text:", "می‌خواهم", "كميته", "\x00", "\n", "the", "특", "sold"]
)  # fmt: skip


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=40) | st.lists(fragments, max_size=8).map("".join))
def test_every_hit_has_the_words_that_were_typed(cast_store: SyncStore, text: str) -> None:
    """Any text is answered, and whatever is found has every word of one way to write it."""
    for hit in cast_store.ask(search_records(text, limit=500)).items:
        lines = LINES[hit.kind][hit.id]
        ways = [[apart(word) for word in form.split()] for form in folds(text)]
        assert any(all(explains(word, lines) for word in way) for way in ways), (text, hit)
        assert hit.matched.how == "close" or hit.matched.text


def test_a_source_or_claim_that_is_nearly_right(cast_store: SyncStore) -> None:
    """By the words of an id, and by its beginning."""
    assert [near.id for near in cast_store.ask(near_sources("camera-reports"))] == ["report"]
    assert cast_store.ask(near_sources("zzzz")) == ()
    (near,) = cast_store.ask(near_claims(SALE.id[:8] + "0" * 24))
    assert (near.id, near.label, near.type) == (SALE.id, SALE.summary, "supplies")


def test_a_tie_that_is_not_names_those_between_its_ends(cast_store: SyncStore) -> None:
    """Whatever their type and direction."""
    for key in (TieKey("tiandy", "MAKES", "iran"), TieKey("iran", "SUPPLIES", "tiandy")):
        (near,) = cast_store.ask(near_ties(key))
        assert (near.id, near.type) == ("tiandy/SUPPLIES/iran", "SUPPLIES")
        assert near.label == "Tiandy Technologies supplied Iran"
    assert cast_store.ask(near_ties(TieKey("huawei", "SUPPLIES", "nobody"))) == ()


MERGED: dict[str, tuple[str, list[Any]]] = {
    "hikvision": ("Company", ["Hikvision", ("海康威视", "zh")]),
    "hangzhou-hik": ("Company", ["Hangzhou Digital", ("杭州海康", "zh")]),
    "hik-digital": ("Company", ["HIK Digital"]),
    "huawei": ("Company", ["Huawei", ("华为海", "zh")]),
    "digital": ("Company", ["Digital"]),
}
#: A chain: the first is the canonical one.
SAME = [make_judgement("hikvision", "hangzhou-hik"), make_judgement("hangzhou-hik", "hik-digital")]


@pytest.fixture
def merged(store: SyncStore, tmp_path: Path) -> SyncStore:
    """A store in which one company has three ids."""
    load(store, [write(tmp_path, make_dataset(entities=entities_of(MERGED), judgements=SAME))])
    return store


@pytest.mark.parametrize(
    ("text", "expected", "name", "how"),
    [
        ("hikvision", ["hikvision"], "Hikvision", "exact"),
        ("hangzhou", ["hikvision"], "Hangzhou Digital", "prefix"),
        ("杭州", ["hikvision"], "杭州海康", "prefix"),
        ("海康", ["hikvision"], "海康威视", "prefix"),
        ("海", ["hikvision", "huawei"], "海康威视", "prefix"),
        ("hik digital", ["hikvision"], "HIK Digital", "exact"),
        ("hanghzou", ["hikvision"], "Hangzhou Digital", "close"),
        ("digital", ["digital", "hikvision"], "Digital", "exact"),
    ],
)
def test_merged_entities_are_one_hit(
    merged: SyncStore, text: str, expected: list[str], name: str, how: str
) -> None:
    """It is found by the names of all of them, in either script, and tells the one that matched."""
    hits = merged.ask(search(text))
    assert [hit.card.entity.id for hit in hits.items] == expected
    assert (hits.total, hits.capped) == (len(expected), False)
    assert (hits.items[0].matched.text, hits.items[0].how) == (name, how)
    for question in (search_records(text), suggest(text)):
        records = merged.ask(question)
        assert [hit.id for hit in records.items] == expected
        assert records.total == len(expected)
        assert (records.items[0].matched.text, records.items[0].matched.how) == (name, how)
        assert records.items[0].label == MERGED[expected[0]][1][0]


def test_merged_entities_count_once(merged: SyncStore) -> None:
    """Two of three entities match by one word: with one hit that is shown, nothing is left out."""
    assert not merged.ask(search("hangzhou", limit=1)).more
    first = merged.ask(suggest("digital", limit=1))
    assert ([hit.id for hit in first.items], first.total) == (["digital"], 2)


def test_an_id_that_is_nearly_a_merged_one_finds_the_canonical_one(merged: SyncStore) -> None:
    """Once, however many of its ids come near."""
    near = [card.entity.id for card in merged.ask(near_entities("hangzhou-hic"))]
    assert near[0] == "hikvision" and len(near) == len(set(near))
    assert not set(near) & {"hangzhou-hik", "hik-digital"}


def test_taking_a_judgement_back_parts_them_again(store: SyncStore, tmp_path: Path) -> None:
    """What was there before is found as it was."""
    data = make_dataset(entities=entities_of(MERGED), judgements=SAME)
    load(store, [write(tmp_path / "merged", data)])
    apart = make_dataset(entities=entities_of(MERGED))
    load(store, [write(tmp_path / "apart", apart)], replace=True)
    assert sorted(ids(store, "digital")) == ["digital", "hangzhou-hik", "hik-digital"]
