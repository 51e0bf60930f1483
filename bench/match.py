"""How good and how fast `match` is: `python -m bench.match OFAC-FOLDER [--entities 20000]`.

The folder holds the files of OFAC's lists (`sdn.csv`, `add.csv`, `alt.csv`, `cons_*.csv`). The
labelled set: the first alias of each body is made an entity of its own, and belongs to it, among
all official names. Beside ours, in the same run: RapidFuzz's `WRatio` over all pairs of one type.
For the time, bodies are copied with one letter changed until there are as many as wanted.
With `--nomenklatura`, its default and `logic-v2` score the pairs that ours looks at, by their names
alone, in an environment of their own.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from bench.run import HERE, environment
from graph import dataset
from graph.exchange.import_log import Choices
from graph.exchange.list_import import import_list, inputs_of
from graph.exchange.mapping import read_mapping
from graph.fold import fold
from graph.model import Entity, Name
from graph.same import propose
from graph.text import TextStore

FILES = ("sdn.csv", "add.csv", "alt.csv", "cons_prim.csv", "cons_add.csv", "cons_alt.csv")
IdPair = frozenset[str]


def main() -> None:
    """Print the share of right pairs, the share of labelled ones, and the seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--entities", type=int, default=20_000)
    parser.add_argument("--nomenklatura", action="store_true", help="Compare with it as well.")
    options = parser.parse_args()
    bodies = read_bodies(options.folder)
    entities, labels = labelled(bodies)
    print(f"{len(bodies):,} bodies, {len(labels):,} labelled pairs")
    proposed = propose(entities, least=0.7)
    for least in (0.9, 0.85, 0.8, 0.7):
        ours = {frozenset((p.left.id, p.right.id)) for p in proposed if p.score >= least}
        report(f"match {least}", ours, labels)
    for cutoff in (90, 85):
        report(f"WRatio {cutoff}", set(by_ratio(entities, cutoff)), labels)
    if options.nomenklatura:
        compare(entities, labels)
    many = enlarge(entities, options.entities)
    start, cpu = time.perf_counter(), time.process_time()
    count = len(propose(many))
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(f"{len(many):,} entities: {count:,} pairs, {wall:.1f} s, {cpu:.1f} s of a processor")


def read_bodies(folder: Path) -> list[Entity]:
    """Return the bodies of the lists as `import` makes them."""
    with tempfile.TemporaryDirectory() as name:
        to = Path(name, "ofac")
        mapping = read_mapping("ofac")
        choices = Choices(on=date(2026, 1, 1), by="bench", published="2021")
        inputs = inputs_of(mapping, [str(folder / file) for file in FILES])
        import_list(mapping, inputs, to, choices, TextStore(Path(name, "texts")))
        data = dataset.read([to])
    return [e for e in data.entities.values() if e.type != "Programme"]


def labelled(bodies: list[Entity]) -> tuple[list[Entity], set[IdPair]]:
    """Return bodies by their first name, each first alias as an entity, and the pairs of both."""
    entities, pairs = [], set()
    for body in bodies:
        aliases = [name for name in body.names[1:] if fold(name.text) != fold(body.label)]
        bare = {"identifiers": (), "urls": (), "country": None}
        entities.append(body.model_copy(update={"names": body.names[:1], **bare}))
        if aliases:
            other = f"alias-{body.id}"
            update = {"id": other, "names": (aliases[0],), **bare}
            entities.append(body.model_copy(update=update))
            pairs.add(frozenset((body.id, other)))
    return entities, pairs


def by_ratio(entities: list[Entity], cutoff: int) -> Iterator[IdPair]:
    """Yield the pairs of one type whose folded names are alike by RapidFuzz alone."""
    by_type: defaultdict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        by_type[entity.type].append(entity)
    for group in by_type.values():
        names = [fold(entity.label) for entity in group]
        for begin in range(0, len(names), 500):
            scores = process.cdist(
                names[begin : begin + 500],
                names,
                scorer=fuzz.WRatio,
                score_cutoff=cutoff,
                workers=-1,
            )
            for row, column in np.argwhere(scores >= cutoff):
                if begin + row < column:
                    yield frozenset((group[begin + row].id, group[column].id))


def compare(entities: list[Entity], labels: set[IdPair]) -> None:
    """Print what the algorithms of nomenklatura make of the pairs that ours looks at."""
    pairs = [(p.left.id, p.right.id) for p in propose(entities, least=0)]
    content = {"entities": [(e.id, e.type, e.label) for e in entities], "candidates": pairs}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "pairs.json")
        path.write_text(json.dumps(content), encoding="utf-8")
        script = str(HERE / "followthemoney_rival.py")
        command = [environment(HERE / "nomenklatura.lock"), script, "score", str(path)]
        scores: dict[str, Any] = json.loads(subprocess.check_output(command))
    for algorithm, of in scores.items():
        print(f"{algorithm}: {of['seconds']:.0f} s for {len(pairs):,} pairs")
        for least in (0.9, 0.7, 0.6, 0.5):
            scored = zip(pairs, of["scores"], strict=True)
            proposed = {frozenset(pair) for pair, score in scored if score >= least}
            report(f"{algorithm} {least}", proposed, labels)


def report(name: str, proposed: set[IdPair], labels: set[IdPair]) -> None:
    """Print one line of the comparison."""
    right = len(proposed & labels)
    print(
        f"{name}: {len(proposed):,} proposed, {right / max(len(proposed), 1):.0%} right, "
        f"{right / len(labels):.0%} of the labelled",
        flush=True,
    )


def enlarge(entities: list[Entity], count: int) -> list[Entity]:
    """Return so many entities: the given ones, and copies with one letter changed."""
    draw = random.Random(1)
    result = entities[:count]
    while len(result) < count:
        entity = entities[len(result) % len(entities)]
        text = entity.label
        place = draw.randrange(len(text))
        changed = text[:place] + draw.choice("aeioubcdfg") + text[place + 1 :]
        update = {"id": f"copy-{len(result)}", "names": (Name(text=changed),)}
        result.append(entity.model_copy(update=update))
    return result


if __name__ == "__main__":
    main()
