"""Stories as files: one YAML mapping each, in a folder beside the data set.

They are read as strictly as records are, and every fault names its file and line. They are not
loaded into the store: they say nothing that its claims do not say.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from graph.dataset import Dataset, messages
from graph.dataset.files import YAML
from graph.dataset.node import Node, Problem
from graph.dataset.yaml_text import YamlText
from graph.errors import InputError
from graph.faults import Fault, did_you_mean, shorten
from graph.model.story import Story
from graph.projection import project


@dataclass(frozen=True, slots=True)
class Written:
    """A story with the file that it stands in, so that a fault can tell the place."""

    story: Story
    path: Path
    node: Node


def read_stories(folder: Path) -> dict[str, Story]:
    """Return the stories of a folder by their ids, in the order of the files.

    A folder that is not there holds none. Raises `InputError` with every fault, a line each.
    """
    written, faults = find_stories(folder)
    if faults:
        raise InputError("\n".join(map(str, faults)))
    return {found.story.id: found.story for found in written}


def find_stories(folder: Path) -> tuple[list[Written], list[Fault]]:
    """Return the well-formed stories of a folder, and what is wrong with the others."""
    written: list[Written] = []
    faults: list[Fault] = []
    for path in sorted(p for p in folder.glob("*") if p.suffix.lower() in YAML):
        found, wrong = _read(path)
        faults += wrong
        if found is not None:
            taken = next((w.path for w in written if w.story.id == found.story.id), None)
            if taken is None:
                written.append(found)
            else:
                faults.append(_fault(found, Problem(("id",), found.story.id, _twice(taken))))
    return written, faults


def check_stories(written: Sequence[Written], dataset: Dataset) -> list[Fault]:
    """Return a fault for every entity, tie and claim of a story that the data set lacks."""
    ties = project(dataset.claims, dataset.sources, dataset.types, dataset.judgements)
    known: dict[str, Collection[str]] = {
        "entities": dataset.entities.keys(),
        "ties": {str(tie.key) for tie in ties},
        "claims": {claim.id for claim in dataset.claims if claim.retracted is None},
    }
    return [_fault(found, problem) for found in written for problem in _unknown(found.story, known)]


def _unknown(story: Story, known: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    for number, step in enumerate(story.steps):
        for field, ids in known.items():
            for place, value in enumerate(getattr(step, field)):
                if value not in ids:
                    message = f"the data set has no {_ONE[field]} '{value}'"
                    hint = did_you_mean(value, ids) if field != "claims" else ""
                    yield Problem(("steps", number, field, place), value, message, hint)


_ONE = {"entities": "entity", "ties": "tie", "claims": "claim"}


def _read(path: Path) -> tuple[Written | None, list[Fault]]:
    try:
        source = YamlText(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        return None, [_plain(path, None, None, f"the file cannot be read: {reason}")]
    root = source.read()
    if source.broken:
        return None, [_plain(path, b.line, b.column, b.message, b.hint) for b in source.broken]
    if root is None or not isinstance(root.content, dict):
        return None, [_plain(path, 1, 1, "the file is not a mapping with a story's fields")]
    try:
        story = Story.model_validate_json(json.dumps(root.plain()))
    except ValidationError as error:
        return None, [_at(path, root, path.stem, p) for p in messages.problems(error, Story)]
    return Written(story, path, root), []


def _fault(found: Written, problem: Problem) -> Fault:
    return _at(found.path, found.node, found.story.id, problem)


def _at(path: Path, root: Node, story_id: str, problem: Problem) -> Fault:
    line, column = root.find(problem.at, problem.on_key)
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in problem.at]
    return Fault(
        path=str(path),
        line=line,
        column=column,
        record=f"story {shorten(story_id)}",
        field=shorten("".join(parts).removeprefix(".")),
        value=shorten(problem.value),
        message=problem.message,
        hint=problem.hint,
    )


def _plain(path: Path, line: int | None, column: int | None, text: str, hint: str = "") -> Fault:
    return Fault(str(path), line, column, "", "", "", text, hint)


def _twice(path: Path) -> str:
    return f"the story in {path.name} has this id already"
