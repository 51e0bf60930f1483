"""Every filter of every list with others, against answers worked out from claims and the ontology.

The independent answer knows no query of ours: it projects ties from the table of claims at the
moment and the ontology that `/v1` serves, and filters them with plain comparisons. Only how many
accounts are independent is read from the unfiltered list, which `test_moment` holds against the
projection. `--hypothesis-profile=long` asks for an hour, `--hypothesis-seed` another hour.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations, product
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from fastapi.testclient import TestClient
from hypothesis import example, given, note, settings
from hypothesis import strategies as st

from graph.dataset import Dataset
from graph.model import Entity
from tests.conftest import Serve
from tests.graph.queries.expected import crowd_dataset, each
from tests.strategies import CAST, make_claim, make_dataset, make_judgement, make_source, write

LONG = settings.get_current_profile_name() == "long"
#: Names that break what puts text together carelessly.
HOSTILE = (
    "=1+1", "<script>alert(1)</script>", "O'Brien \"& Sons\"", "a,b;c|d", "别名", "شركة 1",
    "') MATCH (n) DETACH DELETE n //", "%00 ?#/", "null", "-",
)  # fmt: skip
Row = Mapping[str, str]


def hostile_dataset() -> Dataset:
    """A second data set: entities with hostile names, some alike, that speak of the first one's."""
    entities = {
        f"other-{n}": Entity(
            id=f"other-{n}",
            type=("Company", "State")[n % 2],
            names=({"text": name}, {"text": f"{name} {n}", "lang": "fa"}),  # type: ignore[arg-type]
            tags=("odd",) if n % 3 else ("odd", "third"),
            country="IR" if n % 2 else None,
            datasets=("other",),
        )
        for n, name in enumerate(HOSTILE)
    }
    ids = list(entities)
    pairs = [*zip(ids[0::2], ids[1::2], strict=True), *zip(ids[2::2], ids[1::2], strict=False)]
    claims = [
        make_claim(
            "paper",
            roles={"supplier": one, "recipient": other},
            said_by=["paper", *(["source-1"] if n % 2 else [])],
            when=f"20{10 + n}",
            polarity="denied" if n == 4 else "affirmed",
            recorded_on=date(2024, 1 + n, 1),
            dataset="other",
        )
        for n, (one, other) in enumerate(pairs)
    ]
    claims += [
        make_claim(
            "paper",
            predicate="allied_with",
            roles={"party": [one, other]},
            said_by=["paper"],
            when=when,
            dataset="other",
        )
        for one, other, when in (
            ("other-1", "other-3", "2012"),
            ("other-3", "state-1", None),
            ("other-5", "other-1", "2016-03"),
            ("state-2", "other-7", "2018/.."),
        )
    ]
    source = make_source("paper", publisher="other-0", published="2019", datasets=("other",))
    judgements = [make_judgement("other-5", "other-7").model_copy(update={"dataset": "other"})]
    return make_dataset([source], entities, claims, judgements, "other")


