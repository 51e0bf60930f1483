"""Data sets of any size that look like real ones, the same for the same seed.

    python -m bench.generate OUT --claims 100000 --seed 1

All predicates, modalities and kinds of date; names in four scripts; degrees with a heavy tail (a
few entities take part in thousands of claims, most in a handful); facts that several sources tell,
denials, corrections and retractions. Everything that depends on the ontology is taken from it.
"""

from __future__ import annotations

import argparse
import json
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from bench import names
from graph.model import Claim
from graph.ontology import ONTOLOGY, Predicate

Record = dict[str, Any]

#: The share of each type in a hundred entities; the rest are companies.
_SHARES = {
    "State": 3, "PublicBody": 12, "Organization": 9, "Person": 20, "Group": 4, "Technology": 12,
    "Asset": 5, "Agreement": 4, "Programme": 3, "Event": 6, "Place": 6,
}  # fmt: skip
#: Entities are drawn by rank as n·u^SKEW with u even between 0 and 1: the higher, the fewer hubs
#: share the more. With 2.8 the first of 10,000 is drawn 370 times as often as the average.
_SKEW = 2.8
_EPOCH = date(2015, 1, 1)
_DAYS = 4_000
_WORDS = (
    "cameras", "network", "ministry", "contract", "border", "police", "delivery", "system",
    "training", "records", "platform", "province", "software", "agreement", "report", "centre",
    "traffic", "faces", "protest", "regional", "office", "access", "servers", "technology",
    "official", "partner", "project", "city", "monitoring", "data", "exports", "device",
)  # fmt: skip


class _Cast:
    """The entities, and who may fill which role, the busiest first."""

    def __init__(self, size: int, random: Random) -> None:
        self._random = random
        types = list(ONTOLOGY.types)
        weights = [_SHARES.get(name, 15) for name in types]
        # Every type once first, so that every role can be filled in a small data set too.
        self.types = types + random.choices(types, weights, k=max(0, size - len(types)))
        by_type: dict[str, list[int]] = {name: [] for name in types}
        for number, name in enumerate(self.types):
            by_type[name].append(number)
        self.same_type = [pair for members in by_type.values() for pair in _pairs(members)]
        self.speakers = self._ranked(ONTOLOGY.type_sets["actor"], by_type)
        self._pools = {
            key: self._ranked(allowed, by_type) for key, allowed in ONTOLOGY.fillers.items()
        }

    @staticmethod
    def _ranked(
        allowed: Sequence[str] | frozenset[str], by_type: dict[str, list[int]]
    ) -> list[int]:
        return sorted(number for name in allowed for number in by_type[name])

    def records(self) -> Iterator[Record]:
        for number, name in enumerate(self.types):
            yield _entity(number, name)

    def fill(self, predicate: str, role: str, count: int) -> list[str]:
        """Draw different entities for a role."""
        pool = self._pools[predicate, role]
        return self._draw(pool, min(count, len(pool)))

    def speaker(self) -> str:
        return self._draw(self.speakers, 1)[0]

    def _draw(self, pool: Sequence[int], count: int) -> list[str]:
        ids: dict[str, None] = {}
        while len(ids) < count:
            ids[_entity_id(pool[int(len(pool) * self._random.random() ** _SKEW)])] = None
        return list(ids)


