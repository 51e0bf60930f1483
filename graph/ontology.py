"""The ontology: read from `ontology.yaml` once, validated, and asked by everything else.

Nothing here names a type or a predicate. The models, the store's schema, the API's enumerations,
the legend and the reference page all take them from `ONTOLOGY`, so that adding a predicate is one
entry in the file. See domain.md, "The ontology is data".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from graph.faults import nearest
from graph.fold import fold
from graph.language import gettext

FILE = Path(__file__).with_name("ontology.yaml")

#: Written as in Neo4j's naming rules: labels are nouns in CamelCase, edges verbs in capitals.
LABEL = r"^[A-Z][A-Za-z]{1,30}$"
EDGE = r"^[A-Z][A-Z_]{1,30}$"
FIELD = r"^[a-z][a-z_]{1,30}$"
COLOUR = r"^#[0-9A-F]{6}$"

#: The forms of a verb after a name in the singular and in the plural, `{is|are}`, and those of its
#: past, `{is|are|was|were}`, or the one for both, `{lists|list|listed}`.
_FORMS = re.compile(r"\{([^{|}]*(?:\|[^{|}]*){1,3})\}")

#: The labels and edges of the store itself, which no ontology may use.
STORE_LABELS = frozenset({"Entity", "Source", "Claim", "Snapshot", "Change", "Sightlines"})
STORE_EDGES = frozenset(
    {"FROM", "SAID_BY", "SUPERSEDES", "JUDGED", "CURRENT", "PUBLISHED_BY", "EDITION_OF"}
)

#: How many entities may fill a role: the fewest, and the most (None: no bound).
COUNTS: Mapping[str, tuple[int, int | None]] = {
    "one": (1, 1),
    "some": (1, None),
    "pair": (2, None),
    "any": (0, None),
    "maybe": (0, 1),
}


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Word(_Entry):
    """One value of a closed vocabulary, in words."""

    label: str
    help: str


class EntityType(Word):
    """A type of entity: a label in the store, a shape and a colour on the page."""

    plural: str
    shape: str = Field(pattern=r"^[a-zA-Z]+$")
    colour: str = Field(pattern=COLOUR, description="On a light page.")
    dark: str = Field(pattern=COLOUR, description="On a dark page.")


class Role(_Entry):
    """A role of a predicate: which types may fill it, and how many entities."""

    types: tuple[str, ...]
    count: Literal["one", "some", "pair", "any", "maybe"]
    lane: str | None = None
    help: str

    @property
    def bounds(self) -> tuple[int, int | None]:
        """The fewest and the most entities; None is no bound."""
        return COUNTS[self.count]


class Detail(_Entry):
    """Plain words that belong to a claim, such as the post that somebody holds."""

    required: bool
    help: str


class TieType(_Entry):
    """An edge that a predicate projects, from one role to another, with words for either end.

    `words` and `inverse_words` have the verb by status, from the source to the target and back; the
    strongest status comes first. Both are empty where another entry of the type has them.
    `intermediary`: the source only stands between others; `within`: it belongs to the target.
    """

    type: str = Field(pattern=EDGE)
    source: str = Field(alias="from")
    target: str = Field(alias="to")
    words: dict[str, str] = {}
    inverse_words: dict[str, str] = Field({}, alias="inverse")
    intermediary: bool = False
    within: bool = False

    @property
    def label(self) -> str:
        """The verb of the strongest status, from one source to the target."""
        return _form(next(iter(self.words.values())))

    @property
    def inverse(self) -> str:
        """The same from one target to the source."""
        return _form(next(iter(self.inverse_words.values())))

    @property
    def symmetric(self) -> bool:
        """Whether both ends fill one role: the edge then runs from the lower id to the higher."""
        return self.source == self.target


class Example(_Entry):
    """An invented sentence, and the fields of the claim that says it: roles, details, `when`."""

    text: str
    claim: dict[str, str]


class Predicate(_Entry):
    """What a claim may say: its roles, its details, and the ties that it projects.

    `synonyms` are words that people look for it by, and that are no predicates.
    """

    label: str
    help: str
    synonyms: tuple[str, ...] = ()
    example: Example | None = None
    kind: Literal["state", "event", "stance"]
    roles: dict[str, Role]
    details: dict[str, Detail] = {}
    ties: tuple[TieType, ...]
    modalities: tuple[str, ...] = ()


class Modality(Word):
    """How a claim is meant, and the status that it lends to a tie (None: it projects no tie)."""

    status: str | None


class Status(Word):
    """How well a tie is supported. The strongest stands first in the file."""

    line: Literal["solid", "dashed", "dotted"]


class SourceKind(Word):
    """A kind of source; a primary one documents what it states. `csl` is its type in CSL-JSON."""

    primary: bool
    csl: str


class Ontology(_Entry):
    """The whole file. Raises pydantic's `ValidationError` for a file that contradicts itself."""

    types: dict[str, EntityType]
    type_sets: dict[str, tuple[str, ...]]
    lanes: dict[str, Word]
    predicates: dict[str, Predicate]
    modalities: dict[str, Modality]
    polarities: dict[str, Word]
    likelihoods: dict[str, Word]
    confidences: dict[str, Word]
    statuses: dict[str, Status]
    source_kinds: dict[str, SourceKind]
    qualifiers: dict[str, Word]
    name_kinds: dict[str, Word]
    verdicts: dict[str, Word]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Ontology:
        problems = list(self._contradictions())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _contradictions(self) -> Iterator[str]:
        yield from _bad_names(self.types, LABEL, "type")
        yield from _bad_names(self.predicates, FIELD, "predicate")
        for name, members in self.type_sets.items():
            yield from (f"type set {name}: no type {m}" for m in members if m not in self.types)
        for name, modality in self.modalities.items():
            if modality.status is not None and modality.status not in self.statuses:
                yield f"modality {name}: no status {modality.status}"
        types: set[str] = set()
        for name, predicate in self.predicates.items():
            yield from (f"predicate {name}: {text}" for text in self._predicate_problems(predicate))
            for tie in predicate.ties:
                yield from self._word_problems(tie, first=tie.type not in types)
                types.add(tie.type)
        yield from self._shared_labels()

    def _word_problems(self, tie: TieType, first: bool) -> Iterator[str]:
        """The words of a type stand once, and serve every status."""
        for forms in (tie.words, tie.inverse_words):
            if not first and forms:
                yield f"tie {tie.type}: its words stand at the first entry of that type"
            if first and list(self.statuses)[-1] not in forms:
                yield f"tie {tie.type}: no words for the weakest status, {list(self.statuses)[-1]}"
            yield from (f"tie {tie.type}: no status {s}" for s in forms if s not in self.statuses)

    def _shared_labels(self) -> Iterator[str]:
        """What has the label of something else could not be told from it in Cypher."""
        labels = {label: "the store itself" for label in STORE_LABELS}
        for what, names in (("type", self.types), ("predicate", self.predicates)):
            for name in names:
                label = claim_label(name) if what == "predicate" else name
                if label in labels:
                    yield f"{what} {name}: the label {label} belongs to {labels[label]}"
                labels[label] = f"{what} {name}"

    def _predicate_problems(self, predicate: Predicate) -> Iterator[str]:
        yield from _bad_names(predicate.roles, FIELD, "role")
        yield from _bad_names(predicate.details, FIELD, "detail")
        for word in predicate.synonyms:
            if word.replace(" ", "_") in self.predicates:
                yield f"the synonym {word!r} is a predicate"
        for name, role in predicate.roles.items():
            for member in role.types:
                if member not in self.types and member not in self.type_sets:
                    yield f"role {name}: no type {member}"
            if role.lane not in (None, *self.lanes):
                yield f"role {name}: no lane {role.lane}"
            if role_edge(name) in STORE_EDGES:
                yield f"role {name}: the edge {role_edge(name)} belongs to the store itself"
        for name in predicate.example.claim if predicate.example else ():
            if name not in {*predicate.roles, *predicate.details, "when"}:
                yield f"the example has {name}, which is no role and no detail"
        for tie in predicate.ties:
            if tie.type in STORE_EDGES:
                yield f"tie {tie.type}: that edge belongs to the store itself"
            for end in (tie.source, tie.target):
                if end not in predicate.roles:
                    yield f"tie {tie.type}: no role {end}"
        yield from (f"no modality {m}" for m in predicate.modalities if m not in self.modalities)
        if predicate.kind == "stance" and predicate.ties:
            yield "a stance projects no tie"

    @cached_property
    def tie_types(self) -> Mapping[str, TieType]:
        """The first entry of every type of tie, by its name, in the order of the file."""
        return {tie.type: tie for p in self.predicates.values() for tie in p.ties if tie.words}

    @cached_property
    def tie_predicates(self) -> Mapping[str, tuple[str, ...]]:
        """The predicates that project each type of tie."""
        return {
            tie_type: tuple(
                name
                for name, p in self.predicates.items()
                if any(tie.type == tie_type for tie in p.ties)
            )
            for tie_type in self.tie_types
        }

    @cached_property
    def tie_lanes(self) -> Mapping[str, tuple[str | None, str | None]]:
        """The lanes of both ends of each type of tie, as its first entry has them."""
        return {
            tie.type: (p.roles[tie.source].lane, p.roles[tie.target].lane)
            for p in self.predicates.values()
            for tie in p.ties
            if tie.words
        }

    @cached_property
    def within_types(self) -> tuple[str, ...]:
        """The types of tie whose source belongs to the target."""
        return tuple(tie.type for tie in self.tie_types.values() if tie.within)

    def verb(
        self,
        tie_type: str,
        status: str,
        *,
        inverse: bool = False,
        plural: bool = False,
        past: bool = False,
    ) -> str:
        """Return the verb of a tie with a status: `supplied`, `is alleged to have supplied`.

        It reads from the source to the target, or back if `inverse`; `plural` is the number of the
        name before it, `past` whether the tie is over (`graph.model.Tie.past`). A status
        without a form has that of the next weaker one, never a stronger.
        Raises `KeyError` for an unknown type or status.
        """
        entry = self.tie_types[tie_type]
        forms = entry.inverse_words if inverse else entry.words
        words = next(
            forms[s] for s, rank in self.ranks.items() if rank <= self.ranks[status] and s in forms
        )
        return _form(words, plural=plural, past=past)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The rank of each status: the strongest has the highest number, the weakest 1."""
        return {name: len(self.statuses) - i for i, name in enumerate(self.statuses)}

    def status_of(self, rank: int) -> str:
        """Return the status of a rank. Raises `IndexError` for a rank that none has."""
        return list(self.statuses)[-rank]

    @cached_property
    def fillers(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """The types that may fill a role, by (predicate, role)."""
        return {
            (name, role_name): frozenset(
                t for member in role.types for t in self.type_sets.get(member, (member,))
            )
            for name, predicate in self.predicates.items()
            for role_name, role in predicate.roles.items()
        }

    @cached_property
    def role_names(self) -> tuple[str, ...]:
        """Every role that some predicate has, each once, in the order of the file."""
        return tuple(dict.fromkeys(role for p in self.predicates.values() for role in p.roles))

    @cached_property
    def detail_names(self) -> tuple[str, ...]:
        """Every detail that some predicate has, each once, in the order of the file."""
        return tuple(dict.fromkeys(name for p in self.predicates.values() for name in p.details))

    def predicates_like(self, word: str) -> tuple[str, ...]:
        """Return the predicates that a word or phrase means, by their names, labels and synonyms.

        Case, accents and low lines do not matter. None if nothing is similar.
        """
        phrases = {
            name: [fold(phrase) for phrase in (name, p.label, *p.synonyms)]
            for name, p in self.predicates.items()
        }
        near = nearest(fold(word), [phrase for its in phrases.values() for phrase in its])
        return tuple(name for name, its in phrases.items() if near in its)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the ontology says, whatever the layout of its file."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()


def claim_label(predicate: str) -> str:
    """The store's label for claims of a predicate: `uses_against` gives `UsesAgainst`."""
    return "".join(part.capitalize() for part in predicate.split("_"))


def role_edge(role: str) -> str:
    """The store's edge from a claim to an entity in a role: `supplier` gives `SUPPLIER`."""
    return role.upper()


def _form(words: str, *, plural: bool = False, past: bool = False) -> str:
    def pick(match: re.Match[str]) -> str:
        singular, several, *its_past = match[1].split("|")
        forms = (its_past[0], its_past[-1]) if past and its_past else (singular, several)
        return forms[plural]

    return _FORMS.sub(pick, gettext(words))


def _bad_names(names: Mapping[str, object], pattern: str, what: str) -> Iterator[str]:
    yield from (
        f"{what} {name!r} does not match {pattern}"
        for name in names
        if not re.fullmatch(pattern, name)
    )


def load(path: Path = FILE) -> Ontology:
    """Read and validate an ontology. Raises `ValidationError` with each contradiction by name."""
    # The loader in C, where PyYAML has it, takes a tenth of the time at every start.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Ontology.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))


ONTOLOGY = load()
