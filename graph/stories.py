"""Stories as files: one YAML mapping each, in a folder of their own.

They are read as strictly as records are, and every fault names its file and line. They are not
loaded into the store: they add nothing to what its claims say.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from graph.dataset import Dataset
from graph.dataset.files import YAML
from graph.dataset.messages import problems
from graph.dataset.read_yaml import compose, locate, values
from graph.dataset.report import Problem
from graph.errors import InputError
from graph.faults import Fault, did_you_mean, shorten
from graph.model.story import Story
from graph.projection import project, superseded


@dataclass(frozen=True, slots=True)
class StoryFile:
    """A story with its file, and the root node of the file for the positions of faults."""

    story: Story
    path: Path
    root: yaml.Node


def read_stories(folder: Path) -> dict[str, Story]:
    """Return the stories of a folder by their ids, in the order of the files.

    A folder that does not exist has none. Raises `InputError` with every fault, a line each.
    """
    files, faults = find_stories(folder)
    if faults:
        raise InputError("\n".join(map(str, faults)))
    return {file.story.id: file.story for file in files}


def find_stories(folder: Path) -> tuple[list[StoryFile], list[Fault]]:
    """Return the well-formed stories of a folder, and the faults of the others."""
    files: dict[str, StoryFile] = {}
    faults: list[Fault] = []
    for path in sorted(p for p in folder.glob("*") if p.suffix.lower() in YAML):
        file, faults_of_file = _read(path)
        faults += faults_of_file
        if file is None:
            continue
        story_id = file.story.id
        if files.setdefault(story_id, file) is not file:
            message = f"the story in {files[story_id].path.name} has this id already"
            faults.append(_fault(path, file.root, story_id, Problem(("id",), story_id, message)))
    return list(files.values()), faults


def check_stories(files: Sequence[StoryFile], dataset: Dataset) -> list[Fault]:
    """Return a fault for every entity, tie and claim of a story that the data set lacks.

    A claim that is retracted or superseded is not there any more.
    """
    dead = superseded(dataset.claims)
    ties = project(dataset.claims, dataset.sources, dataset.types, dataset.judgements)
    ids: dict[str, Collection[str]] = {
        "entities": dataset.entities.keys(),
        "ties": {str(tie.key) for tie in ties},
        "claims": {c.id for c in dataset.claims if c.retracted is None and c.id not in dead},
    }
    return [
        _fault(file.path, file.root, file.story.id, problem)
        for file in files
        for problem in _missing(file.story, ids)
    ]


def _missing(story: Story, ids: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    for number, step in enumerate(story.steps):
        for (field, of_dataset), record in zip(
            ids.items(), ("entity", "tie", "claim"), strict=True
        ):
            for index, value in enumerate(getattr(step, field)):
                if value not in of_dataset:
                    message = f"the data set has no {record} '{value}'"
                    hint = did_you_mean(value, of_dataset) if field != "claims" else ""
                    yield Problem(("steps", number, field, index), value, message, hint)


def _read(path: Path) -> tuple[StoryFile | None, list[Fault]]:
    try:
        root, text_faults = compose(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        return None, [_file_fault(path, None, f"the file cannot be read: {reason}")]
    if text_faults:
        return None, [
            _file_fault(path, f.line, f.message, column=f.column, hint=f.hint) for f in text_faults
        ]
    if not isinstance(root, yaml.MappingNode):
        message = "the file is not a mapping with the fields of a story"
        return None, [_file_fault(path, 1, message, column=1)]
    try:
        story = Story.model_validate_json(json.dumps(values(root)))
    except ValidationError as error:
        return None, [_fault(path, root, path.stem, problem) for problem in problems(error, Story)]
    return StoryFile(story, path, root), []


def _fault(path: Path, root: yaml.Node, story_id: str, problem: Problem) -> Fault:
    line, column = locate(root, problem.path, problem.on_key)
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in problem.path]
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


def _file_fault(
    path: Path, line: int | None, message: str, *, column: int | None = None, hint: str = ""
) -> Fault:
    return Fault(str(path), line, column, "", "", "", message, hint)