def generate(claims: int, seed: int = 1) -> Iterator[tuple[str, Record]]:
    """Yield the records of a data set with about so many claims, each with its kind.

    Sources, entities and judgements come first. There are a fifth as many entities as claims.
    """
    random = Random(seed)
    cast = _Cast(claims // 5, random)
    sources = [_source(number, random) for number in range(20 + claims // 200)]
    yield from (("source", source) for source in sources)
    yield from (("entity", entity) for entity in cast.records())
    yield from (("judgement", judgement) for judgement in _judgements(cast, claims // 2_500))
    yield from (("claim", claim) for claim in _Pen(cast, sources, random).write(claims))


def write(folder: Path, claims: int, seed: int = 1) -> Path:
    """Write a data set into a folder: `records.jsonl` and `claims.jsonl`. Return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    dump = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    with (
        (folder / "records.jsonl").open("w", encoding="utf-8") as records,
        (folder / "claims.jsonl").open("w", encoding="utf-8") as claims_file,
    ):
        records.write('{"dataset":"bench"}\n')
        for kind, record in generate(claims, seed):
            print(dump({kind: record}), file=claims_file if kind == "claim" else records)
    return folder


class _Pen:
    """Writes claims, source by source."""

    def __init__(self, cast: _Cast, sources: Sequence[Record], random: Random) -> None:
        self._cast, self._random = cast, random
        self._read = [s for s in sources if "read_on" in s]
        self._cited = [s["id"] for s in sources if "read_on" not in s]
        # What other sources have told lately, and will be told again: predicate, roles, details.
        self._facts: deque[tuple[str, dict[str, list[str]], dict[str, str]]] = deque(maxlen=2_000)
        self._source_facts: set[str] = set()
        names = list(ONTOLOGY.predicates)
        # The first predicates of the ontology are what it is about; the last are rare.
        self._predicates = names
        self._weights = list(accumulate(1 / (3 + rank) for rank in range(len(names))))

    def write(self, claims: int) -> Iterator[Record]:
        """Yield so many claims, no two alike: within one source no fact is told twice."""
        done = 0
        for number, source in enumerate(self._read, 1):
            self._source_facts.clear()
            while done < claims * number // len(self._read):
                claim = self._claim(source)
                if claim is not None:
                    yield claim
                    done += 1
                    if self._random.random() < 0.005:
                        yield self._correction(claim)
                        done += 1

    def _claim(self, source: Record) -> Record | None:
        random = self._random
        retold = bool(self._facts) and random.random() < 0.35
        predicate, roles, details = random.choice(self._facts) if retold else self._fact()
        fact = f"{predicate} {roles} {details}"
        if fact in self._source_facts:
            return None
        self._source_facts.add(fact)
        if not retold:
            self._facts.append((predicate, roles, details))
        claim: Record = {"source": source["id"], "predicate": predicate, "roles": roles}
        if details:
            claim["details"] = details
        claim |= self._when(source)
        allowed = ONTOLOGY.predicates[predicate].modalities
        claim["modality"] = random.choice(allowed) if allowed else self._modality()
        if retold and random.random() < 0.06:
            claim["polarity"] = "denied"
        if random.random() < 0.1:
            claim["quantity"] = self._quantity()
        claim["said_by"] = self._chain(source["id"])
        claim["evidence"] = [self._locator() for _ in range(random.choice((1, 1, 1, 2, 3)))]
        claim["summary"] = f"{names.latin(random.randrange(4_096))} {self._prose(12)}."
        return claim | self._bookkeeping(source)

    def _fact(self) -> tuple[str, dict[str, list[str]], dict[str, str]]:
        (name,) = self._random.choices(self._predicates, cum_weights=self._weights)
        predicate = ONTOLOGY.predicates[name]
        roles = {
            role: self._cast.fill(name, role, count)
            for role, count in self._counts(predicate)
            if count
        }
        details = {
            detail: self._prose(4)
            for detail, rule in predicate.details.items()
            if rule.required or self._random.random() < 0.3
        }
        return name, roles, details

    def _counts(self, predicate: Predicate) -> Iterator[tuple[str, int]]:
        for name, role in predicate.roles.items():
            fewest, most = role.bounds
            more = self._random.choice((0, 0, 0, 1, 1, 2) if fewest == 0 else (0, 0, 0, 0, 0, 1))
            yield name, fewest + more if most is None else min(fewest + more, most)

    def _when(self, source: Record) -> Record:
        """A date before the source came out, in each way that EDTF has; one in six has none."""
        random = self._random
        day = date.fromisoformat(source["read_on"]) - timedelta(80 + random.randrange(1_900))
        match random.randrange(12):
            case 0 | 1:
                return {}
            case 2 | 3 | 4:
                return {"when": f"{day.year - 1}"}
            case 5 | 6:
                return {"when": f"{day:%Y-%m}"}
            case 7 | 8:
                return {"when": f"{day}"}
            case 9:
                return {"when": f"{day.year - 1}~"}
            case 10:
                end = f"{day.year - 1}" if random.random() < 0.5 else ".."
                return {"when": f"{day.year - 3}/{end}"}
            case _:
                note = "The source names the month and not the year."
                return {"when": f"XXXX-{day:%m}", "when_note": note}

    def _modality(self) -> str:
        if self._random.random() < 0.7:
            return "stated"
        return self._random.choice(list(ONTOLOGY.modalities))

    def _quantity(self) -> Record:
        quantity: Record = {
            "unit": self._random.choice(("people", "cameras", "USD")),
            "qualifier": self._random.choice(list(ONTOLOGY.qualifiers)),
        }
        if self._random.random() < 0.9:
            quantity["number"] = float(self._random.randrange(1, 10_000))
        return quantity

    def _chain(self, source: str) -> list[str]:
        """The source alone in half of all claims; else a study it cites, a speaker, or both."""
        kind = self._random.randrange(6)
        chain = [source]
        if kind in (3, 5):
            chain.append(self._random.choice(self._cited))
        if kind in (4, 5):
            chain.append(self._cast.speaker())
        return chain

    def _locator(self) -> Record:
        start = self._random.randrange(400)
        return {
            "paragraph": self._random.randrange(1, 60),
            "start": start,
            "end": start + self._random.randrange(40, 200),
            "sha256": _sha256(self._random),
        }

    def _bookkeeping(self, source: Record) -> Record:
        random = self._random
        day = date.fromisoformat(source["read_on"]) + timedelta(random.randrange(30))
        record: Record = {"recorded_on": f"{day}", "recorded_by": "generator 1"}
        if random.random() < 0.5:
            record["reviewed_by"] = "reviewer"
        if random.random() < 0.1:
            record["note"] = f"To be read with care: {self._prose(6)}."
        if random.random() < 0.005:
            withdrawn = day + timedelta(random.randrange(1, 300))
            record["retracted"] = {"on": f"{withdrawn}", "reason": "The source took it back."}
        return record

    def _correction(self, claim: Record) -> Record:
        """The same claim with another date, in the place of the first."""
        corrected = claim | {"when": "2009-02", "supersedes": Claim.model_validate(claim).id}
        corrected.pop("when_note", None)
        corrected.pop("retracted", None)
        return corrected

    def _prose(self, words: int) -> str:
        return " ".join(self._random.choices(_WORDS, k=words))


def _entity_id(number: int) -> str:
    return f"{names.latin(number).lower()}-{number}"


def _entity(number: int, type_: str) -> Record:
    label = f"{names.latin(number)} {ONTOLOGY.types[type_].label}"
    names_: list[Record] = [{"text": label, "kind": "official"}]
    if (another := names.other(number)) is not None:
        text, lang = another
        names_.append({"text": text, "lang": lang, "kind": "short"})
    record: Record = {"id": _entity_id(number), "type": type_, "names": names_}
    if number % 3 == 0:
        record["description"] = f"{label}, which the generator made up."
    return record


def _source(number: int, random: Random) -> Record:
    """A source; every fourth is only cited by others, and was never read."""
    published = _EPOCH + timedelta(random.randrange(_DAYS))
    record: Record = {
        "id": f"source-{number}",
        "kind": random.choice(list(ONTOLOGY.source_kinds)),
        "title": f"Report {number} on {' '.join(random.choices(_WORDS, k=4))}",
        "publisher": f"Publisher {number % 40}",
        "published": f"{published}" if number % 7 else f"{published:%Y-%m}",
        "lang": random.choice(("en", "en", "en", "fa", "zh", "ru")),
    }
    if number % 4:
        read_on = published + timedelta(40)
        record |= {"read_on": f"{read_on}", "text_sha256": _sha256(random)}
        record["url"] = f"https://source.example/{number}"
    return record


def _judgements(cast: _Cast, count: int) -> Iterator[Record]:
    verdicts = list(ONTOLOGY.verdicts)
    for number, (left, right) in enumerate(cast.same_type[-count:] if count else ()):
        yield {
            "left": _entity_id(left),
            "right": _entity_id(right),
            "verdict": verdicts[number % len(verdicts)],
            "by": "reviewer",
            "on": "2026-01-31",
            "reason": "The names and the places were compared.",
        }


def _pairs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbours, no number twice: judgements on them can contradict nothing."""
    return zip(numbers[::2], numbers[1::2], strict=False)


def _sha256(random: Random) -> str:
    return f"{random.getrandbits(256):064x}"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.generate", description=__doc__)
    parser.add_argument("out", type=Path, help="the folder to write")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(options.out, options.claims, options.seed)


if __name__ == "__main__":
    main()
