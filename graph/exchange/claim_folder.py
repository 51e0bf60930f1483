"""A folder in which claims are written step by step, into the YAML that a person would write.

The files are all the state there is. Each step names the version of the files that it was made
for, and is refused where they are another one by now; it is written whole or not at all, and can be
taken back. What a claim lacks yet, `check` says.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml
from pydantic import ValidationError

from graph import dataset
from graph.dataset.edit_yaml import items
from graph.dataset.files import DataFile, RawRecord, find_files
from graph.dataset.groups import is_group
from graph.dataset.lookup import Entry, entries, raw_records
from graph.dataset.read_jsonl import read_jsonl
from graph.dataset.read_yaml import values
from graph.dataset.sets import Sets, slug
from graph.dataset.yaml_text import (
    root_of,
    value_of,
    value_text,
    with_fields,
    with_record,
    without_record,
)
from graph.disk import write_whole, writing_in
from graph.errors import BadText, InputError, Outdated
from graph.exchange.proposals import (
    SUFFIX,
    Proposal,
    proposals_text,
    read_proposals,
)
from graph.faults import Fault
from graph.model import Source
from graph.ontology import ONTOLOGY
from graph.text import Text, TextStore, digest, locate, passage

#: Steps that can be taken back.
_STEPS = 500

Fields = Mapping[str, Any]
#: What each file was before and after a change; None is no file.
_Files = Mapping[Path, tuple[bytes | None, bytes | None]]


class Place(NamedTuple):
    """A claim in a file: the file's name in the folder, and its number in the list, from 0."""

    file: str
    number: int


class Span(NamedTuple):
    """A passage of a text: from `start` up to `end` of a paragraph, as in a locator."""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WrittenClaim:
    """A claim as a file has it, whole or not: `values` are its fields, with those of the defaults.

    `words` are passages that no locator pins. `place` is None where it cannot be changed here: in a
    group, with several chains, or in JSON lines.
    """

    file: str
    line: int
    number: int
    values: Fields
    words: tuple[str, ...]
    spans: tuple[Span, ...]
    place: Place | None


