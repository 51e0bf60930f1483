"""Small data sets for tests: builders of records, and Hypothesis strategies that draw them.

Roles, types and vocabularies are taken from the ontology, so that a predicate that is added to it
is drawn from then on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from graph.dataset import Dataset
from graph.model import Claim, Entity, Judgement, Quantity, Retraction, Source
from graph.ontology import ONTOLOGY
from graph.projection import merged

#: `make check` draws one example of so many that a whole run draws.
_OF = 10 if settings.get_current_profile_name() == "check" else 1
DAY = date(2024, 3, 31)
#: The data set that the records are of, unless a test names another one.
NAME = "tests"

#: Two entities of every type: `company-1`, `company-2`, and so on.
CAST: Mapping[str, Entity] = {
    f"{name.lower()}-{number}": Entity(
        id=f"{name.lower()}-{number}",
        type=name,
        names=({"text": f"{name} {number}"},),  # type: ignore[arg-type]
        datasets=(NAME,),
    )
    for name in ONTOLOGY.types
    for number in (1, 2)
}
TYPES = {entity.id: entity.type for entity in CAST.values()}
SPEAKERS = [i for i, name in TYPES.items() if name in ONTOLOGY.type_sets["actor"]]


def examples(number: int, **options: Any) -> settings:
    """Return the settings of a property of which a whole run looks at so many examples."""
    return settings(
        deadline=None,
        max_examples=max(number // _OF, 1),
        suppress_health_check=list(HealthCheck),
        **options,
    )


def make_source(source_id: str = "source-1", **fields: Any) -> Source:
    """Return an article that was read, with some fields otherwise."""
    defaults: dict[str, Any] = {
        "kind": "article",
        "title": f"About {source_id}",
        "read_on": DAY,
        "datasets": (NAME,),
    }
    return Source(id=source_id, **defaults | fields)


def make_claim(source: str = "source-1", **fields: Any) -> Claim:
    """Return the claim that company-1 supplied state-1, with some fields otherwise."""
    defaults: dict[str, Any] = {
        "source": source,
        "predicate": "supplies",
        "roles": {"supplier": "company-1", "recipient": "state-1"},
        "modality": "stated",
        "said_by": [source],
        "summary": "One supplied the other.",
        "recorded_on": DAY,
        "recorded_by": "tests",
        "dataset": NAME,
    }
    return Claim(**defaults | fields)


def make_judgement(left: str, right: str, verdict: str = "same") -> Judgement:
    """Return somebody's word on two ids."""
    return Judgement(
        left=left,
        right=right,
        verdict=verdict,
        by="tests",
        on=DAY,
        reason="It was compared.",
        dataset=NAME,
    )


def make_dataset(
    sources: Sequence[Source] = (),
    entities: Mapping[str, Entity] = CAST,
    claims: Sequence[Claim] = (),
    judgements: Sequence[Judgement] = (),
    name: str = NAME,
) -> Dataset:
    """Return a data set; its sources are those of its claims if none are given."""
    ids = sorted({c.source for c in claims})
    documents = {s.id: s for s in sources or [make_source(i) for i in ids]}
    return Dataset(name, documents, entities, tuple(claims), tuple(judgements))


