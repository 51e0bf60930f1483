"""Stories as files: read strictly, with the place of every fault, and checked against the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.dataset import Dataset, read
from graph.errors import InputError
from graph.model import Retraction
from graph.stories import check_stories, find_stories, read_stories
from tests.strategies import DAY, make_claim, make_dataset

ROOT = Path(__file__).parents[2]
CLAIM = "0" * 32
GOOD = f"""\
id: a-story
title: A story
lead: It leads.
steps:
  - title: One
    text: Told.
    entities: [iran, nobody]
    ties: iran/PART_OF/nobody
    claims: "{CLAIM}"
"""


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The seeds."""
    return read([ROOT / "seeds"])


def write(folder: Path, **stories: str) -> Path:
    """Write stories by the names of their files."""
    for name, text in stories.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_stories_of_the_project_fit_its_seeds(dataset: Dataset) -> None:
    """Every entity, tie and claim that they name is there; each has 8 to 12 steps."""
    files, faults = find_stories(ROOT / "stories")
    assert faults == [] and check_stories(files, dataset) == []
    assert files and all(8 <= len(file.story.steps) <= 12 for file in files)


def test_a_step_frames_what_its_claims_speak_of(dataset: Dataset) -> None:
    """No tie is shown that none of the step's claims bears on."""
    claims = {claim.id: claim for claim in dataset.claims}
    for story in read_stories(ROOT / "stories").values():
        for step in story.steps:
            of_claims = {i for c in step.claims for ids in claims[c].roles.values() for i in ids}
            for key in step.keys:
                assert {key.source, key.target} <= of_claims, (story.id, step.title, key)


def test_unknown_ids_are_faults_with_their_lines(tmp_path: Path, dataset: Dataset) -> None:
    """Whatever the data lack is named where it stands, with what comes near."""
    files, faults = find_stories(write(tmp_path, one=GOOD.replace("nobody]", "irran]")))
    assert faults == []
    messages = [str(fault) for fault in check_stories(files, dataset)]
    assert [s.split(": ")[0].rsplit("/", 1)[1] for s in messages] == [
        "one.yaml:7:22", "one.yaml:8:11", "one.yaml:9:13"
    ]  # fmt: skip
    assert "no entity 'irran'. Did you mean 'iran'?" in messages[0]


def test_a_claim_that_counts_no_more_is_a_fault(tmp_path: Path) -> None:
    """Retracted or superseded: no step can rest on it."""
    old = make_claim()
    new = make_claim(when="2011", supersedes=old.id)
    text = GOOD.replace("[iran, nobody]", "[company-1, state-1]").replace(CLAIM, old.id)
    text = text.replace("iran/PART_OF/nobody", "company-1/SUPPLIES/state-1")
    files, _ = find_stories(write(tmp_path, one=text))
    assert check_stories(files, make_dataset(claims=[old])) == []
    withdrawn = old.model_copy(update={"retracted": Retraction(on=DAY, reason="It erred.")})
    for claims in ([old, new], [withdrawn, make_claim("source-2")]):
        (fault,) = check_stories(files, make_dataset(claims=claims))
        assert f"no claim '{old.id}'" in str(fault)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("title: A story\n", ""), "title: the field is missing"),
        (("    text:", "    txt:"), "unknown field 'txt'"),
        (("A story", "&x A story"), "anchors and aliases are not allowed"),
        ((f'    claims: "{CLAIM}"\n', ""), "steps[1].claims"),
        (("iran/PART_OF/nobody", "iran"), "steps[1].ties[1]"),
        (("id: a-story", "id: A Story"), "'a-story'"),
        ((GOOD, "- no\n"), "not a mapping"),
    ],
)
def test_a_story_is_read_strictly(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    """A field too many or too few, YAML that is too clever: one line each, with the place."""
    write(tmp_path, bad=GOOD.replace(*change))
    with pytest.raises(InputError) as error:
        read_stories(tmp_path)
    assert words in str(error.value) and "bad.yaml:" in str(error.value)


def test_an_id_is_told_once(tmp_path: Path) -> None:
    """Two files of one id: the second is at fault."""
    with pytest.raises(InputError, match=r"two\.yaml:1:5.*one\.yaml has this id already"):
        read_stories(write(tmp_path, one=GOOD, two=GOOD))


def test_no_folder_holds_no_story(tmp_path: Path) -> None:
    """Whoever has none need not make a folder."""
    assert read_stories(tmp_path / "none") == {}
