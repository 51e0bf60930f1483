"""Claims that a program proposes for a text: they wait in a file of their own for a person.

No data file has the name of that file, so that nothing loads it. Each proposal has a quotation that
the text has once; what has none is dropped, and counted.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from graph.dataset.lookup import Entry
from graph.errors import BadText, InputError
from graph.fold import fold
from graph.ontology import ONTOLOGY
from graph.text import Text, locate

#: The end of the name of a file with proposals.
SUFFIX = ".proposals.json"
#: A block of code, in which models put JSON.
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)


def _names(value: Any) -> Any:
    return [] if value is None else [value] if isinstance(value, str) else value


Names = Annotated[list[str], BeforeValidator(_names)]


class Proposal(BaseModel):
    """A claim that a program proposes: in roles and chain stand ids, or names that nobody has.

    `tool` and `version` made it, `sent_to` is the address that the text was sent to, if any.
    """

    model_config = ConfigDict(extra="ignore")

    quote: str
    predicate: str
    roles: dict[str, Names] = {}
    details: dict[str, str] = {}
    when: str | None = None
    modality: str = "stated"
    polarity: str = "affirmed"
    said_by: Names = []
    summary: str = ""
    tool: str = ""
    version: str = ""
    sent_to: str = ""
    state: Literal["waiting", "accepted", "refused"] = "waiting"

    @property
    def id(self) -> str:
        """A hash of what it says and of its quotation."""
        content = self.model_dump(exclude={"tool", "version", "sent_to", "state"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def maker(self) -> str:
        """Its tool with the version."""
        return f"{self.tool} {self.version}".strip()


@dataclass(slots=True)
class Intake:
    """Proposals that can be decided on; `dropped` counts the others, by why."""

    proposals: list[Proposal] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


def take_in(
    raw: Iterable[Mapping[str, Any] | str],
    text: Text,
    among: Iterable[Entry],
    known: Iterable[Proposal] = (),
    **origin: str,
) -> Intake:
    """Return the proposals whose quotation is in the text once, with ids in the place of names.

    A text among the raw ones is why something could not be read. `origin` has `tool`, `version` and
    `sent_to` of those that do not say them; what is `known` is not taken twice.
    """
    ids = {proposal.id for proposal in known}
    result = Intake()
    entries = list(among)
    for item in raw:
        if isinstance(item, str):
            result.dropped[item] += 1
            continue
        try:
            proposal = Proposal.model_validate({**origin, **item, "state": "waiting"})
        except ValidationError:
            result.dropped["not in the form of a proposal"] += 1
            continue
        if reason := _refusal(proposal, text):
            result.dropped[reason] += 1
            continue
        proposal = _with_ids(proposal, entries)
        if proposal.id in ids:
            result.dropped["there already"] += 1
            continue
        ids.add(proposal.id)
        result.proposals.append(proposal)
    return result


def _refusal(proposal: Proposal, text: Text) -> str:
    if proposal.predicate not in ONTOLOGY.predicates:
        return "of an unknown predicate"
    try:
        places = locate(text, proposal.quote)
    except BadText:
        return "with a quotation that is not in the text"
    return "with a quotation that is there more than once" if len(places) > 1 else ""


def _with_ids(proposal: Proposal, among: list[Entry]) -> Proposal:
    predicate = ONTOLOGY.predicates[proposal.predicate]
    roles = {
        role: [_id(name, among, ONTOLOGY.fillers[proposal.predicate, role]) for name in names]
        for role, names in proposal.roles.items()
        if role in predicate.roles
    }
    said_by = [_id(name, among, None) for name in proposal.said_by]
    details = {k: v for k, v in proposal.details.items() if k in predicate.details and v}
    return proposal.model_copy(update={"roles": roles, "said_by": said_by, "details": details})


def _id(name: str, among: list[Entry], types: frozenset[str] | None) -> str:
    """Return the id that a name is of, or the name where none is, or several are."""
    folded = fold(name)
    ids = {
        entry.id
        for entry in among
        if (types is None or entry.type in types)
        and (name == entry.id or folded in map(fold, entry.names))
    }
    return ids.pop() if len(ids) == 1 else name


def from_lines(data: bytes) -> Iterator[dict[str, Any] | str]:
    """Yield the raw proposals of JSON lines; a text for a line that is none."""
    for line in data.splitlines():
        if line.strip():
            try:
                value = json.loads(line)
            except ValueError:
                value = None
            yield value if isinstance(value, dict) else "in lines that are no JSON"


def from_answer(content: str) -> Iterator[dict[str, Any] | str]:
    """Yield the raw proposals in the answer of a model: JSON, perhaps in a block of code."""
    block = _FENCED.search(content)
    try:
        value = json.loads(block[1] if block else content)
    except ValueError:
        yield "in answers that are no JSON"
        return
    items = value.get("claims", [value]) if isinstance(value, dict) else value
    for item in items if isinstance(items, list) else [items]:
        yield item if isinstance(item, dict) else "not in the form of a proposal"


def read_proposals(text: str) -> list[Proposal]:
    """Return the proposals of a file. Raises `InputError` where it is none."""
    try:
        return [Proposal.model_validate(item) for item in json.loads(text)["proposals"]]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("The file of proposals cannot be read. Move it away.") from error


def proposals_text(proposals: Iterable[Proposal]) -> str:
    """Return the text of a file with proposals."""
    items = [proposal.model_dump(exclude_defaults=True) for proposal in proposals]
    return f"{json.dumps({'proposals': items}, ensure_ascii=False, indent=1)}\n"


def instructions() -> str:
    """Return what a model is told: the predicates, and the form of the answer."""
    lines = [
        "You read passages of a text and list the claims that it makes, as JSON alone:",
        '{"claims": [{"quote": "words of the text, exactly", "predicate": "…", "roles": {"role": '
        '["name"]}, "details": {}, "when": "EDTF or null", "modality": "stated", "polarity": '
        '"affirmed", "said_by": ["who says so, if the text cites somebody"], "summary": "one '
        'sentence in your own words"}]}',
        "Say no more than the text says. Leave out what no predicate fits. An empty list is fine.",
        f"Modalities: {', '.join(ONTOLOGY.modalities)}.",
        f"Polarities: {', '.join(ONTOLOGY.polarities)}.",
        "Predicates with their roles and details (* is needed):",
    ]
    for name, predicate in ONTOLOGY.predicates.items():
        roles = ", ".join(f"{r}{'*' * (i.bounds[0] > 0)}" for r, i in predicate.roles.items())
        details = ", ".join(f"{d}{'*' * i.required}" for d, i in predicate.details.items())
        lines.append(f"{name}: {predicate.help} Roles: {roles}. Details: {details or 'none'}.")
    return "\n".join(lines)
