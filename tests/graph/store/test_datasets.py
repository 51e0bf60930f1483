"""Data sets side by side: the store is a function of the sets that it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import DatasetFaults, InputError, NotFound
from graph.queries import claims as claim_questions
from graph.queries.changes import Changes, changes
from graph.store.loader import load, remove
from graph.store.state import STATE
from tests.conftest import empty
from tests.dumps import count, dump
from tests.graph.store.conftest import interrupt
from tests.graph.store.test_loader import FEW
from tests.strategies import DAY, make_claim, make_judgement
from tests.sync_store import SyncStore

FIRM = {"id": "firm", "type": "Company", "names": ["Firm", "The Firm"]}
STATE_ = {"id": "land", "type": "State", "names": ["Land"]}
PAPER = {"id": "paper", "kind": "article", "title": "A paper", "read_on": "2024-03-31"}
URLS = ("https://a.example", "https://b.example")
NAMES = ("Firm", "The Firm", "Firm Ltd", "法人")


def record(name: str, *uses: str, **more: Any) -> dict[str, Any]:
    """Return the record of a data set."""
    facts = {"title": f"Set {name}", "author": f"Author {name}", "licence": "CC0"}
    return {"dataset": {"id": name, "uses": list(uses), **facts, **more}}


def claim(source: str = "paper", **more: Any) -> dict[str, Any]:
    """Return a claim that the firm supplied the land."""
    roles = {"supplier": "firm", "recipient": "land"}
    fields = {"source": source, "said_by": [source], "roles": roles, **more}
    record_ = make_claim(**fields)
    return record_.model_dump(mode="json", exclude_defaults=True, exclude={"dataset"})


def write_records(folder: Path, *records: Mapping[str, Any]) -> Path:
    """Write records into a file of a folder, one a line."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(item, ensure_ascii=False) for item in records)
    (folder / "x.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def base(folder: Path, *more: Mapping[str, Any]) -> Path:
    """Write the set `base`: a firm, a land, a paper that says that the firm supplied the land."""
    records = ({"entity": FIRM}, {"entity": STATE_}, {"source": PAPER}, {"claim": claim()})
    return write_records(folder / "base", record("base"), *records, *more)


def lasting(store: SyncStore) -> list[str]:
    """A dump without snapshots and changes, which tell of the past."""
    past = ('["Snapshot"]', '["Change"]')
    lines = [re.sub(r', "removed_sets": \[.*?\]', "", line) for line in dump(store)]
    return [line for line in lines if not any(word in line for word in past)]


# Any order of loads and removals


@dataclass(frozen=True)
class SmallSet:
    """A small data set: what it uses, and its records."""

    id: str
    uses: tuple[str, ...]
    records: tuple[dict[str, Any], ...]

    def write(self, folder: Path) -> Path:
        """Write it into a folder of its own."""
        return write_records(folder / self.id, record(self.id, *self.uses), *self.records)


EPITHET = {"text": "the giant", "kind": "epithet"}


@st.composite
def sets(draw: st.DrawFn, name: str, uses: tuple[str, ...]) -> SmallSet:
    """Draw a set: an entity and a source that all describe, with names of its own, and claims."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    names[1:1] = draw(st.sampled_from([[], [EPITHET]]))
    own = {"id": f"{name}-land", "type": "State", "names": [f"Land of {name}"]}
    paper = {**PAPER, "id": f"{name}-paper", "publisher": draw(st.sampled_from(["firm", "Press"]))}
    shared = {"names": names, "urls": draw(st.lists(st.sampled_from(URLS), max_size=2))}
    records: list[dict[str, Any]] = [{"entity": {**FIRM, **shared}}, {"entity": own}]
    records += [{"source": paper}]
    if not uses or draw(st.booleans()):
        records.append({"source": PAPER})
        sources = ["paper", f"{name}-paper"]
    else:
        sources = [f"{name}-paper"]
    years = draw(st.lists(st.integers(2010, 2014), min_size=1, max_size=4, unique=True))
    for year in years:
        roles = {"supplier": "firm", "recipient": f"{name}-land"}
        source = draw(st.sampled_from(sources))
        records.append({"claim": claim(source, when=str(year), roles=roles)})
    if uses and draw(st.booleans()):
        other = f"{uses[0]}-land"
        judgement = make_judgement(other, f"{name}-land", draw(st.sampled_from(["same", "unsure"])))
        records.append({"judgement": judgement.model_dump(mode="json", exclude={"dataset"})})
        roles = {"supplier": "firm", "recipient": other}
        records.append({"claim": claim(f"{name}-paper", when="2015", roles=roles)})
    return SmallSet(name, uses, tuple(records))


Step = tuple[str, SmallSet | None]


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Draw loads and removals of three sets, of which two use the first; some are replaced."""
    steps: list[Step] = []
    names: set[str] = set()
    for _ in range(draw(st.integers(3, 7))):
        name = draw(st.sampled_from("abc"))
        removable = name in names and (name != "a" or names == {"a"})
        if removable and draw(st.booleans()):
            names.discard(name)
            steps.append((name, None))
        elif name == "a" or "a" in names:
            names.add(name)
            steps.append((name, draw(sets(name, () if name == "a" else ("a",)))))
    return steps


@FEW
@given(histories())
def test_any_order_of_loads_and_removals_is_one_load_of_what_is_left(
    store: SyncStore, tmp_path: Path, steps: list[Step]
) -> None:
    """Nodes, edges and properties are the same; in small steps and at once."""
    empty(store)
    folders: dict[str, Path] = {}
    for number, (name, small) in enumerate(steps):
        if small is None:
            remove(store, [name])
            del folders[name]
        else:
            folders[name] = small.write(tmp_path / str(number))
            load(store, [folders[name]], at_once=9 * (number % 2), batch=3)
    after = lasting(store)
    empty(store)
    if folders:
        load(store, list(folders.values()))
        assert after == lasting(store)


def crowd(folder: Path, firms: int) -> Path:
    """Write the set `crowd`: firms of which three claims each say that they supplied the land.

    The first is denied only, and of the claims about the second one replaces another.
    """
    records: list[dict[str, Any]] = [{"entity": STATE_}, {"source": PAPER}]
    for number in range(firms):
        records.append({"entity": {**FIRM, "id": f"firm-{number}", "names": [f"Firm {number}"]}})
        polarity = "affirmed" if number else "denied"
        roles = {"supplier": f"firm-{number}", "recipient": "land"}
        claims = [
            make_claim(source="paper", said_by=["paper"], roles=roles, when=when, polarity=polarity)
            for when in ("2010", "2011", "2012")
        ]
        if number == 1:
            claims[2] = claims[2].model_copy(update={"supersedes": claims[1].id})
        dumps = (
            c.model_dump(mode="json", exclude_defaults=True, exclude={"dataset"}) for c in claims
        )
        records += [{"claim": values} for values in dumps]
    return write_records(folder, record("crowd"), *records)


def supply(firm: str, **more: Any) -> dict[str, Any]:
    """Return a claim of the set `own` that a firm supplied the land."""
    return {"claim": claim(roles={"supplier": firm, "recipient": "land"}, when="2013", **more)}


MERGER = make_judgement("firm-4", "firm-5", "same").model_dump(mode="json", exclude={"dataset"})
OTHER = {"entity": {**FIRM, "id": "firm-new", "names": ["A new firm"]}}


@pytest.mark.parametrize(
    ("firms", "own", "reads"),
    [
        (10, [supply("firm-3")], 3),
        (20, [supply("firm-3")], 3),
        # Where nobody affirms a tie, there is none in the store, and the denials matter still.
        (10, [supply("firm-0")], 3),
        # A claim that another one replaces bears on nothing.
        (10, [supply("firm-1")], 2),
        (10, [supply("firm-3"), supply("firm-7", polarity="denied")], 6),
        (10, [{"judgement": MERGER}], 6),
        (10, [{"judgement": MERGER}, supply("firm-5")], 6),
        (10, [OTHER, supply("firm-new")], 0),
    ],
)
def test_of_other_sets_only_claims_on_the_same_ties_are_read(
    store: SyncStore, tmp_path: Path, firms: int, own: list[dict[str, Any]], reads: int
) -> None:
    """However many others there are; what is left is what a load of the whole leaves."""
    large, small = crowd(tmp_path / "crowd", firms), tmp_path / "own"
    load(store, [large])
    alone = lasting(store)
    result = load(store, [write_records(small, record("own", "crowd"), *own)])
    assert result.reads.get("claim", 0) == reads
    both = lasting(store)
    assert remove(store, ["own"]).reads.get("claim", 0) == reads
    assert lasting(store) == alone
    empty(store)
    load(store, [large, small])
    assert lasting(store) == both


def test_all_claims_are_read_where_others_may_depend_on_them(
    store: SyncStore, tmp_path: Path
) -> None:
    """On the set that is loaded, or on what another program wrote."""
    large = crowd(tmp_path / "crowd", 5)
    own = write_records(tmp_path / "own", record("own", "crowd"), supply("firm-3"))
    load(store, [large, own])
    (large / "more.jsonl").write_text(json.dumps(supply("firm-4")) + "\n", encoding="utf-8")
    assert load(store, [large]).reads["claim"] == 1
    store.run("CREATE (:Somebody)")
    result = load(store, [write_records(own, record("own", "crowd"), supply("firm-2"))])
    assert (result.foreign, result.reads["claim"]) == (True, 16)


def test_sets_come_together_and_one_after_the_other(store: SyncStore, tmp_path: Path) -> None:
    """The set that is used may come first or in the same load, never later."""
    first = base(tmp_path)
    second = write_records(tmp_path / "more", record("more", "base"), {"claim": claim(when="2011")})
    with pytest.raises(DatasetFaults) as error:
        load(store, [second])
    (fault, *_) = error.value.faults
    assert (fault.record, fault.field, fault.message) == (
        "dataset more", "uses[1]", "there is no data set 'base'",
    )  # fmt: skip
    load(store, [first, second])
    together = lasting(store)
    empty(store)
    load(store, [first])
    result = load(store, [second])
    assert lasting(store) == together
    assert result.writes == {"dataset": 1, "claim": 1, "tie": 1}
    assert result.counts == {
        "entity": 2, "source": 1, "claim": 2, "judgement": 0, "tie": 1,
    }  # fmt: skip


def test_the_same_files_again_are_not_read(store: SyncStore, tmp_path: Path) -> None:
    """Neither set is compared where nothing of it has changed, and the other sets stay."""
    more = {"claim": claim(when="2011")}
    folders = [base(tmp_path), write_records(tmp_path / "b", record("b", "base"), more)]
    load(store, folders)
    before = dump(store)
    phases: list[str] = []
    again = load(store, folders[:1], progress=lambda phase, done, of: phases.append(phase))
    assert (again.writes, again.removals, phases) == ({}, {}, [])
    assert dump(store) == before


# What two sets say of one id


def test_an_entity_of_two_sets_has_the_names_of_both(store: SyncStore, tmp_path: Path) -> None:
    """Each name says whose it is, and either set can go."""
    load(store, [base(tmp_path)])
    names = ["Firm Ltd", "Firm"]
    other = write_records(tmp_path / "o", record("o", "base"), {"entity": {**FIRM, "names": names}})
    load(store, [other])
    ((node,),) = store.rows("MATCH (n:Entity {id: 'firm'}) RETURN properties(n)")
    assert (node["name"], node["names"]) == ("Firm", ["Firm", "The Firm", "Firm Ltd"])
    assert node["name_datasets"] == ["base o", "base", "o"]
    assert node["datasets"] == ["base", "o"]
    remove(store, ["o"])
    ((node,),) = store.rows("MATCH (n:Entity {id: 'firm'}) RETURN properties(n)")
    assert (node["names"], node["datasets"]) == (["Firm", "The Firm"], ["base"])
    assert "name_datasets" not in node


def test_an_entity_of_two_sets_has_the_identifiers_of_both(
    store: SyncStore, tmp_path: Path
) -> None:
    """And the web addresses, each once; what a set said goes with it."""
    lei, wikidata = {"scheme": "LEI", "value": "1"}, {"scheme": "Wikidata", "value": "Q1"}
    first = {**FIRM, "identifiers": [wikidata], "urls": ["https://a.example"], "country": "NO"}
    second = {**first, "identifiers": [wikidata, lei], "urls": []}
    facts = [{"entity": first}, {"entity": STATE_}, {"source": PAPER}, {"claim": claim()}]
    load(store, [write_records(tmp_path / "b", record("base"), *facts)])
    ((alone,),) = store.rows("MATCH (n:Entity {id: 'firm'}) RETURN properties(n)")
    assert (alone["country"], alone["urls"]) == ("NO", ["https://a.example"])
    load(store, [write_records(tmp_path / "o", record("o", "base"), {"entity": second})])
    ((node,),) = store.rows("MATCH (n:Entity {id: 'firm'}) RETURN properties(n)")
    assert (node["identifier_schemes"], node["identifier_values"]) == (
        ["LEI", "Wikidata"], ["1", "Q1"],
    )  # fmt: skip
    assert (node["identifier_datasets"], node["url_datasets"]) == (["o", "base o"], ["base"])
    remove(store, ["o"])
    assert store.rows("MATCH (n:Entity {id: 'firm'}) RETURN properties(n)") == [[alone]]
    elsewhere = {"entity": {**second, "country": "SE"}}
    (fault,) = faults(store, write_records(tmp_path / "o", record("o", "base"), elsewhere))
    assert "entity firm, country: the data set 'base' says otherwise" in fault
    assert "It is at data set base: make the two alike" in fault


def faults(store: SyncStore, *folders: Path) -> list[str]:
    """What a load says is wrong."""
    with pytest.raises(DatasetFaults) as error:
        load(store, folders)
    return [str(fault) for fault in error.value.faults]


def test_sets_that_contradict_each_other(store: SyncStore, tmp_path: Path) -> None:
    """A fault with both places: of a file, or of the set that is stored."""
    first = base(tmp_path)
    firm = {**FIRM, "description": "Another one."}
    other = write_records(tmp_path / "o", record("o", "base"), {"entity": firm})
    (alone,) = faults(store, first, other)
    assert f"{other}/x.jsonl:2: entity firm, description: the data set 'base' says" in alone
    assert f"It is at {first}/x.jsonl:2: make the two alike" in alone
    load(store, [first])
    before = dump(store)
    (fault,) = faults(store, other)
    assert "It is at data set base: make the two alike" in fault
    assert dump(store) == before


def test_sets_that_do_not_know_of_each_other(store: SyncStore, tmp_path: Path) -> None:
    """One id in both is a fault that offers both ways out; what both use they may share."""
    load(store, [base(tmp_path)])
    stranger = write_records(tmp_path / "s", record("s"), {"entity": FIRM})
    (fault,) = faults(store, stranger)
    assert "the id 'firm' belongs to the data set 'base' too" in fault
    assert "Write `uses: [base]`" in fault and "another id" in fault
    pair = [write_records(tmp_path / n, record(n, "base"), {"entity": FIRM}) for n in ("p", "q")]
    assert load(store, pair).writes == {"dataset": 2, "entity": 1}


def test_a_set_takes_no_claim_of_another_out_of_force(store: SyncStore, tmp_path: Path) -> None:
    """What another set says is for its own authors to correct."""
    newer = claim(when="2020", supersedes=make_claim(**claim()).id)
    first = base(tmp_path)
    (fault,) = faults(
        store, first, write_records(tmp_path / "o", record("o", "base"), {"claim": newer})
    )
    assert "no claim has the id" in fault and "in this data set" in fault
    assert faults(store, base(tmp_path, {"claim": {**newer, "supersedes": "0" * 32}}))
    load(store, [base(tmp_path, {"claim": newer})])


def test_what_another_set_has_must_be_used(store: SyncStore, tmp_path: Path) -> None:
    """An id of a set that is not used is missing, and the message names the set."""
    load(store, [base(tmp_path)])
    paper = {"source": {**PAPER, "id": "note"}}
    other = write_records(tmp_path / "o", record("o"), paper, {"claim": claim("note")})
    texts = faults(store, other)
    assert len(texts) == 2
    assert "no entity has the id 'firm' in this data set or in those that it uses" in texts[0]
    assert "The data set 'base' has it: write `uses: [base]`." in texts[0]


def test_what_is_used_cannot_be_taken_away(store: SyncStore, tmp_path: Path) -> None:
    """Neither by a new version of the set, nor by removing it; each says who needs it."""
    load(
        store,
        [
            base(tmp_path),
            write_records(tmp_path / "o", record("o", "base"), {"claim": claim(when="2011")}),
        ],
    )
    before = dump(store)
    smaller = write_records(tmp_path / "base", record("base"), {"entity": FIRM}, {"source": PAPER})
    texts = faults(store, smaller)
    assert any(
        text.startswith("data set o: claim ") and "no entity has the id 'land'" in text
        for text in texts
    )
    with pytest.raises(InputError, match="'base' is used by 'o'"):
        remove(store, ["base"])
    with pytest.raises(NotFound, match="no data set with the id 'nase'"):
        remove(store, ["nase"])
    assert dump(store) == before
    remove(store, ["base", "o"])
    assert count(store, "(n) WHERE NOT n:Sightlines AND NOT n:Snapshot") == 0


def test_a_ring_of_sets_is_a_fault(store: SyncStore, tmp_path: Path) -> None:
    """Neither could ever be removed."""
    pair = [
        write_records(tmp_path / n, record(n, u), {"entity": {**STATE_, "id": n}})
        for n, u in ("ab", "ba")
    ]
    assert "the data sets use one another in a ring" in faults(store, *pair)[0]


# Nothing of a removed set stays


def test_another_set_leaves_every_row_of_the_first(store: SyncStore, tmp_path: Path) -> None:
    """Also of an entity with an epithet between its names, which the other set does not have."""
    empty(store)
    names = ["Great Firm", EPITHET, "Firm"]
    great = {"id": "great-firm", "type": "Company", "names": names}
    first = load(store, [base(tmp_path, {"entity": great})])

    def rows() -> list[str]:
        return [line for line in lasting(store) if "great-firm" in line]

    before = rows()
    paper = {"source": {**PAPER, "id": "other-paper"}}
    load(store, [write_records(tmp_path / "other", record("other", "base"), paper)])
    assert rows() == before != []
    assert remove(store, ["other"]).snapshot == first.snapshot


def test_nothing_of_a_removed_set_stays(store: SyncStore, tmp_path: Path) -> None:
    """Neither its texts nor the ids in it, in no node, whenever it was loaded and changed.

    Nor that a claim or a judgement of it went before it did, nor what became of others by it.
    """
    merged = {**FIRM, "id": "firma", "names": ["Firma"]}
    sold = claim(when="2010", roles={"supplier": "firma", "recipient": "land"})
    first = base(tmp_path, {"entity": merged}, {"claim": sold})
    earliest = load(store, [first])
    same = make_judgement("firm", "firma").model_dump(mode="json", exclude={"dataset"})
    for text, more in (
        ("Secret one", [{"judgement": same}, {"claim": claim(when="2013")}]),
        ("Secret two", []),
        ("Secret three", [{"judgement": same}]),
    ):
        entity = {**FIRM, "names": ["Firm", f"{text} Ltd"]}
        hidden = {"entity": {**STATE_, "id": "hidden-land", "names": [text]}}
        roles = {"supplier": "firm", "recipient": "hidden-land"}
        records = [
            {"claim": claim(when="2011", summary=f"{text}.")},
            {"claim": claim(when="2012", summary=f"{text}.", roles=roles)},
            *more,
        ]
        load(
            store,
            [
                write_records(
                    tmp_path / "x", record("x-set", "base"), {"entity": entity}, hidden, *records
                )
            ],
        )
    remove(store, ["x-set"])
    lines = dump(store)
    assert "Secret" not in "\n".join(lines)
    assert "hidden" not in "\n".join(lines)
    # Its own id tells that it was there, and that it does not come back.
    kinds = ('["Snapshot"]', '["Sightlines"]')
    assert all(any(kind in line for kind in kinds) for line in lines if "x-set" in line)
    answer = store.ask(changes(earliest.snapshot))
    assert isinstance(answer, Changes)
    assert answer.items == ()
    assert count(store, "(:Change)") == 0


def test_a_removed_set_takes_no_change_of_others(store: SyncStore, tmp_path: Path) -> None:
    """What another set changed since a snapshot is told, and it alone."""
    first = load(store, [base(tmp_path)])
    other = [{"entity": {**STATE_, "id": "realm", "names": ["Realm"]}}]
    load(store, [base(tmp_path, *other)])
    roles = {"supplier": "firm", "recipient": "realm"}
    x_claims = [{"claim": claim(when=year, roles=roles)} for year in ("2011", "2012")]
    load(store, [write_records(tmp_path / "x", record("x-set", "base"), *x_claims)])
    load(store, [write_records(tmp_path / "x", record("x-set", "base"), x_claims[0])])
    load(store, [base(tmp_path, *other, {"claim": claim(when="2013")})])
    remove(store, ["x-set"])
    answer = store.ask(changes(first.snapshot))
    assert isinstance(answer, Changes)
    told = [(item.change.key.kind, item.change.change) for item in answer.items]
    assert told == [("claim", "added"), ("entity", "added"), ("tie", "changed")]


def test_a_replaced_set_leaves_no_text(store: SyncStore, tmp_path: Path) -> None:
    """That a claim was removed is known, and not what it said."""
    withdrawn = {"on": str(DAY), "reason": "It erred."}
    hidden = {"claim": claim(when="2011", summary="Secret.")}
    first = load(store, [base(tmp_path, hidden, {"claim": claim(when="2012")})])
    load(store, [base(tmp_path, {"claim": claim(when="2012", retracted=withdrawn)})])
    assert "Secret" not in "\n".join(dump(store))
    answer = store.ask(changes(first.snapshot, kinds=["claim"]))
    assert isinstance(answer, Changes)
    assert sorted(item.change.change for item in answer.items) == ["removed", "retracted"]


# Who made what


def test_records_name_their_sets(store: SyncStore, tmp_path: Path) -> None:
    """Entities, sources, claims, judgements and ties; the state has the sets with their makers."""
    judgement = make_judgement("firm", "firma").model_dump(mode="json", exclude={"dataset"})
    other = write_records(
        tmp_path / "o", record("o", "base"), {"claim": claim(when="2011")},
        {"entity": {**FIRM, "id": "firma"}}, {"judgement": judgement},
    )  # fmt: skip
    load(store, [base(tmp_path), other])
    rows = store.rows(
        "MATCH ()-[r:SUPPLIES]->(:Entity) WHERE r.status IS NOT NULL RETURN r.datasets"
    )
    assert rows == [[["base", "o"]]]
    assert store.rows("MATCH ()-[r:JUDGED]->() RETURN r.dataset") == [["o"]]
    assert store.rows("MATCH (s:Source) RETURN s.datasets") == [[["base"]]]
    facts = [(d.id, d.title, d.author, d.licence) for d in store.ask(STATE).datasets]
    assert facts == [(i, f"Set {i}", f"Author {i}", "CC0") for i in ("base", "o")]
    ids = [row[0] for row in store.rows("MATCH (c:Claim) RETURN c.id")]
    cards = [store.ask(claim_questions.claim(i)) for i in ids]
    assert {card.claim.dataset for card in cards if card} == {"base", "o"}


# The store of an older version


def test_a_store_of_an_older_version_is_brought_over(store: SyncStore, tmp_path: Path) -> None:
    """Its one set, which no node tells of, stays beside the one that is loaded."""
    first = base(tmp_path)
    load(store, [first])
    other = write_records(tmp_path / "o", record("o", "base"), {"claim": claim(when="2011")})
    store.run("MATCH (n:Dataset) DELETE n")
    store.run("MATCH (n:!Sightlines) REMOVE n.dataset, n.datasets SET n.content_hash = 'older'")
    store.run("MATCH ()-[r]->() REMOVE r.dataset, r.datasets")
    store.run("MATCH (n:Snapshot) SET n.data_set = 'base', n.id = 'older' REMOVE n.program")
    load(store, [other])
    migrated = [line for line in lasting(store) if '["Dataset"]' not in line]
    assert [d.id for d in store.ask(STATE).datasets] == ["base", "o"]
    empty(store)
    write_records(tmp_path / "base", {"dataset": "base"}, *map(json.loads, lines(first)[1:]))
    load(store, [first, other])
    assert migrated == [line for line in lasting(store) if '["Dataset"]' not in line]


def lines(folder: Path) -> Sequence[str]:
    """The lines of the file in a folder."""
    return (folder / "x.jsonl").read_text(encoding="utf-8").splitlines()


# What `up` loads, and what a killed load leaves


def test_seeds_come_into_an_empty_store_and_stay_away_once_removed(
    store: SyncStore, tmp_path: Path
) -> None:
    """They are kept up to date where they are, and no other set is touched."""
    seeds = tmp_path / "seeds"
    first, more = (
        base(seeds),
        write_records(seeds / "more", record("more", "base"), {"claim": claim(when="1999")}),
    )
    assert load(store, [seeds], seeds=True).data_sets == ("base", "more")
    mine = write_records(tmp_path / "mine", record("mine"), {"entity": {**STATE_, "id": "my-land"}})
    load(store, [mine])
    remove(store, ["more"])
    base(seeds, {"claim": claim(when="2011")})
    result = load(store, [seeds], seeds=True)
    assert (result.data_sets, result.writes["claim"]) == (("base",), 1)
    assert [d.id for d in store.ask(STATE).datasets] == ["base", "mine"]
    assert load(store, [seeds], seeds=True).writes == {}
    load(store, [mine], replace=True)
    assert load(store, [seeds], seeds=True).data_sets == ()
    load(store, [first, more])
    assert load(store, [seeds], seeds=True).data_sets == ("base", "more")


def test_the_seeds_of_an_older_version_are_replaced(store: SyncStore, tmp_path: Path) -> None:
    """They were one set with another id, beside which the new ones could not stand."""
    load(store, [write_records(tmp_path / "old", record("sightlines-seeds"), {"entity": FIRM})])
    store.run("MATCH (n:Dataset) DELETE n")
    store.run("MATCH (n:Snapshot) SET n.data_set = 'sightlines-seeds' REMOVE n.program")
    first = base(tmp_path / "seeds")
    load(store, [first], seeds=True)
    assert [d.id for d in store.ask(STATE).datasets] == ["base"]
    assert store.rows("MATCH (n:Entity {id: 'firm'}) RETURN n.datasets") == [[["base"]]]


def test_another_load_does_not_complete_an_interrupted_one(
    store: SyncStore, tmp_path: Path
) -> None:
    """It says which set is incomplete; loading that set again completes it."""
    first = base(tmp_path)
    other = write_records(tmp_path / "o", record("o"), {"entity": {**STATE_, "id": "o-land"}})
    load(store, [first, other])
    expected = lasting(store)

    base(tmp_path, {"claim": claim(when="2011")})
    with pytest.raises(KeyboardInterrupt):
        load(store, [first], progress=interrupt, at_once=0)
    with pytest.raises(InputError, match="The load of the data set 'base' was interrupted"):
        load(store, [other])
    base(tmp_path)
    load(store, [first])
    assert lasting(store) == expected


def test_an_interrupted_removal_is_completed_by_the_next_load(
    store: SyncStore, tmp_path: Path
) -> None:
    """Interrupted anywhere, what is left and what has changed is that of a whole removal."""
    same = make_judgement("firm", "firma").model_dump(mode="json", exclude={"dataset"})
    firma = {"entity": {**FIRM, "id": "firma", "names": ["Firma"]}}
    sold = {"claim": claim(when="2010", roles={"supplier": "firma", "recipient": "land"})}
    claims = [{"claim": claim(when=str(year))} for year in range(2011, 2016)]

    def history() -> Path:
        empty(store)
        first = base(tmp_path, firma)
        load(store, [first])
        more = write_records(tmp_path / "more", record("more", "base"), claims[0])
        load(store, [more, base(tmp_path, firma, sold)])
        for kept in (claims[1:], claims[2:]):
            x = write_records(tmp_path / "x", record("x-set", "base"), {"judgement": same}, *kept)
            load(store, [x])
        return first

    def present() -> list[str]:
        return [line for line in dump(store) if '["Snapshot"]' not in line]

    history()
    remove(store, ["x-set"])
    whole, interruptions = present(), 0
    assert '["Change"]' in "".join(whole)
    while True:
        first, reports = history(), iter(range(interruptions))

        def stop(phase: str, done: int, of: int, left: Iterator[int] = reports) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt

        try:
            remove(store, ["x-set"], progress=stop, at_once=0, batch=2)
        except KeyboardInterrupt:
            load(store, [first], at_once=0, batch=2)
        else:
            break
        # If it had not begun, the set is still there.
        if "x-set" not in {one.id for one in store.ask(STATE).datasets}:
            assert present() == whole
        interruptions += 4
    assert present() == whole
    assert interruptions > 6