@dataclass(slots=True)
class _Step:
    """A change that was written: the content of each file before and after. None is no file.

    Steps in a row with one `key`, which is not None, are one: somebody types.
    """

    label: str
    key: object
    files: _Files


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
        self._steps: list[_Step] = []
        self._lock = threading.RLock()
        self._others = list(raw_records(self.beside, claims=False))
        self._sets = Sets(self.beside)
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
        result = [c for f in self._files() for c in _claims_of(f, self._name(f.path), text)]
        result = [claim for claim in result if claim.values.get("source") == source_id]
        return sorted(result, key=lambda c: min(c.spans, default=Span(len(text.paragraphs), 0, 0)))

    def entries(self) -> list[Entry]:
        """Return the entities and sources of the folder and of the sets beside it."""
        return list(entries(self.records()))

    def report(self) -> list[Fault]:
        """Return what `check` says of the files of the folder: faults, and then warnings."""
        report = dataset.check([self.folder, *self.beside], texts=self._texts)
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
                "evidence": [_locator(text, span) for span in spans],
                "recorded_on": date.today().isoformat(),
                "recorded_by": self.by,
            }
            return self._add_claim(source.id, fields, "a new claim")

    def change(self, version: str, place: Place, fields: Fields) -> None:
        """Set fields of a claim; an empty value takes a field out.

        With another predicate, a claim loses the roles and the details that this one lacks.
        """
        with self._lock:
            self._compare(version)
            path, text, node, claim = self._claim(place)
            changes = dict(fields)
            if "evidence" in changes:
                _, source_text = self.source(str(claim.get("source")))
                changes["evidence"] = [
                    item if isinstance(item, str) else _locator(source_text, Span(*item))
                    for item in changes["evidence"]
                ]
            if "predicate" in changes:
                changes |= _fitting(str(changes["predicate"]), claim, changes)
            new = with_fields(text, node, _short(changes, text), "claim")
            files = self._with_uses({path: new}, changes)
            self._write(f"{', '.join(fields)} of the claim", files, (place, *sorted(fields)))

    def remove(self, version: str, place: Place) -> None:
        """Take a claim out of its file."""
        with self._lock:
            self._compare(version)
            path, text, _, _ = self._claim(place)
            self._write("removing the claim", {path: without_record(text, "claims", place.number)})

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
            new = with_record(_text(path), "entities", fields)
            self._write(f"the new entity {record_id}", {path: new})
            return record_id

    def proposals(self, source_id: str) -> list[Proposal]:
        """Return what programs have proposed for a source, decided or not."""
        path = self.folder / f"{source_id}{SUFFIX}"
        return read_proposals(_text(path)) if path.exists() else []

    def add_proposals(self, source_id: str, proposals: Iterable[Proposal]) -> None:
        """Write proposals beside those that are there."""
        with self._lock:
            every = [*self.proposals(source_id), *proposals]
            self._write("proposals", {self.folder / f"{source_id}{SUFFIX}": proposals_text(every)})

    def refuse(self, version: str, source_id: str, proposal_id: str) -> None:
        """Refuse a proposal."""
        with self._lock:
            self._compare(version)
            path, text, _ = self._decided(source_id, proposal_id, "refused")
            self._write("refusing the proposal", {path: text})

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
                "evidence": [_locator(source_text, span) for span in spans],
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
            if not self._steps:
                return ""
            step = self._steps[-1]
            for path, (_, after) in step.files.items():
                if _bytes(path) != after:
                    raise Outdated(
                        f"{self._name(path)} was changed by another program since: taking the "
                        "step back would undo that as well."
                    )
            self._put({path: before for path, (before, _) in step.files.items()})
            self._steps.pop()
            return step.label

    @property
    def last_step(self) -> str:
        """What `undo` would take back; empty if nothing."""
        return self._steps[-1].label if self._steps else ""

    # The files.

    def name_of(self, path: str) -> str:
        """Return the name in the folder of a file that a fault names."""
        return self._name(Path(path))

    def _files(self) -> list[DataFile]:
        return find_files([self.folder])[0] if self.folder.is_dir() else []

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
        text = _text(path) if path.exists() else _new_file(source_id, self.by)
        new = with_record(text, "claims", {
            name: value for name, value in _short(fields, text).items() if value is not None
        })  # fmt: skip
        files = self._with_uses({path: new}, fields)
        self._write(label, {**files, **(more or {})})
        claims = value_of(root_of(new), "claims")
        assert isinstance(claims, yaml.SequenceNode)
        return Place(self._name(path), len(claims.value) - 1)

    def _claim(self, place: Place) -> tuple[Path, str, yaml.MappingNode, Fields]:
        """Return the file of a claim, its text, the node of the claim, and its whole fields."""
        for file in self._files():
            if self._name(file.path) == place.file and file.is_yaml:
                text = _text(file.path)
                claims = value_of(root_of(text), "claims")
                nodes = claims.value if isinstance(claims, yaml.SequenceNode) else []
                for claim in _claims_of(file, place.file, None):
                    if claim.place == place:
                        return file.path, text, nodes[place.number], claim.values
        raise InputError(f"{place.file} has no claim {place.number + 1} that can be changed here.")

    def _claims_file(self, source_id: str) -> Path:
        """Return the file that new claims of a source go into: the one whose defaults name it."""
        for file in self._files():
            if file.is_yaml and _defaults(_text(file.path)).get("source") == source_id:
                return file.path
        return self.folder / f"{source_id}.claims.yaml"

    def _records_file(self, source_id: str) -> Path:
        """Return the file that new entities go into: that of the source, if it is YAML."""
        for raw in self._records():
            if raw.kind == "source" and raw.values().get("id") == source_id and raw.file.is_yaml:
                return raw.file.path
        path = self._claims_file(source_id)
        return path if path.exists() else self.folder / f"{source_id}.entities.yaml"

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
        text = files.get(record_path) or _text(record_path)
        return files | {record_path: _using(text, mine.record.id, [*mine.record.uses, *new])}

    def _write(self, label: str, files: Mapping[Path, str], key: object = None) -> None:
        """Write files, and remember what they were."""
        changed: dict[Path, tuple[bytes | None, bytes | None]] = {}
        for path, text in files.items():
            if path.suffix != ".json":
                root_of(text)  # what cannot be read again is never written
            if (before := _bytes(path)) != (after := text.encode()):
                changed[path] = before, after
        if not changed:
            return
        self._put({path: after for path, (_, after) in changed.items()})
        last = self._steps[-1] if self._steps else None
        if last and key is not None and last.key == key and _follows(last.files, changed):
            last.files = {p: (last.files[p][0], after) for p, (_, after) in changed.items()}
        else:
            self._steps.append(_Step(label, key, changed))
            del self._steps[:-_STEPS]

    def _put(self, contents: Mapping[Path, bytes | None]) -> None:
        """Write all of some files, or none."""
        before: dict[Path, bytes | None] = {}
        with writing_in(self.folder, InputError):
            try:
                for path, data in contents.items():
                    before[path] = _bytes(path)
                    _put(path, data)
            except OSError:
                for path, data in before.items():
                    if _bytes(path) != data:
                        _put(path, data)
                raise


def _follows(before: _Files, after: _Files) -> bool:
    """Whether changes begin where others of the same files ended."""
    return before.keys() == after.keys() and all(
        old == before[path][1] for path, (old, _) in after.items()
    )


def _put(path: Path, data: bytes | None) -> None:
    path = path.resolve()  # a link stays one
    if data is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, data, path.stat().st_mode & 0o777 if path.exists() else 0o666)


