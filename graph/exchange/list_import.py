"""Lists and graphs to the files of a data set, by a mapping. See docs/import.md."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from fnmatch import fnmatch
from pathlib import Path

from graph.dataset.sets import default_id
from graph.disk import writing_in
from graph.errors import DatasetFaults, InputError
from graph.exchange.editions import TABLES, Editions
from graph.exchange.import_log import Choices, ImportLog, ImportResult, Input, Progress
from graph.exchange.list_records import RECORD_TABLES, ListRecords
from graph.exchange.list_rows import ROW_TABLES, ListReader
from graph.exchange.mapping import ListMapping
from graph.model import DatasetRecord
from graph.scratch import scratch
from graph.text import TextStore

_MEGABYTES = 64


def inputs_of(mapping: ListMapping, files: Sequence[str]) -> list[Input]:
    """Return each table of a mapping with its file, in the order of the tables.

    A file is for the tables whose `file` fits its name; `TABLE=FILE` says for which it is. A table
    may have several. Raises `InputError` for a file without a table, and for a table without one.
    """
    names = {table.name: table for table in mapping.tables}
    paths: dict[str, list[Path]] = {}
    for text in files:
        name, _, rest = text.partition("=")
        path = Path(rest if name in names and rest else text)
        tables = [t for t in mapping.tables if any(fnmatch(path.name.lower(), p) for p in t.file)]
        if name in names and rest:
            tables = [names[name]]
        if not tables:
            patterns = ", ".join(f"{t.name}: {' or '.join(t.file)}" for t in mapping.tables)
            raise InputError(
                f"{path.name} is the file of no table of the mapping ({patterns}). "
                "TABLE=FILE says which one it is."
            )
        for table in tables:
            paths.setdefault(table.name, []).append(path)
    for table in mapping.tables:
        if table.name not in paths and not table.optional:
            raise InputError(
                f"The table {table.name!r} has no file. It is called {' or '.join(table.file)}."
            )
    return [Input(t, path) for t in mapping.tables for path in paths.get(t.name, ())]


def import_list(
    mapping: ListMapping,
    inputs: Sequence[Input],
    folder: Path,
    choices: Choices,
    texts: TextStore,
    progress: Progress | None = None,
) -> ImportResult:
    """Take in the files of a list, and write the folder of its data set.

    Raises `InputError` for a file that cannot be used, and `DatasetFaults` with what is wrong in
    rows, unless they are skipped; then nothing is written.
    """
    with ExitStack() as stack:
        connection = stack.enter_context(
            closing(scratch(ROW_TABLES + RECORD_TABLES + TABLES, _MEGABYTES))
        )
        log = ImportLog(inputs)
        reader = ListReader(mapping, inputs, choices, connection, log)
        documents = [
            reader.read(
                path, None if choices.dry_run else stack.enter_context(texts.draft()), progress
            )
            for path in dict.fromkeys(item.path for item in inputs)
        ]
        editions = Editions(folder, connection, [d.source for d in documents])
        records = ListRecords(connection, log)
        records.join_entities()
        records.add_claims(editions)
        records.add_entities(editions)
        result = log.result
        if not result.rows.total():
            names = ", ".join(dict.fromkeys(item.path.name for item in inputs))
            raise InputError(f"There is no row in {names}: nothing is written.")
        if result.faults and not choices.skip_faulty:
            if not choices.dry_run:
                raise DatasetFaults(result.faults)
            return result
        target = folder
        if choices.dry_run:
            target = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with writing_in(target, InputError):
            target.mkdir(parents=True, exist_ok=True)
            result.written = editions.finish(
                target,
                mapping.dataset or DatasetRecord(id=default_id(folder)),
                on=choices.on,
                by=choices.by,
                complete=not result.faulty_rows,
            )
            log.write_faulty_rows(target)
        result.changes = editions.counts
        if not choices.dry_run:
            for document in documents:
                document.text.keep()
        return result
