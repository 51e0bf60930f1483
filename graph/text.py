"""The text of a source: its normal form, places in it, and a store of texts.

Offsets and hashes are of the normal form: NFC, each run of white space (non-breaking spaces
among it) one space, and paragraphs that are the lines (of str.splitlines) which then hold
something. A place is a paragraph counted from 1 and a half-open range of code points in it. See
domain.md, "Evidence without copying".
"""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256 as hash_sha256
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, NamedTuple

from rapidfuzz import fuzz

from graph.errors import BadText

_BYTE_ORDER_MARK = "\ufeff"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Text:
    """A text in normal form, as `normalise` returns its paragraphs."""

    paragraphs: tuple[str, ...]

    @cached_property
    def normal_form(self) -> str:
        """The paragraphs, each a line, without a line end after the last."""
        return "\n".join(self.paragraphs)

    @cached_property
    def sha256(self) -> str:
        """The hash of the normal form in UTF-8."""
        return digest(self.normal_form)

    @cached_property
    def starts(self) -> list[int]:
        """Where each paragraph starts in the normal form."""
        return list(accumulate((len(words) + 1 for words in self.paragraphs[:-1]), initial=0))

    @cached_property
    def folded(self) -> tuple[str, list[int]]:
        """The normal form as `fold_typography` returns it."""
        return fold_typography(self.normal_form)

    @cached_property
    def without_hyphenation(self) -> tuple[str, list[int]]:
        """The same without the hyphens inside words, at which a line may have ended."""
        form, origins = self.folded
        hyphens = {match.start() for match in _HYPHEN.finditer(form)}
        places = [place for place in range(len(form)) if place not in hyphens]
        return "".join(form[place] for place in places), [origins[place] for place in places]


class Location(NamedTuple):
    """A place in a text: the passage from `start` up to `end` of a paragraph, and its hash."""

    paragraph: int
    start: int
    end: int
    sha256: str


