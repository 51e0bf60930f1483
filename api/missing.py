"""Records that are not there: 410 for what was, 404 with what may have been meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Literal, cast, get_args

from fastapi.responses import RedirectResponse
from rapidfuzz import process

from api.answers.common import Fault
from api.errors import ProblemError, not_found
from api.http.public_address import address
from api.parameters import Negation
from api.request import GraphRequest
from graph.changes import Kind, RecordKey
from graph.language import gettext, mark
from graph.model import TieKey
from graph.queries import search
from graph.queries.entities import EntityCard
from graph.queries.paths import canonical
from graph.queries.search import NEAR, Near, ReferenceKind, WordKind
from graph.queries.withdrawals import Fate, dataset_removal, fate_of
from graph.question import Reader

#: What pages call a record, and what became of it.
_WORDS = (
    mark("entity"), mark("connection"), mark("source"),
    mark("Retracted"), mark("Superseded"), mark("Removed"),
)  # fmt: skip
_PATHS: Mapping[Kind, str] = {
    "claim": "claims", "entity": "entities", "source": "sources", "tie": "ties"
}  # fmt: skip


async def missing(
    request: GraphRequest, kind: Kind, record_id: str, noun: str = ""
) -> ProblemError:
    """Return the problem for an id that no record has: what became of it, or what comes near.

    `noun` is what the text calls the record, its kind where that is empty.
    """
    store, noun = request.services.store, noun or kind
    near = _proposed(_PATHS[kind], await _NEAREST[kind](store, record_id))
    if any(each["id"] == record_id for each in near):
        detail = gettext(
            "The %(kind)s %(id)s is not there at the time that was asked for.",
            kind=gettext(noun),
            id=repr(record_id),
        )
        return ProblemError(404, "not_found", gettext("Not found"), detail, near=near)
    fate = await fate_of(store, RecordKey(kind, record_id))
    if fate is not None:
        return gone_problem(noun, record_id, fate, near)
    if kind == "tie" and not near:
        near = await _near_ends(store, TieKey(*record_id.split("/")))
    if request.removal:
        # Nothing is kept of a set that was removed, so whether it had this record is not known.
        detail = f"There is no {noun} {record_id!r}. {request.removal}"
        return ProblemError(410, "removed", "Removed", detail, near=near)
    return not_found(noun, record_id, near)


def gone_problem(
    kind: str, record_id: str, fate: Fate, near: Iterable[dict[str, str]] = ()
) -> ProblemError:
    """Return the problem for a record that is gone; the claims in its place come first."""
    instead = [i for each in fate.withdrawals if (i := each.superseded_by)]
    links = [{"id": i, "label": i, "link": address(f"/v1/claims/{i}")} for i in instead]
    detail = gettext(
        "The %(kind)s %(id)s is no longer here. %(fate)s",
        kind=gettext(kind),
        id=repr(record_id),
        fate=fate,
    )
    return ProblemError(
        410, fate.code, gettext(fate.code.capitalize()), detail, near=[*links, *near]
    )


def moved(request: GraphRequest, old: str, new: str) -> RedirectResponse:
    """Return the way (308) from an address that ends in `old` to the same one with `new`."""
    url = request.http.url
    there = url.replace(path=url.path.removesuffix(old) + new)
    return RedirectResponse(str(there), 308, headers=dict(request.response.headers))


async def moved_tie(request: GraphRequest, key: TieKey) -> RedirectResponse | None:
    """Return the way to a tie whose ends are merged, or in the other order; None where neither is.

    To be asked where there is no tie: those of merged entities run from the canonical ones, and
    those without direction from the lower id.
    """
    ends = await request.ask(canonical([key.source, key.target]))
    source, target = (ends.get(i, i) for i in (key.source, key.target))
    if key.symmetric:
        source, target = sorted((source, target))
    if (source, target) == (key.source, key.target):
        return None
    return moved(request, str(key), str(TieKey(source, key.type, target)))


async def unknown_values(
    request: GraphRequest, values: Iterable[tuple[str, ReferenceKind | Literal["dataset"], str]]
) -> list[Fault]:
    """Return a fault for each value that names nothing, with the nearest of what there is.

    A value comes with its parameter and with what it names; data sets after the first question
    alone. Beyond `_MOST_NEAR` of them the nearest are not looked for.
    """
    ids_by_kind: dict[ReferenceKind, list[str]] = {}
    for _, kind, value in (every := list(dict.fromkeys(values))):
        if kind != "dataset":
            ids_by_kind.setdefault(kind, []).append(value)
    unknown = await request.ask(search.unknown(ids_by_kind)) if ids_by_kind else {}
    datasets = {dataset.id for dataset in request.settled.datasets}
    faults: list[Fault] = []
    for parameter, kind, value in every:
        if value in datasets if kind == "dataset" else value not in unknown.get(kind, ()):
            continue
        near = (
            await _near_values(request, kind, value, datasets) if len(faults) < _MOST_NEAR else ()
        )
        text = f"{parameter}: {_NONE.get(kind, f'there is no {kind}')} {value!r}"
        text += f"; the nearest are {', '.join(near)}." if near else "."
        faults.append(
            Fault(parameter=parameter, value=value, message=text, did_you_mean=list(near))
        )
    return faults


_MOST_NEAR = 5
_NONE: Mapping[str, str] = {
    "dataset": "there is no data set",
    "speaker": "there is no source or entity",
    "country": "no entity has the country",
    "identifier": "no entity has the identifier",
}


async def _near_values(
    request: GraphRequest,
    kind: ReferenceKind | Literal["dataset"],
    value: str,
    datasets: Iterable[str],
) -> Sequence[str]:
    """Return the values that come nearest to one that names nothing."""
    store = request.services.store
    if kind == "dataset":
        return [near for near, *_ in process.extract(value, sorted(datasets), limit=NEAR)]
    if kind in get_args(WordKind):
        return await store.ask(search.near_words(cast("WordKind", kind), value))
    ids = {
        near.id: near
        for record in (("source", "entity") if kind == "speaker" else (kind,))
        for near in await _NEAREST[record](store, value)
    }
    nearest = process.extract(value, list(ids), processor=str.casefold, limit=NEAR)
    return list(ids) if kind == "claim" else [near for near, *_ in nearest]


async def unknown_notices(request: GraphRequest, params: Negation, total: int) -> list[str]:
    """Return the notices of values that name nothing, where there are any.

    Where records have passed, the one value of a filter names something.
    """
    values = list(params.references())
    several = Counter(parameter for parameter, *_ in values)
    doubts = [v for v in values if not total or several[v[0]] > 1 or v[0] in ("not", "between")]
    return [fault.message for fault in await unknown_values(request, doubts)] if doubts else []


def unknown_problem(faults: Sequence[Fault]) -> ProblemError:
    """Return the problem for values that name nothing, where an answer needs each of them."""
    detail = " ".join(fault.message for fault in faults)
    return ProblemError(404, "not_found", "Not found", detail, errors=faults)


async def missing_dataset(request: GraphRequest, dataset_id: str) -> ProblemError:
    """Return the problem for a data set that the store does not hold."""
    day = await request.services.store.ask(dataset_removal(dataset_id))
    if day is None:
        datasets = sorted(dataset.id for dataset in request.settled.datasets)
        nearest = process.extract(dataset_id, datasets, processor=str.casefold, limit=NEAR)
        near = [{"id": i, "label": i, "link": address(f"/v1/datasets/{i}")} for i, *_ in nearest]
        return not_found("data set", dataset_id, near)
    return gone_problem("data set", dataset_id, Fate("removed", removed_on=day))


async def _near_entities(reader: Reader, record_id: str) -> list[Near]:
    return _as_near(await reader.ask(search.near_entities(record_id)))


async def _near_sources(reader: Reader, record_id: str) -> Iterable[Near]:
    return await reader.ask(search.near_sources(record_id))


async def _near_claims(reader: Reader, record_id: str) -> Iterable[Near]:
    return await reader.ask(search.near_claims(record_id))


async def _near_ties(reader: Reader, record_id: str) -> Iterable[Near]:
    return await reader.ask(search.near_ties(TieKey(*record_id.split("/"))))


_NEAREST: Mapping[Kind, Callable[[Reader, str], Awaitable[Iterable[Near]]]] = {
    "claim": _near_claims,
    "entity": _near_entities,
    "source": _near_sources,
    "tie": _near_ties,
}


async def _near_ends(reader: Reader, key: TieKey) -> list[dict[str, str]]:
    """The entities that the ends of a tie may be: the nearest to each first, then the next."""
    ends = [await reader.ask(search.near_entities(end)) for end in (key.source, key.target)]
    cards = {card.entity.id: card for pair in zip_longest(*ends) for card in pair if card}
    return _proposed("entities", _as_near(list(cards.values())[:NEAR]))


def _as_near(cards: Iterable[EntityCard]) -> list[Near]:
    return [Near(card.entity.id, card.entity.label, card.entity.type) for card in cards]


def _proposed(path: str, nearest: Iterable[Near]) -> list[dict[str, str]]:
    """Records as a problem proposes them; `path` is that of their list, below `/v1/`."""
    return [
        {"id": n.id, "label": n.label, "type": n.type, "link": address(f"/v1/{path}/{n.id}")}
        for n in nearest
    ]
