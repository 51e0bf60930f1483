"""graph/queries/search.py: names in every script, and ids that are nearly right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.fold import fold
from graph.model import Entity
from graph.queries.search import lucene, near_entities, search
from graph.store.address import Address
from graph.store.connection import Store
from graph.store.loader import load
from tests.conftest import empty
from tests.strategies import make_dataset, write

NAMED = {
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


@pytest.fixture(scope="module")
def named(address: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of entities with names in several scripts."""
    folder: Path = tmp_path_factory.mktemp("named")
    found = {
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
        for entity_id, (type_, names) in NAMED.items()
    }
    with Store(address) as store:
        empty(store)
        load(store, [write(folder, make_dataset(entities=found))])
        yield store


def ids(store: Store, text: str, **options: object) -> list[str]:
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
def test_a_name_is_found(named: Store, text: str, expected: list[str]) -> None:
    """By any part of a Chinese name, one character among them; by word, beginning and near miss."""
    assert sorted(ids(named, text)) == sorted(expected)


def test_the_name_that_was_asked_for_comes_first(named: Store) -> None:
    """However many other names its bearer has; what only begins so comes next."""
    assert ids(named, "iran")[:2] == ["iran", "radio"]
    assert ids(named, "iran", limit=1) == ["iran"]
    found = named.ask(search("iran", limit=1))
    assert (found.total, found.more) == (3, True)


def test_a_hit_says_which_name_matched_and_how(named: Store) -> None:
    """Exact, prefix, folded or close."""
    hows = {
        "Huawei": ("Huawei", "exact"),
        "huaw": ("Huawei", "prefix"),
        "技术": ("海康威视数字技术", "folded"),
        "huawey": ("Huawei", "close"),
    }
    for text, (name, how) in hows.items():
        (hit,) = named.ask(search(text)).items
        assert (hit.matched.text, hit.how) == (name, how)


@pytest.mark.parametrize("text", ["海感", "康海", "威数", "技视"])
def test_two_characters_find_no_flood(named: Store, text: str) -> None:
    """Two characters that stand apart, or one of them alone, match nothing."""
    assert ids(named, text) == []


def test_a_search_may_be_of_some_types(named: Store) -> None:
    """Types are or-ed; none given is all of them."""
    assert ids(named, "tian", types=["Place"]) == ["tianjin"]
    assert set(ids(named, "tian", types=["Place", "Company"])) == {"tiandy", "tianjin"}


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "★", "AND", "OR NOT", "~*()[]{}\"\\/ :^", "a AND", "tiandy~5", "search_text:iran",
        "*", "?", "[a TO z]", "\"tiandy", "tiandy^9", "x" * 200, "a " * 100, "海" * 200,
        "\x00\x01\n\t", "😀", "a\\", "&&", "||", "iran -radio",
        "' OR 1=1", "}) DETACH DELETE n //",
    ],
)  # fmt: skip
def test_no_text_is_an_operator_or_an_error(named: Store, text: str) -> None:
    """Whatever is typed is plain words."""
    found = ids(named, text)
    assert set(found) <= set(NAMED)
    if not fold(text):
        assert found == []


@given(st.text(max_size=80))
def test_a_query_holds_no_operator_that_was_typed(text: str) -> None:
    """Beside folded words there is only what we put there ourselves."""
    query = lucene(fold(text))
    for ours in ('"', "(", ")", " AND ", " OR ", "*", "~1"):
        query = query.replace(ours, " ")
    assert set(query.split()) <= set(fold(text).split())


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
    named: Store, wrong: str, right: str
) -> None:
    """By what the ids and the names have in common."""
    near = [card.entity.id for card in named.ask(near_entities(wrong))]
    assert near[0] == right


def test_an_id_like_no_other_finds_nothing(named: Store) -> None:
    """No proposal is better than a wild one, and none is an error."""
    for wrong in ("zzzz", "-", "x", "of-the"):
        assert len(named.ask(near_entities(wrong))) <= 5