def write(folder: Path, dataset: Dataset, name: str = "records.jsonl") -> Path:
    """Write a data set into a file of a folder, one record a line; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"dataset": dataset.name}), *_lines(dataset)]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _lines(dataset: Dataset) -> Iterator[str]:
    kinds: dict[str, Sequence[Any]] = {
        "source": list(dataset.sources.values()),
        "entity": list(dataset.entities.values()),
        "judgement": dataset.judgements,
        "claim": dataset.claims,
    }
    for kind, records in kinds.items():
        for record in records:
            body = record.model_dump(
                mode="json", exclude_defaults=True, exclude={"dataset", "datasets"}
            )
            yield json.dumps({kind: body}, ensure_ascii=False)


#: Every kind of date that EDTF has and that is taken, as patterns for a year, a month and a day.
DATES = (
    "{0}", "{0}-{2:02}", "{0}-{2:02}-{3:02}", "{0}~", "{0}-{2:02}?", "{0}-{2:02}-{3:02}%",
    "201X", "20XX~", "XXXX-{2:02}", "XXXX-{2:02}-{3:02}", "{0}/{1}", "{0}-{2:02}/{1}-{2:02}-{3:02}",
    "{0}~/{1}", "{0}/..", "../{1}", "{0}-{2:02}-{3:02}/", "/{1}", "{0}-XX", "{0}-{2:02}-XX",
    "[{0},{1}]", "[{0}..{1}]", "[..{0}]", "[{0}..]", "XXXX-{2:02}/{1}", "{0}/XXXX-{2:02}",
)  # fmt: skip


@st.composite
def edtf_dates(draw: st.DrawFn) -> str:
    """Draw a date of any kind between 2009 and 2020."""
    year, length = draw(st.integers(2009, 2016)), draw(st.integers(1, 4))
    month, day = draw(st.integers(1, 12)), draw(st.integers(1, 28))
    return draw(st.sampled_from(DATES)).format(year, year + length, month, day)


asked_days = st.none() | st.dates(date(2008, 1, 1), date(2021, 12, 31))


@st.composite
def sources(draw: st.DrawFn, source_id: str = "source-1") -> Source:
    """Draw a source of any kind, dated or not, read or only cited."""
    return make_source(
        source_id,
        kind=draw(st.sampled_from(list(ONTOLOGY.source_kinds))),
        published=draw(st.none() | edtf_dates()),
        read_on=draw(st.none() | st.dates(date(2015, 1, 1), date(2022, 1, 1))),
        publisher=draw(st.sampled_from([None, None, "organization-1", "person-2", "Some Press"])),
    )


@st.composite
def claims(draw: st.DrawFn, source_ids: Sequence[str] = ("source-1",), **fixed: Any) -> Claim:
    """Draw a claim about the cast that fits its predicate; `fixed` fields are as given."""
    source = fixed.get("source") or draw(st.sampled_from(source_ids))
    name = fixed.get("predicate") or draw(st.sampled_from(list(ONTOLOGY.predicates)))
    predicate = ONTOLOGY.predicates[name]
    modalities = predicate.modalities or ("stated", "stated", *ONTOLOGY.modalities)
    links = st.sampled_from([*source_ids, *SPEAKERS])
    fields: dict[str, Any] = {
        "predicate": name,
        "roles": draw(_roles(name)),
        "details": {n: draw(_words) for n, d in predicate.details.items() if d.required},
        "when": draw(st.none() | edtf_dates()),
        "modality": draw(st.sampled_from(modalities)),
        "polarity": draw(st.sampled_from(["affirmed"] * 4 + ["denied", "denied", "not_found"])),
        "likelihood": draw(st.sampled_from([None, None, *ONTOLOGY.likelihoods])),
        "confidence": draw(st.sampled_from([None, None, *ONTOLOGY.confidences])),
        "quantity": draw(st.none() | _quantities),
        "said_by": [source, *draw(st.lists(links, max_size=3))],
        "retracted": draw(st.sampled_from([None] * 5 + [_WITHDRAWN])),
    }
    if (fields | fixed)["modality"] == "stated" and fields["likelihood"] == "unlikely":
        fields["likelihood"] = None  # It would be a fault.
    if fixed.get("note", "a note") and draw(st.integers(0, 3)) == 0:
        readable = [*fields["roles"], "said_by", *(["when"] if (fields | fixed)["when"] else [])]
        fields["inferred"] = draw(st.lists(st.sampled_from(readable), unique=True))
        fields["note"] = "The text leaves it open."
    return make_claim(source, **fields | fixed)


_words = st.sampled_from(["sold", "a telecom firm", "given away", "watched"])
_quantities = st.builds(
    partial(Quantity, unit="cameras"),
    number=st.none() | st.floats(0, 1e6),
    qualifier=st.sampled_from(list(ONTOLOGY.qualifiers)),
)
_WITHDRAWN = Retraction(on=DAY, reason="The source took it back.")


@st.composite
def _roles(draw: st.DrawFn, predicate: str) -> dict[str, list[str]]:
    fillers = {}
    for name, role in ONTOLOGY.predicates[predicate].roles.items():
        fewest, most = role.bounds
        pool = [i for i, type_ in TYPES.items() if type_ in ONTOLOGY.fillers[predicate, name]]
        ids = st.lists(
            st.sampled_from(pool), min_size=fewest, max_size=most or fewest + 1, unique=True
        )
        fillers[name] = draw(ids)
    return {name: ids for name, ids in fillers.items() if ids}


@st.composite
def judgements(draw: st.DrawFn) -> list[Judgement]:
    """Draw judgements on pairs of one type, none of which contradicts another."""
    pairs = st.sampled_from([(f"{n.lower()}-1", f"{n.lower()}-2") for n in ONTOLOGY.types])
    ends = draw(st.lists(pairs, max_size=4, unique=True))
    verdicts = st.sampled_from(["same", "same", "different", "unsure"])
    return [make_judgement(*draw(st.permutations(pair)), draw(verdicts)) for pair in ends]


@st.composite
def datasets(draw: st.DrawFn, max_claims: int = 12) -> Dataset:
    """Draw a data set without faults: three sources, the cast, claims of any kind, judgements."""
    ids = ("source-1", "source-2", "source-3")
    # Half of them of two predicates, so that ties have several claims.
    any_claim = (
        claims(ids) | claims(ids, predicate="supplies") | claims(ids, predicate="allied_with")
    )
    claim_list = draw(
        st.lists(any_claim, min_size=1, max_size=max_claims, unique_by=lambda claim: claim.id)
    )
    for place in range(1, len(claim_list)):
        if draw(st.integers(0, 5)) == 0:
            old = claim_list[draw(st.integers(0, place - 1))]
            claim_list[place] = claim_list[place].model_copy(update={"supersedes": old.id})
    documents = [draw(sources(i)) for i in ids]
    if draw(st.integers(0, 3)) == 0:
        documents[2] = documents[2].model_copy(update={"edition_of": "source-1"})
    return make_dataset(documents, claims=claim_list, judgements=draw(judgements()))


def with_publisher(source: Source, dataset: Dataset) -> Source:
    """The source as the store holds it, with the name and the id of its publisher's entity."""
    entity = dataset.entities.get(source.publisher or "")
    if entity is None:
        return source
    return source.model_copy(update={"publisher": entity.label, "publisher_id": entity.id})


def canonical(dataset: Dataset) -> dict[str, str]:
    """The canonical id of every id, merged or not."""
    canonical_ids = merged(dataset.judgements)
    return {i: canonical_ids.get(i, i) for i in dataset.entities}