def _claims_of(file: DataFile, name: str, text: Text | None) -> Iterator[WrittenClaim]:
    """Yield the claims of a file; `text` finds the places of words that no locator pins."""
    if not file.is_yaml:
        for raw in read_jsonl(file, True, lambda _: None):
            if isinstance(raw, RawRecord):
                yield _written(raw, name, text, None)
        return
    root = None
    with suppress(InputError):
        root = root_of(_text(file.path))
    claims = value_of(root, "claims")
    nodes = claims.value if isinstance(claims, yaml.SequenceNode) else []
    indices = {
        (node.start_mark.line + 1, node.start_mark.column + 1): index
        for index, node in enumerate(nodes)
        if isinstance(node, yaml.MappingNode) and not is_group(node)
    }
    for item in items(file):
        index = indices.get((item.line, item.column))
        alone = index is not None and len(item.records) == 1
        for raw in item.records:
            yield _written(
                raw, name, text, Place(name, index) if alone and index is not None else None
            )


def _written(raw: RawRecord, name: str, text: Text | None, place: Place | None) -> WrittenClaim:
    fields = raw.values()
    words = tuple(quotation.words for quotation in raw.quotations)
    return WrittenClaim(
        name, raw.line, raw.number, fields, words, tuple(_spans(fields, words, text)), place
    )


def _spans(fields: Fields, words: Iterable[str], text: Text | None) -> Iterator[Span]:
    evidence = fields.get("evidence", [])
    for locator in evidence if isinstance(evidence, list) else [evidence]:
        with suppress(TypeError, ValueError, KeyError):
            yield Span(*(int(locator[key]) for key in Span._fields))
    for quotation in words if text else ():
        with suppress(BadText):
            assert text is not None
            places = locate(text, quotation)
            if len(places) == 1:
                yield from (Span(p.paragraph, p.start, p.end) for p in places[0])


def _locator(text: Text, span: Span) -> dict[str, Any]:
    words = passage(text, *span)
    return {**span._asdict(), "sha256": digest(words)}


def _defaults(text: str) -> dict[str, Any]:
    with suppress(InputError):
        node = value_of(root_of(text), "defaults")
        return values(node) if isinstance(node, yaml.MappingNode) else {}
    return {}


def _short(fields: Fields, text: str) -> dict[str, Any]:
    """Return fields as they are written into a file: without what its defaults say already."""
    defaults = _defaults(text)
    result: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "said_by" and defaults.get("source") and list(value)[:1] == [defaults["source"]]:
            value = list(value)[1:]
        if isinstance(value, Mapping):
            value = {
                key: _single(item) for key, item in value.items() if item not in ("", [], None)
            }
        value = _single(value)
        is_default = name in defaults and _as_text(defaults[name]) == _as_text(value)
        result[name] = None if value in ("", [], {}, None) or is_default else value
    return result


def _single(value: Any) -> Any:
    """Return the only item of a list in its place."""
    return value[0] if isinstance(value, list | tuple) and len(value) == 1 else value


def _as_text(value: Any) -> str:
    return value_text(_single(value))


def _fitting(predicate: str, claim: Fields, changes: Fields) -> dict[str, Any]:
    """Return the roles, details and readings of a claim that another predicate has as well."""
    entry = ONTOLOGY.predicates.get(predicate)
    if entry is None:
        return {}
    result: dict[str, Any] = {}
    for name, its in (("roles", entry.roles), ("details", entry.details)):
        values_of = changes.get(name, claim.get(name, {}))
        if isinstance(values_of, Mapping):
            result[name] = {key: value for key, value in values_of.items() if key in its}
    inferred = as_items(changes.get("inferred", claim.get("inferred", [])))
    result["inferred"] = [i for i in inferred if i in entry.roles or i not in ONTOLOGY.role_names]
    return result


def ids_of(fields: Fields) -> Iterator[str]:
    """Yield the ids of entities and sources that fields of a claim name."""
    roles = fields.get("roles")
    for ids in roles.values() if isinstance(roles, Mapping) else ():
        yield from map(str, as_items(ids))
    yield from map(str, as_items(fields.get("said_by")))


def as_items(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def _using(text: str, dataset_id: str, uses: Sequence[str]) -> str:
    """Return a file whose data set uses others."""
    node = value_of(root_of(text), "dataset")
    fields = {"id": dataset_id, "uses": list(uses)}
    if isinstance(node, yaml.MappingNode):
        return with_fields(text, node, {"uses": _single(list(uses))}, "dataset")
    if isinstance(node, yaml.ScalarNode) and node.value:
        start, end = node.start_mark.index, node.end_mark.index
        return f"{text[:start]}{value_text(fields)}{text[end:]}"
    return f"dataset: {value_text(fields)}\n{text}"


def _new_file(source_id: str, by: str) -> str:
    fields = {"source": source_id, "modality": "stated"}
    fields |= {"recorded_on": date.today().isoformat(), "recorded_by": by}
    return "defaults:\n" + "".join(f"  {k}: {value_text(v)}\n" for k, v in fields.items())


def _text(path: Path) -> str:
    # A byte order mark belongs to no line.
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8: it cannot be changed here.") from error


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
