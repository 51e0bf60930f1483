"""`review`: claims beside their passages, and the name of a person who compared them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from graph import dataset
from graph.dataset.edit_yaml import items, sign, write_ids
from graph.dataset.files import DataFile, find_files
from graph.disk import writing_in
from graph.errors import DatasetFaults, InputError
from graph.model import Claim
from graph.passages import passages
from graph.projection import claim_supports, merged
from graph.text import TextStore
from graph.wording import TieState, quantity_in_words, sentence
from sightlines.cli.app import app
from sightlines.console import out, say


@app.command("review")
def review_command(
    path: Annotated[Path, typer.Argument(help="The data set, or one file of it (.yaml).")],
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="The ids of the claims.")],
    by: Annotated[str, typer.Option("--by", help="The name of the person who reviewed them.")],
) -> None:
    """Write into claims who compared them with their source. `check --review` prints them for that.

    Example: [bold]sightlines review seeds/ 4f0b0cd5a8c9c244711a2c1f370e661f --by 'A. Editor'[/bold]
    """
    files = yaml_files([path])
    places = {i: file for file in files for item in items(file) for i in item.ids}
    if missing := [i for i in dict.fromkeys(ids) if i not in places]:
        raise InputError(f"no claim of {path} has the id {', '.join(missing)}")
    with writing_in(path, InputError):
        count = sum(sign(file, ids, by) for file in files if file in {places[i] for i in ids})
    say(f"{count} claim{'s' * (count != 1)} reviewed by {by}.")


def write_claim_ids(paths: Sequence[Path]) -> None:
    """Write the ids of claims above them, and name the reviewed ones that say something new."""
    for file in yaml_files(paths):
        with writing_in(file.path.parent, InputError):
            changed = write_ids(file)
        for item in changed:
            say(
                f"{file.name}:{item.line}: {item.reviewed_by} reviewed another wording of this "
                "claim. Review it again, or remove 'reviewed_by'."
            )


def yaml_files(paths: Sequence[Path]) -> list[DataFile]:
    """Return the YAML files of a data set. Raises `DatasetFaults` if it has a fault."""
    report = dataset.check(paths)
    if not report.ok:
        raise DatasetFaults(report.faults)
    return [file for file in find_files(paths)[0] if file.is_yaml]


def print_claims(paths: Sequence[Path], texts: TextStore) -> None:
    """Print every claim of a data set beside its passage, with its id and its ties."""
    for line in _lines(paths, texts):
        out.print(line)


def _lines(paths: Sequence[Path], texts: TextStore) -> Iterator[str]:
    whole = dataset.read(paths)
    quotations = passages(whole.claims, whole.sources, texts)
    canonical = merged(whole.judgements)
    places = {
        i: f"{file.name}:{item.line}"
        for file in find_files(paths)[0]
        if file.is_yaml
        for item in items(file)
        for i in item.ids
    }
    for claim in whole.claims:
        by = f"reviewed by {claim.reviewed_by}" if claim.reviewed_by else "not reviewed"
        yield f"{places.get(claim.id, claim.source)}  {claim.id}  {by}"
        yield f"  passage  {quotations.get(claim.id) or _place(claim)}"
        yield f"  claim    {claim.summary}"
        yield f"  fields   {'; '.join(_fields(claim))}"
        if claim.note:
            yield f"  note     {claim.note}"
        for key, support in claim_supports(claim, whole.sources, whole.types, canonical):
            source, target = whole.entities[key.source], whole.entities[key.target]
            denied = support.denies
            status = "reported" if denied else support.status
            tie = TieState(
                key, status, False, support.inferred.split(), support.intermediary, support.past
            )
            words = sentence(tie, source.label, target.label, plural=source.plural)
            yield f"  tie      {'denied: ' if denied else ''}{words}"
        yield ""


def _place(claim: Claim) -> str:
    places = [f"paragraph {e.paragraph}, {e.start} to {e.end}" for e in claim.evidence]
    return f"{'; '.join(places)} (its text is not stored here)" if places else "none"


def _fields(claim: Claim) -> Iterator[str]:
    yield claim.predicate
    yield from (f"{role}: {', '.join(ids)}" for role, ids in claim.roles.items() if ids)
    yield from (f"{name}: {text}" for name, text in claim.details.items())
    yield " > ".join(claim.said_by)
    yield claim.modality if claim.polarity == "affirmed" else f"{claim.modality}, {claim.polarity}"
    if claim.likelihood:
        yield f"likelihood: {claim.likelihood}"
    if claim.confidence:
        yield f"confidence: {claim.confidence}"
    if claim.when:
        yield f"when: {claim.when}"
    if claim.when_note:
        yield f"when_note: {claim.when_note}"
    if claim.quantity:
        yield f"quantity: {quantity_in_words(claim.quantity)}"
    if claim.inferred:
        yield f"inferred: {', '.join(claim.inferred)}"
    if claim.supersedes:
        yield f"supersedes: {claim.supersedes}"
    if claim.retracted:
        yield f"retracted on {claim.retracted.on}: {claim.retracted.reason}"