@pytest.fixture(scope="module")
def store(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The API over both data sets."""
    folder = tmp_path_factory.mktemp("combined")
    write(folder / "tests", crowd_dataset())
    write(folder / "other", hostile_dataset())
    file = folder / "other" / "records.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[0] = json.dumps({"dataset": {"id": "other", "uses": ["tests"]}})
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with serve(folder) as client:
        table.cache_clear()
        yield client


@cache
def table(api: TestClient, name: str, query: str = "") -> Sequence[Row]:
    """The rows of a whole list at a moment, as its file has them."""
    answer = api.get(f"/v1/{name}.csv?{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


@dataclass(frozen=True)
class Tie:
    """A tie at a moment, by the claims that count then."""

    ends: tuple[str, str]
    type: str
    symmetric: bool
    affirming: Sequence[Row]
    denying: Sequence[Row]
    independent: int
    sets: frozenset[str]

    @property
    def id(self) -> str:
        return "/".join((self.ends[0], self.type, self.ends[1]))

    @property
    def ways(self) -> list[tuple[str, str]]:
        """Its ends, read each way that it can be read."""
        return [self.ends, self.ends[::-1]] if self.symmetric else [self.ends]

    @property
    def bearing(self) -> Sequence[Row]:
        return [*self.affirming, *self.denying]

    def days(self, name: str) -> list[str]:
        """The days of the claims that say as much as the strongest: a document, and a report."""
        statuses = {claim["status"] for claim in self.affirming}
        strong = {"documented", "reported"} & statuses or {"alleged"} & statuses or statuses
        return [
            claim[name] for claim in self.affirming if claim[name] and claim["status"] in strong
        ]


class World:
    """What the claims at a moment come to."""

    def __init__(self, api: TestClient, moment: str) -> None:
        self.entities = {row["id"]: row for row in table(api, "entities")}
        self.sources = {row["id"]: row for row in table(api, "sources")}
        self.one = {i: row["canonical_id"] or i for i, row in self.entities.items()}
        self.ontology = api.get("/v1/ontology").json()["ontology"]
        counting = [row for row in table(api, "claims", moment) if row["live"] == "true"]
        self.claims = counting
        counts = {row["claim_ids"]: row["independent"] for row in table(api, "ties", moment)}
        ever: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        for row in table(api, "claims"):
            for key, _ in self._keys(row):
                ever[key].add(row["dataset"])
        bearing: defaultdict[tuple[str, str, str], list[Row]] = defaultdict(list)
        symmetric: dict[str, bool] = {}
        for row in counting:
            for key, both in self._keys(row):
                bearing[key].append(row)
                symmetric[key[1]] = both
        rank = {name: n for n, name in enumerate(self.ontology["statuses"])}
        self.rank = rank
        self.ties = []
        for key, rows in bearing.items():
            affirming = [row for row in rows if row["polarity"] == "affirmed"]
            if affirming:
                ids = {row["id"] for row in affirming}
                independent = next(int(n) for text, n in counts.items() if {*text.split()} == ids)
                denying = [row for row in rows if row["polarity"] == "denied"]
                ends, kind = (key[0], key[2]), key[1]
                self.ties.append(
                    Tie(
                        ends, kind, symmetric[kind], affirming, denying, independent,
                        frozenset(ever[key]),
                    )
                )  # fmt: skip

    def _keys(self, claim: Row) -> Iterator[tuple[tuple[str, str, str], bool]]:
        """The ties that a claim bears on, each once, and whether they have no direction."""
        modality = self.ontology["modalities"][claim["modality"]]
        if modality.get("status") is None or claim["polarity"] == "not_found":
            return
        keys = {}
        for tie in self.ontology["predicates"][claim["predicate"]]["ties"]:
            starts, ends = (
                sorted({self.one[i] for i in claim[tie[end]].split()}) for end in ("from", "to")
            )
            if tie["symmetric"]:
                pairs = list(combinations(starts, 2))
            elif len(starts) > 1 and len(ends) > 1:
                continue
            else:
                pairs = list(product(starts, ends))
            keys |= {(a, tie["type"], b): tie["symmetric"] for a, b in pairs if a != b}
        yield from keys.items()

    def same(self, *ids: str) -> set[str]:
        """All ids that are merged with some, and those that are no entity's."""
        ones = {self.one.get(i, i) for i in ids}
        return {i for i, one in self.one.items() if one in ones} | {*ids}

    def canonical(self, *ids: str) -> set[str]:
        return {self.one[i] for i in ids if i in self.one}

    def status(self, tie: Tie) -> str:
        return min((row["status"] for row in tie.affirming), key=lambda s: self.rank[s])

    def type(self, entity_id: str) -> str:
        return self.entities[entity_id]["type"]

    def country(self, entity_id: str) -> str:
        return self.entities[entity_id]["country"]


#: A filter: values of its parameter, and whether a record passes with some of them. A test of the
#: ends of a tie is told which way it is read.
Test = Callable[[World, Any, Sequence[str]], bool]
IDS = [*CAST, *(f"other-{n}" for n in range(len(HOSTILE))), "ghost"]
SOURCES = [*(f"source-{n}" for n in range(1, 9)), "paper", "ghost"]
SETS = ["tests", "other", "ghost"]
DAYS = ["2011", "2014-06", "2024-02-01"]

WAYS: Mapping[str, tuple[Sequence[str], Test]] = {
    "from": (IDS, lambda w, way, v: way[0] in w.canonical(*v)),
    "to": (IDS, lambda w, way, v: way[1] in w.canonical(*v)),
    "from_type": (["Company", "State", "Person"], lambda w, way, v: w.type(way[0]) in v),
    "to_type": (["Company", "State", "Technology"], lambda w, way, v: w.type(way[1]) in v),
    "from_country": (["IR", "FR"], lambda w, way, v: w.country(way[0]) in v),
    "to_country": (["IR", "FR"], lambda w, way, v: w.country(way[1]) in v),
}
TIES: Mapping[str, tuple[Sequence[str], Test]] = {
    "entity": (IDS, lambda w, t, v: bool({*t.ends} & w.canonical(*v))),
    "between": (
        [f"{a},{b}" for a, b in combinations([*IDS[::3], "other-1", "other-3", "state-1"], 2)],
        lambda w, t, v: any({*t.ends} == w.canonical(*pair.split(",")) for pair in v),
    ),
    "type": (["SUPPLIES", "ALLIED_WITH", "TRADES_WITH"], lambda w, t, v: t.type in v),
    "status": (["reported", "alleged", "documented"], lambda w, t, v: w.status(t) in v),
    "source": (SOURCES, lambda w, t, v: any({*c["said_by"].split()} & {*v} for c in t.bearing)),
    "speaker": (
        [*SOURCES, "company-1", "person-2"],
        lambda w, t, v: any({*c["said_by"].split()} & w.same(*v) for c in t.bearing),
    ),
    "origin": (
        [*SOURCES, "company-1", "person-2"],
        lambda w, t, v: any(
            w.one.get(c["origin"], c["origin"]) in {w.one.get(i, i) for i in v} for c in t.affirming
        ),
    ),
    "dataset": (SETS, lambda w, t, v: bool(t.sets & {*v})),
}
ONE_OF_TIES: Mapping[str, tuple[Sequence[str], Test]] = {
    "disputed": (["true", "false"], lambda w, t, v: bool(t.denying) == (v[0] == "true")),
    "min_independent": (["0", "1", "2", "9"], lambda w, t, v: t.independent >= int(v[0])),
    "max_independent": (["0", "1", "2"], lambda w, t, v: t.independent <= int(v[0])),
    "first_from": (DAYS, lambda w, t, v: min(t.days("first"), default="") >= begins(v[0])),
    "last_to": (DAYS, lambda w, t, v: "" < max(t.days("last"), default="") <= ends(v[0])),
    "recorded_since": (
        DAYS,
        lambda w, t, v: any(c["recorded_on"] >= begins(v[0]) for c in t.bearing),
    ),
}
CLAIMS: Mapping[str, tuple[Sequence[str], Test]] = {
    "predicate": (["supplies", "allied_with"], lambda w, c, v: c["predicate"] in v),
    "modality": (["stated", "alleged"], lambda w, c, v: c["modality"] in v),
    "polarity": (["denied", "affirmed"], lambda w, c, v: c["polarity"] in v),
    "source": (SOURCES, lambda w, c, v: c["source"] in v),
    "speaker": (
        [*SOURCES, "company-1", "person-2"],
        lambda w, c, v: bool({*c["said_by"].split()} & w.same(*v)),
    ),
    "origin": ([*SOURCES, "company-1"], lambda w, c, v: c["origin"] in v),
    "dataset": (SETS, lambda w, c, v: c["dataset"] in v),
    "entity": (
        IDS,
        lambda w, c, v: any(
            w.same(*v) & {*c[role].split()}
            for role in w.ontology["predicates"][c["predicate"]]["roles"]
        ),
    ),
    "role": (
        ["supplier:company-1", "recipient:state-2", "party:other-3", "party:ghost"],
        lambda w, c, v: any(
            w.same(i) & {*c[role].split()} for role, i in (pair.split(":") for pair in v)
        ),
    ),
}
ONE_OF_CLAIMS: Mapping[str, tuple[Sequence[str], Test]] = {
    "first_from": (DAYS, lambda w, c, v: c["first"] >= begins(v[0])),
    "last_to": (DAYS, lambda w, c, v: "" < c["last"] <= ends(v[0])),
    "recorded_since": (DAYS, lambda w, c, v: c["recorded_on"] >= begins(v[0])),
}
ENTITIES: Mapping[str, tuple[Sequence[str], Test]] = {
    "id": (IDS, lambda w, e, v: e["id"] in v),
    "type": (["Company", "State"], lambda w, e, v: e["type"] in v),
    "tag": (["odd", "third", "ghost"], lambda w, e, v: bool({*e["tags"].split()} & {*v})),
    "country": (["IR", "FR"], lambda w, e, v: e["country"] in v),
    "dataset": (SETS, lambda w, e, v: bool({*e["datasets"].split()} & {*v})),
}
ONE_OF_ENTITIES: Mapping[str, tuple[Sequence[str], Test]] = {
    "min_ties": (
        ["0", "1", "3"],
        lambda w, e, v: sum(e["id"] in tie.ends for tie in w.ties) >= int(v[0]),
    ),
}
SOURCE_FILTERS: Mapping[str, tuple[Sequence[str], Test]] = {
    "id": (SOURCES, lambda w, s, v: s["id"] in v),
    "kind": (["article", "study"], lambda w, s, v: s["kind"] in v),
    "publisher": (
        ["Some Press", "other-0", "organization-1", "ghost"],
        lambda w, s, v: s["publisher"] in v or s["publisher_id"] in v,
    ),
    "dataset": (SETS, lambda w, s, v: bool({*s["datasets"].split()} & {*v})),
}
#: By list: filters with several values, and those with one.
FILTERS = {
    "ties": ({**WAYS, **TIES}, ONE_OF_TIES),
    "claims": (CLAIMS, ONE_OF_CLAIMS),
    "entities": (ENTITIES, ONE_OF_ENTITIES),
    "sources": (SOURCE_FILTERS, {}),
}
FACETS: Mapping[str, Mapping[str, Callable[[World, Any], Sequence[str]]]] = {
    "ties": {
        "type": lambda w, t: [t.type],
        "status": lambda w, t: [w.status(t)],
        "disputed": lambda w, t: ["true" if t.denying else "false"],
        "independent": lambda w, t: [str(t.independent)],
        "dataset": lambda w, t: [*t.sets],
    },
    "claims": {
        name: lambda w, c, name=name: [c[name]]  # type: ignore[misc]
        for name in ("predicate", "modality", "polarity", "source", "dataset")
    },
    "entities": {
        "type": lambda w, e: [e["type"]],
        "tag": lambda w, e: e["tags"].split(),
        "dataset": lambda w, e: e["datasets"].split(),
    },
    "sources": {"kind": lambda w, s: [s["kind"]], "dataset": lambda w, s: s["datasets"].split()},
}
OF_WAYS: Mapping[str, Callable[[World, tuple[str, str]], str]] = {
    "from": lambda w, way: way[0],
    "to": lambda w, way: way[1],
    "from_type": lambda w, way: w.type(way[0]),
    "to_type": lambda w, way: w.type(way[1]),
}


#: Filters on a number, and the facet that counts it.
OF_NUMBERS = {("min_independent", "independent"), ("max_independent", "independent")}


def begins(day: str) -> str:
    return (day + "-01-01")[:10] if len(day) == 4 else (day + "-01")[:10]


def ends(day: str) -> str:
    return day + "-12-31" if len(day) == 4 else day + "-30" if len(day) == 7 else day


@dataclass(frozen=True)
class Question:
    """A question to a list: filters with their values, those negated, a moment and a facet."""

    name: str
    filters: Mapping[str, Sequence[str]]
    negated: Mapping[str, Sequence[str]]
    moment: Mapping[str, str]
    facet: str
    limit: int

    def address(self, suffix: str = "", **more: object) -> str:
        without = [f"{name}:{value}" for name, values in self.negated.items() for value in values]
        params = {**self.filters, "not": without, **self.moment, **more}
        return f"/v1/{self.name}{suffix}?{urlencode(params, doseq=True)}"

    def passes(self, world: World, record: Any, but: str = "") -> bool:
        """Whether a record passes; the filter `but` is left out."""
        several, single = FILTERS[self.name]
        tests = {**several, **single}
        if not all(
            tests[name][1](world, record, values)
            for name, values in self.filters.items()
            if name not in WAYS and name != but and (name, but) not in OF_NUMBERS
        ):
            return False
        if self.name == "ties" and not self.ways(world, record, but):
            return False
        return not any(
            any(tests[name][1](world, way, values) for way in record.ways)
            if self.name == "ties" and name in WAYS
            else tests[name][1](world, record, values)
            for name, values in self.negated.items()
        )

    def ways(self, world: World, tie: Tie, but: str = "") -> list[tuple[str, str]]:
        """The ways to read a tie in which its ends pass."""
        filters = {name: v for name, v in self.filters.items() if name in WAYS and name != but}
        return [w for w in tie.ways if all(WAYS[n][1](world, w, v) for n, v in filters.items())]

    def records(self, api: TestClient, world: World) -> dict[str, Any]:
        """All records of the list at the moment, by id."""
        if self.name == "ties":
            return {tie.id: tie for tie in world.ties}
        if self.name == "claims":
            return {row["id"]: row for row in world.claims}
        query = urlencode({k: v for k, v in self.moment.items() if k != "as_of"})
        rows = table(api, self.name, query if self.name == "sources" else "")
        return {row["id"]: row for row in rows}

    def facet_values(self, world: World, record: Any) -> Sequence[str]:
        """The values of the facet that a record has, where it passes all but the facet's filter."""
        if not self.passes(world, record, self.facet):
            return []
        if self.facet in OF_WAYS:
            ways = self.ways(world, record, self.facet)
            return [OF_WAYS[self.facet](world, way) for way in ways]
        return FACETS[self.name][self.facet](world, record)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Draw a question with up to three filters."""
    name = draw(st.sampled_from(["ties", "ties", "ties", "claims", "entities", "sources"]))
    several, single = FILTERS[name]
    names = draw(st.lists(st.sampled_from([*several, *single]), max_size=3, unique=True))
    filters = {}
    for each_name in names:
        values, _ = {**several, **single}[each_name]
        many = each_name in several
        values_ = st.lists(st.sampled_from(values), min_size=1, max_size=3 if many else 1)
        filters[each_name] = draw(values_)
    negated = {}
    if draw(st.integers(0, 2)) == 0:
        negation = draw(st.sampled_from(sorted(several)))
        negated = {
            negation: draw(st.lists(st.sampled_from(several[negation][0]), min_size=1, max_size=2))
        }
    moment = {
        key: draw(st.sampled_from(["2012", "2015-06", "2019-12-31", "2022"]))
        for key in draw(st.sampled_from([(), (), ("as_of",), ("known_by",), ("as_of", "known_by")]))
    }
    if moment and draw(st.booleans()):
        moment["certain"] = "true"
    facets = [*FACETS[name], *(OF_WAYS if name == "ties" else ())]
    return Question(
        name, filters, negated, moment, draw(st.sampled_from(facets)), draw(st.integers(1, 40))
    )


def test_every_filter_with_every_other(store: TestClient) -> None:
    """The list part by part, its total, a facet, its file and its graph are what claims come to."""

    @(settings(max_examples=30_000) if LONG else each(8))
    @given(questions())
    @example(Question("ties", {"from": ["state-1"]}, {}, {}, "from", 40))
    @example(Question("ties", {"from": ["state-1"], "to": ["state-2"]}, {}, {}, "to", 40))
    def agree(question: Question) -> None:
        note(question.address())
        world = World(store, urlencode(question.moment))
        records = question.records(store, world)
        expected = {i for i, record in records.items() if question.passes(world, record)}
        ids: list[str] = []
        following = question.address(limit=question.limit, facet=question.facet)
        while following:
            answer = store.get(following)
            assert answer.status_code == 200, answer.text
            part = answer.json()
            ids += [id_of(record) for record in part["results"]]
            assert part["total"] == len(expected)
            following = part["next"]
        assert sorted(ids) == sorted(expected)
        counts = Counter(v for r in records.values() for v in question.facet_values(world, r))
        facet = part["facets"][question.facet]
        shares = {value["value"] or "": value["count"] for value in facet["values"]}
        assert shares == {v: counts[v] for v in shares} and len(shares) == min(len(counts), 50)
        assert sum(shares.values()) + facet["other"] == sum(counts.values())
        rows = store.get(question.address(".csv")).text
        assert sum(1 for _ in csv.DictReader(io.StringIO(rows, newline=""))) == len(expected)
        if question.name == "ties":
            graph = store.get(question.address().replace("/v1/ties", "/v1/graph")).json()
            edges = {f"{e['source']}/{e['type']}/{e['target']}" for e in graph["edges"]}
            assert edges == expected
        ghosts = [n for n, values in question.filters.items() if any("ghost" in v for v in values)]
        notices = " ".join(part["meta"]["notices"])
        assert all(f"{name}: there is no " in notices for name in ghosts), notices

    agree()


def id_of(record: Mapping[str, Any]) -> str:
    return str(record.get("id") or f"{record['from']['id']}/{record['type']}/{record['to']['id']}")


@pytest.mark.parametrize("direction", ["out", "in", "both"])
def test_the_ties_of_an_entity_in_a_direction(store: TestClient, direction: str) -> None:
    """One without direction runs both ways; the address of a tie leads to it from either end."""
    world = World(store, "")
    for entity in ("state-1", "other-1", "other-3", "other-7"):
        own = world.one[entity]
        expected = {
            tie.id
            for tie in world.ties
            for way in tie.ways
            if own in {"out": way[:1], "in": way[1:], "both": way}[direction]
        }
        answer = store.get(f"/v1/entities/{entity}/ties?limit=500&direction={direction}").json()
        assert {id_of(record) for record in answer["results"]} == expected
        fitting = [g for g in answer["groups"] if {g["direction"], direction} & {"both"}
                   or g["direction"] == direction]  # fmt: skip
        assert sum(group["total"] for group in fitting) == answer["total"] == len(expected)
        for record in answer["results"]:
            assert record["symmetric"] == (record["type"] in ("ALLIED_WITH", "TRADES_WITH"))
            if record["symmetric"]:
                there = f"/v1/ties/{record['to']['id']}/{record['type']}/{record['from']['id']}"
                assert id_of(store.get(quote(there)).json()) == id_of(record)


def test_a_label_is_in_the_language_asked_for(store: TestClient) -> None:
    """In the record of an entity, in lists, among records that come along, and in files."""
    (entity,) = store.get("/v1/entities?id=other-0").json()["results"]
    assert (entity["label"], entity["names"][1]["lang"]) == (HOSTILE[0], "fa")
    persian = entity["names"][1]["text"]
    assert store.get("/v1/entities/other-0?lang=fa").json()["label"] == persian
    (record,) = store.get("/v1/entities?id=other-0&lang=fa").json()["results"]
    (row,) = table(store, "entities", "id=other-0&lang=fa")
    assert record["label"] == row["label"] == persian
    answer = store.get("/v1/ties?from=other-0&lang=fa&include=entities").json()
    assert {tie["from"]["label"] for tie in answer["results"]} == {persian}
    assert answer["included"]["entities"]["other-0"]["label"] == persian
    for path in ("ties", "entities/other-0/ties"):
        rows = table(
            store, path, "direction=out&lang=fa" if "/" in path else "from=other-0&lang=fa"
        )
        assert {row["from_label"] for row in rows} == {persian}
        assert all(row["sentence"].startswith(persian) for row in rows)
