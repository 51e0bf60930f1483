"""Which files a data set is made of, and what is no data file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from graph.dataset import CheckResult, check, read
from graph.dataset.files import MAX_YAML_BYTES
from graph.dataset.read_jsonl import MAX_LINE_BYTES
from graph.errors import DatasetFaults

#: The user whom Unix systems give no rights.
NOBODY = 65534


def _words(report: CheckResult) -> str:
    return "\n".join(map(str, (*report.faults, *report.warnings)))


def test_folders_are_walked_in_order(tmp_path: Path, good: str) -> None:
    """Every data file counts, however deep; hidden files and other kinds are passed over."""
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / "b" / "c" / "x.YML").write_text(good)
    (tmp_path / "a.jsonl").write_text("\n")
    (tmp_path / ".hidden.yaml").write_text("nonsense")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.yaml").write_text("nonsense")
    (tmp_path / "notes.txt").write_text("nonsense")
    report = check([tmp_path])
    assert report.ok
    names = [os.path.relpath(path, tmp_path) for path, _ in report.files]
    assert names == ["a.jsonl", "b/c/x.YML"]
    assert report.files[1][1] == len(good)


def test_a_file_counts_once(tmp_path: Path, good: str) -> None:
    """A file that is named beside its folder is read once."""
    (tmp_path / "x.yaml").write_text(good)
    report = check([tmp_path, tmp_path / "x.yaml", tmp_path])
    assert report.ok
    assert report.counts["claim"] == 2


def test_nothing_there(tmp_path: Path) -> None:
    """A path that does not exist is a fault, and so is one through a file."""
    (tmp_path / "x.yaml").write_text("")
    report = check([tmp_path / "none", tmp_path / "x.yaml" / "y.yaml"])
    assert [fault.message for fault in report.faults] == ["no such file or folder"] * 2


def test_folder_without_data(tmp_path: Path) -> None:
    """An empty folder says which files it should hold."""
    assert "the folder has no data files. The names of data files end in .yaml" in _words(
        check([tmp_path])
    )


def test_other_kinds_of_file(tmp_path: Path) -> None:
    """A file of another kind that is named is a fault, and a pipe never blocks."""
    (tmp_path / "x.csv").write_text("a,b")
    os.mkfifo(tmp_path / "p.yaml")
    report = check([tmp_path / "x.csv", tmp_path / "p.yaml"])
    assert [f.message for f in report.faults] == ["not a data file", "not a regular file"]


@contextmanager
def ordinary_user() -> Iterator[Path]:
    """Yield an empty folder; root, who may read everything, is nobody while the block runs."""
    user = os.geteuid()
    with TemporaryDirectory() as folder:
        if user == 0:
            os.chmod(folder, 0o777)
            os.seteuid(NOBODY)
        try:
            yield Path(folder)
        finally:
            os.seteuid(user)


def test_unreadable(good: str) -> None:
    """A file or folder that may not be read is a fault, and the hint is the same for both."""
    with ordinary_user() as folder:
        (folder / "x.yaml").write_text(good)
        (folder / "x.yaml").chmod(0)
        (folder / "d").mkdir(mode=0)
        faults = check([folder]).faults
    assert [(os.path.basename(f.path), f.message, f.hint) for f in faults] == [
        ("d", "permission denied", "Check its permissions."),
        ("x.yaml", "permission denied", "Check its permissions."),
    ]


def test_links(tmp_path: Path, good: str) -> None:
    """A link within the folder is no fault; one that loops, leads out or leads nowhere is."""
    outside = tmp_path / "outside.yaml"
    outside.write_text(good)
    folder = tmp_path / "set"
    (folder / "sub").mkdir(parents=True)
    (folder / "x.yaml").write_text(good)
    (folder / "same.yaml").symlink_to(folder / "x.yaml")
    assert check([folder]).ok
    (folder / "out.yaml").symlink_to(outside)
    (folder / "gone.yaml").symlink_to(folder / "nothing.yaml")
    (folder / "self.yaml").symlink_to(folder / "self.yaml")
    (folder / "sub" / "up").symlink_to(folder)
    messages = {os.path.basename(f.path): f.message for f in check([folder]).faults}
    assert messages == {
        "out.yaml": "the link leads out of the folder",
        "gone.yaml": "no such file or folder",
        "self.yaml": "the link leads back to itself",
        "up": "the link leads back to a folder that contains it",
    }


def test_a_linked_folder_that_is_named_is_read(tmp_path: Path, good: str) -> None:
    """Whoever names a link means what it leads to."""
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "x.yaml").write_text(good)
    (tmp_path / "link").symlink_to(tmp_path / "set")
    assert check([tmp_path / "link"]).ok


def test_id_of_the_set(tmp_path: Path, good: str) -> None:
    """The key `dataset` names it, else its path does; of two records in a folder one is wrong."""
    one, two = tmp_path / "One File.yaml", tmp_path / "two"
    two.mkdir()
    one.write_text(good)
    (two / "x.yaml").write_text(good)
    assert check([one]).name == "one-file"
    assert check([two]).name == "two"
    one.write_text("dataset: mine\n" + good)
    assert check([one]).name == "mine"
    (two / "y.jsonl").write_text('{"dataset": "yours"}\n')
    assert check([two]).name == "yours"
    (two / "x.yaml").write_text("dataset: mine\n" + good)
    report = check([two])
    assert "the folder has another record of its data set, 'mine'. It is at" in _words(report)
    assert (report.faults[0].line, report.faults[0].record) == (1, "dataset yours")
    one.write_text("dataset: My Set\n" + good)
    assert "'My Set' is not an id" in _words(check([one]))


def test_large_yaml_is_not_read(tmp_path: Path) -> None:
    """YAML is read whole, so that a large file is refused before; JSON lines are the way."""
    path = tmp_path / "x.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_YAML_BYTES + 1)
    (fault,) = check([path]).faults
    assert "10,000,001 bytes" in fault.message
    assert ".jsonl" in fault.hint


def test_long_line_is_passed_over(check_files: Callable[..., CheckResult]) -> None:
    """A line over the limit is a fault of its own, and the lines behind it are read."""
    data = b'{"claim": "' + b"x" * (3 * MAX_LINE_BYTES) + b'"}\n{"claim": 1}\n'
    first, second = check_files(b_jsonl=data).faults
    assert (first.line, second.line) == (1, 2)
    assert "more than 1,000,000 bytes" in first.message


@pytest.mark.parametrize("name", ["b_yaml", "b_jsonl"])
def test_encodings(name: str, check_files: Callable[..., CheckResult], good: str) -> None:
    """UTF-8 with a byte order mark is read, with a warning; UTF-16 and stray bytes are faults."""
    text = "\n" if name == "b_jsonl" else "claims: []\n"
    report = check_files(**{name: b"\xef\xbb\xbf" + text.encode()})
    assert report.ok
    assert "byte order mark" in _words(report)
    for encoding in ("utf-16", "utf-16-le", "utf-32"):
        assert "UTF-16" in _words(check_files(**{name: "claims: [1]".encode(encoding)}))
    (fault,) = check_files(**{name: b"\n\nab\xff\n"}).faults
    assert (fault.line, fault.column) == (3, 3)


def test_stray_byte_in_a_line(check_files: Callable[..., CheckResult]) -> None:
    """The column of a byte that is no UTF-8 counts characters, not bytes."""
    line = '{"claim": {"summary": "é'.encode() + b'\xff"}}\n'
    (fault,) = check_files(b_jsonl=line).faults
    assert (fault.line, fault.column) == (1, 25)
    assert "0xff is not UTF-8" in fault.message


def test_empty_files(check_files: Callable[..., CheckResult]) -> None:
    """An empty file is a warning; a set in which nothing stands at all is a fault."""
    beside = check_files(b_yaml="", c_jsonl="", d_yaml="# nothing\n")
    assert beside.ok
    assert [w.message for w in beside.warnings] == ["the file is empty"] * 3


def test_set_without_records(check_files: Callable[..., CheckResult]) -> None:
    """Files in which no record stands are no data set."""
    assert "the data set has no records" in _words(check_files(alone=True, b_yaml="claims:\n"))


def test_read_gives_the_records(tmp_path: Path, good: str) -> None:
    """A small set comes whole, in the order of its files."""
    (tmp_path / "x.yaml").write_text(good)
    dataset = read([tmp_path])
    assert list(dataset.sources) == ["article"]
    assert dataset.types["irgc"] == "PublicBody"
    assert [claim.predicate for claim in dataset.claims] == ["supplies", "based_in"]
    assert dataset.judgements == ()


def test_read_raises_all_faults(tmp_path: Path, good: str) -> None:
    """A set with faults gives nothing but its faults."""
    (tmp_path / "x.yaml").write_text(good.replace("irgc, item", "igrc, item"))
    with pytest.raises(DatasetFaults) as error:
        read([tmp_path])
    assert "igrc" in str(error.value.faults[0])
