"""The rivals from the world of FollowTheMoney, each in an environment of its own.

    PYTHON followthemoney_rival.py validate FILE    # followthemoney.lock
    PYTHON followthemoney_rival.py read FILE
    PYTHON followthemoney_rival.py score PAIRS      # nomenklatura.lock

Nothing of this project is installed there. What comes of it is printed as JSON: the seconds that
`ftm validate` takes without the time of its start; each entity of a file with its schema and names;
or the scores of the pairs of `bench.match --pairs` by each algorithm, with the seconds.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def validate(path: Path) -> dict[str, Any]:
    """Read each entity again, as `ftm validate` does, and write it into nothing."""
    from followthemoney import ValueEntity  # type: ignore[import-not-found]
    from followthemoney.cli.util import path_entities  # type: ignore[import-not-found]

    began, count = time.perf_counter(), 0
    for entity in path_entities(path, ValueEntity, cleaned=False):
        clean = entity.clone()
        for prop in entity.iterprops():
            clean.set(prop, entity.get_prop(prop))
        json.dumps(clean.to_dict())
        count += 1
    return {"entities": count, "seconds": time.perf_counter() - began}


def read(path: Path) -> dict[str, Any]:
    """Return each entity by its id, as the library understands it."""
    from followthemoney import ValueEntity
    from followthemoney.cli.util import path_entities

    return {
        entity.id: {"schema": entity.schema.name, "names": sorted(entity.names)}
        for entity in path_entities(path, ValueEntity, cleaned=False)
    }


def score(path: Path) -> dict[str, Any]:
    """Return, for each algorithm, the scores of the pairs, and the seconds that they took."""
    from followthemoney import model
    from nomenklatura.matching import LogicV2, RegressionV1  # type: ignore[import-not-found]

    content = json.loads(path.read_text(encoding="utf-8"))
    schemas = {"Company": "Company", "Person": "Person"}
    entities = {
        i: model.get_proxy(
            {
                "id": i,
                "schema": schemas.get(kind, "Organization"),
                "properties": {"name": [name]},
            }
        )
        for i, kind, name in content["entities"]
    }
    result: dict[str, Any] = {}
    for algorithm in (RegressionV1, LogicV2):
        config = algorithm.default_config()
        began = time.perf_counter()
        scores = [
            algorithm.compare(entities[a], entities[b], config).score
            for a, b in content["candidates"]
        ]
        result[algorithm.NAME] = {"scores": scores, "seconds": time.perf_counter() - began}
    return result


if __name__ == "__main__":
    _, mode, file = sys.argv
    print(json.dumps({"validate": validate, "read": read, "score": score}[mode](Path(file))))
