"""graph/queries/neighbourhood.py: what is around an entity, against a search by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graph.queries.moment import Moment
from graph.queries.neighbourhood import Neighbourhood, neighbourhood, nodes
from graph.queries.tie_lists import EVERY, TieFilters, TieRow, ties
from graph.store.loader import load
from tests.strategies import make_claim, make_dataset, make_judgement, write
from tests.sync_store import SyncStore

FILTERS = {
    "all": TieFilters(),
    "of a type": TieFilters(types=["SUPPLIES", "ALLIED_WITH", "PART_OF"]),
    "of a status": TieFilters(statuses=["alleged", "planned"]),
    "then": TieFilters(moment=Moment(date(2022, 6, 1), date(2023, 6, 1))),
    "then, of a status": TieFilters(
        statuses=["reported"], moment=Moment(date(2022, 6, 1), date(2023, 6, 1))
    ),
}


def rings(rows: list[TieRow], start: str, depth: int) -> list[set[str]]:
    """The entities at each distance from one."""
    circles, inside = [{start}], {start}
    for _ in range(depth):
        touched = {
            end
            for row in rows
            for end in (row.source, row.target)
            if circles[-1] & {row.source, row.target}
        }
        circles.append(touched - inside)
        inside |= touched
    return circles


def around(
    store: SyncStore, entity_id: str, filters: TieFilters = EVERY, **options: int
) -> Neighbourhood | None:
    """The neighbourhood of an entity."""
    return store.read(lambda reader: neighbourhood(reader, entity_id, filters, **options))


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
def test_what_is_around_an_entity(seed_store: SyncStore, filters: TieFilters, depth: int) -> None:
    """All within so many hops, the nearer first; all ties between them; degrees of the moment."""
    at_moment = TieFilters(moment=filters.moment)
    every = list(seed_store.read(lambda reader: ties(reader, at_moment, limit=500)).items)
    passing = list(seed_store.read(lambda reader: ties(reader, filters, limit=500)).items)
    expected = rings(passing, "tiandy", depth)
    answer = around(seed_store, "tiandy", filters, depth=depth, limit=500)
    assert answer is not None
    ids = [node.id for node in answer.nodes]
    place = 0
    for ring in expected:
        assert set(ids[place : place + len(ring)]) == ring
        place += len(ring)
    assert (len(ids), answer.left_out) == (place, 0)
    assert list(answer.ties) == [row for row in passing if {row.source, row.target} <= set(ids)]
    assert {n.id: n.degree for n in answer.nodes} == {
        i: sum(i in (row.source, row.target) for row in every) for i in ids
    }


def test_a_limit_keeps_the_nearer_and_the_stronger(seed_store: SyncStore) -> None:
    """A smaller graph is the beginning of a larger one, and says how many are left out."""
    whole = around(seed_store, "tiandy", depth=2, limit=500)
    assert whole is not None
    for limit in (1, 4, 12, 30):
        part = around(seed_store, "tiandy", depth=2, limit=limit)
        assert part is not None
        assert part.nodes == whole.nodes[:limit]
        assert part.left_out == len(whole.nodes) - limit


def test_a_merged_id_gives_the_canonical_entity(store: SyncStore, tmp_path: Path) -> None:
    """Its ties are there; no id at all is none."""
    claims = [make_claim(roles={"supplier": "company-2", "recipient": "state-1"})]
    merged = make_dataset(claims=claims, judgements=[make_judgement("company-1", "company-2")])
    load(store, [write(tmp_path / "data", merged)])
    answer = around(store, "company-2", limit=10)
    assert answer is not None
    assert (answer.focus, [n.id for n in answer.nodes]) == ("company-1", ["company-1", "state-1"])
    assert around(store, "ghost", limit=10) is None
    assert [n.degree for n in store.ask(nodes(["state-1", "ghost"], Moment()))] == [1]