def normalise(raw: str) -> tuple[str, ...]:
    """Return the paragraphs of the normal form; empty if the text holds only white space.

    Raises `BadText` for a lone surrogate, which no UTF-8 file can hold.
    """
    try:
        raw.encode()
    except UnicodeEncodeError as error:
        raise BadText(f"Character {error.start} is half of a surrogate pair, no text.") from None
    lines = unicodedata.normalize("NFC", raw).splitlines()
    # str.split without a separator splits at every white space of Unicode, U+00A0, U+2007 and
    # U+202F included.
    paragraphs = (" ".join(line.split()) for line in lines)
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def read(path: Path) -> Text:
    """Read a UTF-8 file, with or without a byte order mark, as a text in normal form.

    Raises `BadText` with the byte offset where the file is not UTF-8, and if it cannot be read or
    holds no text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadText(f"{path} cannot be read: {error.strerror}.") from error
    text = Text(normalise(decode(data, str(path))))
    if not text.paragraphs:
        raise BadText(f"{path} holds no text.")
    return text


def decode(data: bytes, name: str) -> str:
    """Return a text in UTF-8 without a byte order mark. Raises `BadText` with the byte offset."""
    try:
        return data.decode().removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        where = f"byte {data[error.start]:#04x} at offset {error.start}"
        reason = f"{name} is not UTF-8: {where} ({error.reason}). Save it as UTF-8."
        raise BadText(reason) from error


def digest(passage: str) -> str:
    """Return the SHA-256 of a passage in UTF-8, as 64 hexadecimal digits."""
    return hash_sha256(passage.encode()).hexdigest()


def passage(text: Text, paragraph: int, start: int, end: int) -> str:
    """Return the passage at a place; raises `BadText` if the place is outside or empty."""
    count = len(text.paragraphs)
    if not 1 <= paragraph <= count:
        raise BadText(f"There is no paragraph {paragraph}: the text has {count}.")
    words = text.paragraphs[paragraph - 1]
    if not 0 <= start < end <= len(words):
        length = f"paragraph {paragraph} has {len(words)} characters"
        raise BadText(f"{start} to {end} is outside or empty: {length}.")
    return words[start:end]


def verify(text: Text, paragraph: int, start: int, end: int, sha256: str) -> str:
    """Return the passage at a place if it has the hash.

    Raises `BadText`, which tells a place outside the text from a passage that has changed.
    """
    actual = passage(text, paragraph, start, end)
    if digest(actual) != sha256:
        where = f"paragraph {paragraph}, characters {start} to {end}"
        raise BadText(f"The passage at {where} does not have the hash {sha256}: the text differs.")
    return actual


def locate(text: Text, needle: str) -> list[tuple[Location, ...]]:
    """Return every place of a passage, in the order of the text; places may overlap.

    A passage that goes over the end of a paragraph has a location in each. Where the text does not
    have exactly these words, those count that differ in quotation marks, dashes, blanks and line
    ends alone; then those that differ in the hyphens of words as well, as a PDF has them where a
    line ended. Raises `BadText` for a passage without words, and if there is none, then with the
    nearest one.
    """
    words = "\n".join(normalise(needle))
    folded = fold_typography(words)[0].strip()
    if not folded.strip("-"):
        raise BadText("A passage has at least one word.")
    whole = text.normal_form
    spans = [(start, start + len(words)) for start in _starts(whole, words)]
    if not spans:
        form, origins = text.folded
        ends = [(start, start + len(folded) - 1) for start in _starts(form, folded)]
        if not ends:
            (form, origins), folded = text.without_hyphenation, _HYPHEN.sub("", folded)
            ends = [(start, start + len(folded) - 1) for start in _starts(form, folded)]
        spans = [(origins[first], origins[last] + 1) for first, last in ends]
    if not spans:
        raise BadText(f"The passage is not in the text. {_nearest(text, words)}")
    return [_locations(text, start, end) for start, end in spans]


def fold_typography(text: str) -> tuple[str, list[int]]:
    """Return a text with quotation marks, dashes and blanks in one form, and where each was.

    A run of dashes, with the blanks around it, is one dash; a run of blanks is one. Ligatures and
    wide letters are plain (NFKC), and what only tells where a word may break is left out. The list
    has, for each character of the result, the index of the one that it comes from.
    """
    result: list[str] = []
    origins: list[int] = []
    for match in _PLAIN_OR_ANY.finditer(text):
        start, end = match.span()
        if end > start + 1:
            result.append(match[0])
            origins += range(start, end)
            continue
        for part in _FOLDED[match[0]]:
            if part in " -" and result and result[-1] in " -":
                if part == " " or result[-1] == "-":
                    continue
                result[-1], origins[-1] = part, start
            else:
                result.append(part)
                origins.append(start)
    return "".join(result), origins


#: A hyphen between two letters.
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
#: Two or more characters that are themselves in `fold_typography`, or any single one.
_PLAIN_OR_ANY = re.compile(r"[!-,.-_a-z]{2,}|.", re.DOTALL)


class _Typography(dict[str, str]):
    """What each character is in `fold_typography`."""

    def __missing__(self, char: str) -> str:
        form = char if char in _TYPOGRAPHY else unicodedata.normalize("NFKC", char)
        plain = "".join(_TYPOGRAPHY.get(c, c) for c in form)
        self[char] = " ".join(plain.split()) or (" " if plain else "")
        return self[char]


_TYPOGRAPHY = {
    **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    # A soft hyphen, a zero-width space and a word joiner.
    **dict.fromkeys("\u00ad\u200b\u2060", ""),
}
_FOLDED = _Typography()


def _starts(words: str, needle: str) -> Iterator[int]:
    start = words.find(needle)
    while start >= 0:
        yield start
        start = words.find(needle, start + 1)


def _locations(text: Text, start: int, end: int) -> tuple[Location, ...]:
    """Return the part in each paragraph of a span of the normal form."""
    locations = []
    for index in range(bisect_right(text.starts, start) - 1, bisect_left(text.starts, end)):
        words, offset = text.paragraphs[index], text.starts[index]
        first, last = max(start - offset, 0), min(end - offset, len(words))
        locations.append(Location(index + 1, first, last, digest(words[first:last])))
    return tuple(locations)


def _nearest(text: Text, needle: str) -> str:
    """Say where the text comes nearest, in numbers and in its own words."""
    best, number, start, end = 0.0, 0, 0, 0
    for index, words in enumerate(text.paragraphs, 1):
        if place := fuzz.partial_ratio_alignment(needle, words):
            # A paragraph that is shorter than the passage may be a part of it by chance.
            score = place.score * min(1.0, len(words) / len(needle))
            if score > best:
                best, number, start, end = score, index, place.dest_start, place.dest_end
    if not number:
        return "No paragraph resembles it."
    words = text.paragraphs[number - 1][start:end]
    return f"The nearest is paragraph {number}, characters {start} to {end}: {words!r}."


class TextDraft:
    """A text that is made of paragraphs in normal form, one by one: written, or only hashed."""

    def __init__(self, file: BinaryIO | None = None) -> None:
        self._file, self._hash = file, hash_sha256()
        self.count = 0
        self.kept = False

    def add(self, paragraph: str) -> int:
        """Add a paragraph, and return its number."""
        data = f"\n{paragraph}".encode() if self.count else paragraph.encode()
        self._hash.update(data)
        if self._file is not None:
            self._file.write(data)
        self.count += 1
        return self.count

    @property
    def sha256(self) -> str:
        """The hash of what was added."""
        return self._hash.hexdigest()

    def keep(self) -> None:
        """Have it stored."""
        self.kept = True


class TextStore:
    """A folder of texts, each a file `<sha256>.txt` in normal form that only its owner can read.

    The folder is made by the first `add`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, text: Text) -> str:
        """Write the text, whole or not at all, and return its hash. Replaces a damaged file."""
        path = self._path(text.sha256)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes a file of mode 0600.
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.normal_form.encode())
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return text.sha256

    @contextmanager
    def draft(self) -> Iterator[TextDraft]:
        """Yield a text to write, which is stored if its `keep` is called, and else is gone."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                draft = TextDraft(file)
                yield draft
                file.flush()
                os.fsync(file.fileno())
            if draft.kept:
                os.replace(name, self._path(draft.sha256))
        finally:
            Path(name).unlink(missing_ok=True)

    def get(self, sha256: str) -> Text | None:
        """Return the text with that hash, or `None` if it is not held.

        Raises `BadText` for what is no hash, and for a file that is not what its name says.
        """
        path = self._path(sha256)
        if not os.path.lexists(path):
            return None
        if not _is_ordinary(path):
            raise BadText(f"{path} is no ordinary file: remove it, and add the text again.")
        text = read(path)
        if text.sha256 != sha256:
            raise BadText(f"{path} is damaged: its text has the hash {text.sha256}. Add it again.")
        return text

    @property
    def revision(self) -> str:
        """A text that is another one as soon as a text was added, replaced or taken away."""
        try:
            return format(self._folder.stat().st_mtime_ns, "x")
        except FileNotFoundError:
            return "0"

    def __contains__(self, sha256: object) -> bool:
        """Say whether a file of that name is there; only `get` reads it."""
        return _is_hash(sha256) and _is_ordinary(self._path(str(sha256)))

    def _path(self, sha256: str) -> Path:
        if not _is_hash(sha256):
            raise BadText(f"{sha256!r} is no SHA-256: 64 hexadecimal digits in lower case.")
        return self._folder / f"{sha256}.txt"


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def _is_ordinary(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
