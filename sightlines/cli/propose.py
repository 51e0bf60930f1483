"""`propose`: claims that a program proposes, decided one by one by a person."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from graph.dataset.lookup import raw_records
from graph.errors import InputError
from graph.exchange.claim_folder import ClaimFolder
from graph.exchange.proposals import SUFFIX, Proposal, from_lines, take_in
from graph.ontology import ONTOLOGY
from graph.text import TextStore
from sightlines.cli.app import app
from sightlines.console import out, say
from sightlines.model_server import LOCAL, ask_model, parts
from sightlines.settings import LOOPBACK, read_settings

_QUESTION = "[a]ccept, [c]hange, [r]efuse, s[k]ip, undo [z], [q]uit"


@app.command("propose")
def propose_command(
    file: Annotated[Path, typer.Argument(help="The file of the source, or of its claims.")],
    lines: Annotated[
        Path | None, typer.Option("--from", help="Proposals as JSON lines, from any program.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="A model to send the text to, and to take proposals from.")
    ] = None,
    endpoint: Annotated[
        str, typer.Option(help="Address of its server, which speaks the chat API of OpenAI.")
    ] = LOCAL,
    source: Annotated[str | None, typer.Option(help="Id of the source, if there are more.")] = None,
    seconds: Annotated[
        float, typer.Option("--timeout", help="Seconds for each answer.", min=0.1)
    ] = 120,
    by: Annotated[str | None, typer.Option(help="Who decides.")] = None,
) -> None:
    """Take proposals in, or decide on those that wait: each becomes a claim only if you accept it.

    A proposal whose quotation is not in the text is dropped. Nothing is sent without --model.

    Example: [bold]sightlines propose articles/gazette.yaml --from proposals.jsonl[/bold]
    """
    texts = TextStore(read_settings().texts_folder)
    with as_file(files("seeds")) as seeds:
        folder = ClaimFolder(file.parent, texts, [seeds], by or getpass.getuser())
        source_id = source or _source_of(file)
        if lines is None and model is None:
            _decide(folder, source_id)
            return
        if lines is not None:
            try:
                raw: Iterable[Mapping[str, Any] | str] = from_lines(lines.read_bytes())
            except OSError as error:
                raise InputError(f"{lines} cannot be read: {error.strerror}.") from error
            _take(folder, source_id, raw, tool=lines.name)
        if model is not None:
            _, text = folder.source(source_id)
            here = urlsplit(endpoint).hostname in LOOPBACK
            where = "on this machine" if here else "which is NOT this machine"
            count = len(parts(text.paragraphs))
            say(f"Sending the text of {source_id} to {endpoint}, {where} (parts: {count}).")
            raw = ask_model(endpoint, model, text.paragraphs, seconds)
            _take(folder, source_id, raw, tool=model, sent_to=endpoint)


def _source_of(file: Path) -> str:
    """Return the source that a file has the record of, or that its claims are of."""
    ids = [r.values().get("id") for r in raw_records([file], claims=False) if r.kind == "source"]
    ids = ids or [r.values().get("source") for r in raw_records([file], claims=True)]
    if not ids and file.name.endswith(".claims.yaml"):
        ids = [file.name.removesuffix(".claims.yaml")]
    if len(set(ids)) != 1:
        raise InputError(f"{file} has {len(set(ids))} sources. Name one with --source.")
    return str(ids[0])


def _take(
    folder: ClaimFolder, source_id: str, raw: Iterable[Mapping[str, Any] | str], **origin: str
) -> None:
    _, text = folder.source(source_id)
    intake = take_in(raw, text, folder.entries(), folder.proposals(source_id), **origin)
    folder.add_proposals(source_id, intake.proposals)
    path = folder.folder / f"{source_id}{SUFFIX}"
    say(f"Proposals that wait in {path}: {len(intake.proposals)}.")
    for reason, count in intake.dropped.items():
        say(f"Dropped, {reason}: {count}.")
    say("Decide on them on the page (`sightlines write`) or here (`sightlines propose FILE`).")


def _decide(folder: ClaimFolder, source_id: str) -> None:
    """Ask about each proposal that waits."""
    number = 0
    while number < len(waiting := _waiting(folder, source_id)):
        proposal = waiting[number]
        _print(proposal, len(waiting) - number)
        answer = typer.prompt(_QUESTION, default="k").strip().lower()[:1]
        if answer == "q":
            break
        if answer == "z":
            say(f"Taken back: {folder.undo(folder.version) or 'nothing'}.")
        elif answer == "r":
            folder.refuse(folder.version, source_id, proposal.id)
        elif answer in ("a", "c"):
            changed = _changed(proposal) if answer == "c" else proposal
            _accept(folder, source_id, proposal.id, changed)
        elif answer == "k":
            number += 1
    say(f"Proposals that wait: {len(_waiting(folder, source_id))}.")


def _waiting(folder: ClaimFolder, source_id: str) -> list[Proposal]:
    return [p for p in folder.proposals(source_id) if p.state == "waiting"]


def _print(proposal: Proposal, left: int) -> None:
    sent = f", sent to {proposal.sent_to}" if proposal.sent_to else ""
    out.print(f"\n{left} left. By {proposal.maker}{sent}:")
    out.print(f"  “{proposal.quote}”")
    out.print(f"  {ONTOLOGY.predicates[proposal.predicate].label}: {proposal.summary}")
    fields = {role: ", ".join(ids) for role, ids in proposal.roles.items()} | proposal.details
    fields |= {"when": proposal.when or "", "said by": ", ".join(proposal.said_by)}
    for name, value in fields.items():
        if value:
            out.print(f"    {name}: {value}")


def _accept(folder: ClaimFolder, source_id: str, proposal_id: str, changed: Proposal) -> None:
    place, unknown = folder.accept(folder.version, source_id, proposal_id, changed)
    say(f"It is claim {place.number + 1} of {place.file}.")
    if unknown:
        say(f"Nobody has the names {', '.join(unknown)}: their places are empty.")


def _changed(proposal: Proposal) -> Proposal:
    """Return a proposal as a person changes it: each field is asked for, with what it has."""
    name = _ask("predicate", proposal.predicate)
    predicate = ONTOLOGY.predicates.get(name)
    if predicate is None:
        say(f"There is no predicate {name!r}: it stays {proposal.predicate!r}.")
        name, predicate = proposal.predicate, ONTOLOGY.predicates[proposal.predicate]
    changes = {
        "predicate": name,
        "roles": {r: _ids(r, proposal.roles.get(r, [])) for r in predicate.roles},
        "details": {d: _ask(d, proposal.details.get(d, "")) for d in predicate.details},
        "when": _ask("when, in EDTF", proposal.when or "") or None,
        "said_by": _ids("said by", proposal.said_by),
        "modality": _ask("modality", proposal.modality),
        "summary": _ask("summary", proposal.summary),
    }
    return proposal.model_copy(update=changes)


def _ids(name: str, ids: list[str]) -> list[str]:
    text = _ask(f"{name}, by commas", ", ".join(ids))
    return [part.strip() for part in text.split(",") if part.strip()]


def _ask(name: str, value: str) -> str:
    return str(typer.prompt(f"  {name}", default=value)).strip()
