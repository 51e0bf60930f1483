"""A folder in which claims are written step by step, into the YAML that a person would write.

The files are all the state there is. Each step names the version of the files that it was made
for, and is refused where they are another one by now; it is written whole or not at all, and can be
taken back. What a claim lacks yet, `check` says.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from graph import dataset
from graph.dataset.files import DataFile, RawRecord, find_files
from graph.dataset.lookup import Entry, entries, raw_records
from graph.dataset.sets import Sets, slug
from graph.dataset.yaml_text import root_of, with_record
from graph.errors import BadText, InputError, Outdated
from graph.exchange.claim_fields import (
    as_items,
    defaults_of,
    fitting,
    ids_of,
    modality_of,
    new_file,
    short,
    using,
)
from graph.exchange.claim_text import with_claim_beside, with_claim_fields, without_claim
from graph.exchange.file_steps import FileSteps, text_of
from graph.exchange.proposals import SUFFIX, Proposal, proposals_text, read_proposals
from graph.exchange.replacements import WholeClaim, suggest_replaced, whole_claims
from graph.exchange.shared_fields import SharedFields, shared_fields, with_shared_fields
from graph.exchange.source_files import checked_source, id_of_title, with_source_fields
from graph.exchange.suggestions import role_types
from graph.exchange.written_claims import (
    Fields,
    Place,
    Span,
    WrittenClaim,
    claim_nodes,
    claims_of,
    locator_of,
    locators_of,
    place_of,
)
from graph.faults import Fault
from graph.model import Source
from graph.ontology import ONTOLOGY
from graph.text import Text, TextStore, locate


class ClaimFolder:
    """The data files of a folder, with the texts of their sources, and other sets beside them.

    `beside` are paths of data sets whose entities may be named; `by` is who writes.
    """

    def __init__(
        self, folder: Path, texts: TextStore, beside: Sequence[Path] = (), by: str = ""
    ) -> None:
        self.folder = folder
        self.by = by
        self._texts = texts
        own = folder.resolve()
        self.beside = [p for p in beside if not p.resolve().is_relative_to(own)]
        self.beside = [p for p in self.beside if not own.is_relative_to(p.resolve())]
        self._steps = FileSteps(folder)
        self._lock = threading.RLock()
        self._others = list(raw_records(self.beside, claims=False))
        self._sets = Sets(self.beside)
        self._usual: Counter[tuple[str, str, str]] | None = None
        #: The data set of each id beside the folder.
        self._holders = {
            str(raw.values().get("id")): self._sets.of_file(raw.file)
            for raw in reversed(self._others)
        }

    # What is there.

    @property
    def version(self) -> str:
        """A text that is another one as soon as a data file of the folder is."""
        state = hashlib.sha256()
        for path in [*(f.path for f in self._files()), *sorted(self.folder.glob(f"*{SUFFIX}"))]:
            with suppress(FileNotFoundError):
                data = path.read_bytes()
                state.update(f"{path.name}\0{len(data)}\0".encode() + data)
        return state.hexdigest()[:32]

    def sources(self) -> list[tuple[Source, Text | None]]:
        """Return the sources of the folder that can be read, with their texts where they are."""
        result = []
        for raw in self._records():
            if raw.kind == "source":
                with suppress(ValidationError):
                    source = Source.model_validate(raw.values())
                    text = None
                    if source.text_sha256:
                        with suppress(BadText):
                            text = self._texts.get(source.text_sha256)
                    result.append((source, text))
        return result

    def source(self, source_id: str) -> tuple[Source, Text]:
        """Return a source with its text. Raises `InputError` where either is not at hand."""
        for source, text in self.sources():
            if source.id == source_id and text is not None:
                return source, text
        raise InputError(
            f"The folder has no source {source_id!r} with a stored text. "
            "`sightlines source add FILE` brings both."
        )

    def claims(self, source_id: str) -> list[WrittenClaim]:
        """Return the claims of a source, in the order of their passages in the text."""
        _, text = self.source(source_id)
        result = [c for f in self._files() for c in claims_of(f, self._name(f.path), text)]
        result = [claim for claim in result if claim.values.get("source") == source_id]
        return sorted(result, key=lambda c: min(c.spans, default=Span(len(text.paragraphs), 0, 0)))

    def replaceable(self, place: Place, text: str = "") -> list[WholeClaim]:
        """Return the claims that a claim may replace: of its data set, and whole.

        First those that the text means; without a text, those that are most like the claim.
        """
        path, _, claim = self._claim(place)
        sets = Sets([self.folder]).in_files.values()
        files = next([f.path for f in s.files] for s in sets if path in [f.path for f in s.files])
        among = whole_claims(files)
        among = [one for one in among if (one.path, one.line) != (path, claim.line)]
        return suggest_replaced(text, claim.values, among)

    def replaced(self, ids: Collection[str]) -> dict[str, WholeClaim]:
        """Return the claims of the folder with some ids, by those."""
        whole = whole_claims([self.folder]) if ids else []
        return {one.claim.id: one for one in whole if one.claim.id in ids}

    def shared(self, source_id: str) -> list[SharedFields]:
        """Return what the claims of a source share, for each YAML file that has any of them.

        The file that new ones go into comes first.
        """
        first = self._claims_file(source_id)
        names = [self._name(first)] if first.exists() else []
        names += [claim.place.file for claim in self.claims(source_id) if claim.place]
        files = dict.fromkeys(names)
        return [shared_fields(text_of(self.folder / name), name) for name in files]

    def entries(self) -> list[Entry]:
        """Return the entities and sources of the folder and of the sets beside it."""
        return list(entries(self.records()))

    def role_types(self, source_id: str) -> Counter[tuple[str, str, str]]:
        """Return how often entities of each type fill each role, in the claims that are at hand."""
        if self._usual is None:
            claims = (raw.values() for raw in raw_records(self.beside, claims=True))
            self._usual = role_types(claims, _types(entries(self._others)))
        values = (claim.values for claim in self.claims(source_id))
        return self._usual + role_types(values, _types(self.entries()))

    def report(self) -> list[Fault]:
        """Return what `check` says of the files of the folder: faults, and then warnings.

        Of the sets beside it, those count that it uses: no other matters, and they take a second.
        """
        report = dataset.check([self.folder, *self._used()], texts=self._texts)
        names = {file.name for file in self._files()}
        return [f for f in (*report.faults, *report.warnings) if f.path in names]

    def records(self) -> list[RawRecord]:
        """Return the records, other than claims, of the folder and of the sets beside it."""
        return [*self._records(), *self._others]

    # Steps.

    def begin(self, version: str, source_id: str, spans: Sequence[Span]) -> Place:
        """Begin a claim with its evidence; return its place."""
        with self._lock:
            self._compare(version)
            source, text = self.source(source_id)
            fields = {
                "source": source.id,
                "evidence": [locator_of(text, span) for span in spans],
                "recorded_on": date.today().isoformat(),
                "recorded_by": self.by,
            }
            return self._add_claim(source.id, fields, "a new claim")

    def begin_beside(self, version: str, place: Place) -> Place:
        """Begin a claim with the passages and the speakers of another one; return its place.

        Both stand in one group then, which has what they share.
        """
        with self._lock:
            self._compare(version)
            path, text, claim = self._claim(place)
            source = str(claim.values.get("source"))
            fields = {
                "source": source,
                "said_by": claim.chains,
                "evidence": [*as_items(claim.values.get("evidence")), *claim.words],
                "recorded_on": date.today().isoformat(),
                "recorded_by": self.by,
            }
            new = with_claim_beside(text, place.number, fields, source)
            if new is None:
                return self._add_claim(source, fields, "a new claim")
            self._steps.write("a new claim", {path: new.text})
            return Place(place.file, new.number)

    def change(self, version: str, place: Place, fields: Fields) -> None:
        """Set fields of a claim; an empty value takes a field out.

        With another predicate, a claim loses the roles and the details that this one lacks. What a
        claim no longer shares with its group goes into the others.
        """
        with self._lock:
            self._compare(version)
            path, text, claim = self._claim(place)
            changes = dict(fields)
            if "evidence" in changes:
                changes["evidence"] = self._evidence(claim, changes["evidence"])
            if "predicate" in changes:
                predicate = str(changes["predicate"])
                changes |= fitting(predicate, claim.values, changes)
                changes |= modality_of(predicate, claim.values)
            source = str(claim.values.get("source"))
            new = with_claim_fields(text, place.number, changes, source)
            files = self._with_uses({path: new}, changes)
            self._steps.write(f"{', '.join(fields)} of the claim", files, (place, *sorted(fields)))

    def remove(self, version: str, place: Place) -> None:
        """Take a claim out of its file; the last one of a group takes the group with it."""
        with self._lock:
            self._compare(version)
            path, text, _ = self._claim(place)
            self._steps.write("removing the claim", {path: without_claim(text, place.number)})

    def add_entity(self, version: str, source_id: str, name: str, type_: str) -> str:
        """Write the record of an entity beside that of the source; return its id."""
        with self._lock:
            self._compare(version)
            name = " ".join(name.split())
            if not name or type_ not in ONTOLOGY.types:
                raise InputError(f"An entity has a name and one of the types {[*ONTOLOGY.types]}.")
            record_id = self._free_id(slug(name))
            path = self._records_file(source_id)
            fields = {"id": record_id, "type": type_, "names": name}
            new = with_record(text_of(path), "entities", fields)
            self._steps.write(f"the new entity {record_id}", {path: new})
            return record_id

    def add_source(self, version: str, beside_id: str, title: str, kind: str) -> str:
        """Write the record of a source that another one cites beside that; return its id."""
        with self._lock:
            self._compare(version)
            title = " ".join(title.split())
            record_id = self._free_id(id_of_title(title))
            fields = {"id": record_id, "kind": kind, "title": title}
            checked_source(fields)
            path = self._records_file(beside_id)
            new = with_record(text_of(path), "sources", fields)
            self._steps.write(f"the new source {record_id}", {path: new})
            return record_id

    def change_source(self, version: str, record_id: str, fields: Fields) -> None:
        """Set fields of the record of a source; an empty value takes one out.

        Raises `InputError` for a value that is wrong, and for a record that is not in YAML.
        """
        with self._lock:
            self._compare(version)
            path = self._source_path(record_id)
            if path is None:
                raise InputError(f"No YAML file of the folder has the source {record_id!r}.")
            new = with_source_fields(text_of(path), record_id, fields)
            files = self._with_uses({path: new}, {"said_by": [fields.get("publisher")]})
            label = f"{', '.join(fields)} of the source {record_id}"
            self._steps.write(label, files, (record_id, *sorted(fields)))

    def change_shared(self, version: str, source_id: str, file: str, fields: Fields) -> None:
        """Set what all claims of a file share that do not say otherwise."""
        with self._lock:
            self._compare(version)
            if file not in [shared.file for shared in self.shared(source_id)]:
                raise InputError(f"{file} has no claims of {source_id!r} that can be changed here.")
            path = self.folder / file
            new = with_shared_fields(text_of(path), fields, source_id)
            files = self._with_uses({path: new}, fields)
            label = f"{', '.join(fields)} of all claims of {file}"
            self._steps.write(label, files, (file, *sorted(fields)))

    def proposals(self, source_id: str) -> list[Proposal]:
        """Return what programs have proposed for a source, decided or not."""
        path = self.folder / f"{source_id}{SUFFIX}"
        return read_proposals(text_of(path)) if path.exists() else []

    def add_proposals(self, source_id: str, proposals: Iterable[Proposal]) -> None:
        """Write proposals beside those that are there."""
        with self._lock:
            every = [*self.proposals(source_id), *proposals]
            self._steps.write(
                "proposals", {self.folder / f"{source_id}{SUFFIX}": proposals_text(every)}
            )

    def refuse(self, version: str, source_id: str, proposal_id: str) -> None:
        """Refuse a proposal."""
        with self._lock:
            self._compare(version)
            path, text, _ = self._decided(source_id, proposal_id, "refused")
            self._steps.write("refusing the proposal", {path: text})

    def accept(
        self, version: str, source_id: str, proposal_id: str, changed: Proposal | None = None
    ) -> tuple[Place, list[str]]:
        """Make a claim of a proposal, perhaps a changed one; return its place.

        The claim is recorded by the tool and reviewed by who accepts it. Also returns the names in
        it that no record has: their places stay empty.
        """
        with self._lock:
            self._compare(version)
            path, text, waiting = self._decided(source_id, proposal_id, "accepted")
            proposal = changed or waiting
            _, source_text = self.source(source_id)
            ids = {entry.id for entry in self.entries()}
            named = [*(i for its in proposal.roles.values() for i in its), *proposal.said_by]
            spans = [Span(*place[:3]) for place in locate(source_text, proposal.quote)[0]]
            fields = {
                "source": source_id,
                "predicate": proposal.predicate,
                "roles": {r: [i for i in its if i in ids] for r, its in proposal.roles.items()},
                "details": proposal.details,
                "when": proposal.when,
                "modality": proposal.modality,
                "polarity": None if proposal.polarity == "affirmed" else proposal.polarity,
                "said_by": [
                    source_id,
                    *(i for i in proposal.said_by if i in ids and i != source_id),
                ],
                "evidence": [locator_of(source_text, span) for span in spans],
                "summary": proposal.summary,
                "recorded_on": date.today().isoformat(),
                "recorded_by": waiting.maker,
                "reviewed_by": self.by,
            }
            place = self._add_claim(source_id, fields, "accepting the proposal", {path: text})
            return place, [name for name in dict.fromkeys(named) if name not in ids]

    def undo(self, version: str) -> str:
        """Take the last step back, and return what it was; empty if there is none.

        Raises `Outdated` where its files have been changed by somebody else since.
        """
        with self._lock:
            self._compare(version)
            return self._steps.undo()

    @property
    def last_step(self) -> str:
        """What `undo` would take back; empty if nothing."""
        return self._steps.last

    # The files.

    def name_of(self, path: str) -> str:
        """Return the name in the folder of a file that a fault names."""
        return self._name(Path(path))

    def _files(self) -> list[DataFile]:
        return find_files([self.folder])[0] if self.folder.is_dir() else []

    def _used(self) -> list[Path]:
        """Return the paths of the sets beside the folder that its own sets use."""
        own = Sets([self.folder]).in_files.values() if self._files() else ()
        uses = {i for s in own for i in s.record.uses if i in self._sets.in_files}
        used = {i for use in uses for i in self._sets.scope(use)}
        return [s.path for i, s in self._sets.in_files.items() if i in used]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _records(self) -> Iterator[RawRecord]:
        return raw_records([self.folder], claims=False) if self._files() else iter(())

    def _compare(self, version: str) -> None:
        if version != self.version:
            raise Outdated("The files have changed since: by another window, or another program.")

    def _decided(
        self, source_id: str, proposal_id: str, state: Literal["accepted", "refused"]
    ) -> tuple[Path, str, Proposal]:
        """Return the file of proposals, its text with one of them decided, and that one."""
        proposals = self.proposals(source_id)
        for proposal in proposals:
            if proposal.id == proposal_id and proposal.state == "waiting":
                proposal.state = state
                path = self.folder / f"{source_id}{SUFFIX}"
                return path, proposals_text(proposals), proposal
        raise InputError(f"No proposal {proposal_id!r} waits for {source_id!r}.")

    def _add_claim(
        self, source_id: str, fields: Fields, label: str, more: Mapping[Path, str] | None = None
    ) -> Place:
        path = self._claims_file(source_id)
        text = text_of(path) if path.exists() else new_file(source_id, self.by)
        its = short(fields, defaults_of(text), source_id)
        new = with_record(text, "claims", {n: v for n, v in its.items() if v is not None})
        files = self._with_uses({path: new}, fields)
        self._steps.write(label, {**files, **(more or {})})
        return Place(self._name(path), len(claim_nodes(root_of(new))) - 1)

    def _claim(self, place: Place) -> tuple[Path, str, WrittenClaim]:
        """Return the file of a claim, its text, and the claim."""
        for file in self._files():
            if self._name(file.path) == place.file and file.is_yaml:
                text = text_of(file.path)
                for claim in claims_of(file, place.file, None):
                    if claim.place == place:
                        return file.path, text, claim
        raise InputError(f"{place.file} has no claim {place.number + 1} that can be changed here.")

    def _evidence(self, claim: WrittenClaim, items: Iterable[Any]) -> list[Any]:
        """Return the evidence of a claim from words and from spans of its source.

        What the file has stays as it is: its locators, and words that no locator pins.
        """
        _, text = self.source(str(claim.values.get("source")))
        after = [item if isinstance(item, str) else Span(*item) for item in items]
        result: list[Any] = [item for item in after if isinstance(item, str)]
        spans = [item for item in after if isinstance(item, Span)]
        for words in claim.words:
            places = place_of(words, text)
            if places and all(place in spans for place in places) and words not in result:
                result.append(words)
                spans = [span for span in spans if span not in places]
        pinned = locators_of(claim.values)
        return [*(pinned.get(span) or locator_of(text, span) for span in spans), *result]

    def _claims_file(self, source_id: str) -> Path:
        """Return the file that new claims of a source go into: the one whose defaults name it."""
        for file in self._files():
            if file.is_yaml and defaults_of(text_of(file.path)).get("source") == source_id:
                return file.path
        return self.folder / f"{source_id}.claims.yaml"

    def _records_file(self, source_id: str) -> Path:
        """Return the file that new records go into: that of the source, if it is YAML."""
        if (own := self._source_path(source_id)) is not None:
            return own
        path = self._claims_file(source_id)
        return path if path.exists() else self.folder / f"{source_id}.entities.yaml"

    def _source_path(self, source_id: str) -> Path | None:
        """Return the YAML file with the record of a source."""
        for raw in self._records():
            if raw.kind == "source" and raw.values().get("id") == source_id and raw.file.is_yaml:
                return raw.file.path
        return None

    def _free_id(self, base: str) -> str:
        ids = {entry.id for entry in self.entries()}
        numbers = iter(range(2, len(ids) + 3))
        record_id = base
        while record_id in ids:
            record_id = f"{base}-{next(numbers)}"
        return record_id

    def _with_uses(self, files: dict[Path, str], fields: Fields) -> dict[Path, str]:
        """Return files with the record of the data set, where ids of another one are new to it."""
        named = {i: self._holders[i] for i in ids_of(fields) if i in self._holders}
        own = {raw.values().get("id") for raw in self._records()}
        if not named.keys() - own:
            return files
        path = next(iter(files))
        sets = Sets([self.folder])
        mine = next((s for s in sets.in_files.values() if path in [f.path for f in s.files]), None)
        mine = mine or next(iter(sets.in_files.values()))
        uses = set(mine.record.uses).union(
            *(self._sets.scope(i) for i in mine.record.uses if i in self._sets.records)
        )
        new = sorted({holder for i, holder in named.items() if i not in own} - uses)
        if not new:
            return files
        record_path = mine.raw.file.path if mine.raw else path
        text = files.get(record_path) or text_of(record_path)
        return files | {record_path: using(text, mine.record.id, [*mine.record.uses, *new])}


def _types(among: Iterable[Entry]) -> dict[str, str]:
    """Return the types of entities by their ids."""
    return {entry.id: entry.type for entry in among if entry.kind == "entity"}
