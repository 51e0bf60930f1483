"""Rows as an Excel workbook (Office Open XML), by openpyxl: the same rows give the same bytes.

A cell of text is never a formula, whatever it begins with. Days are text, since Excel has none
before 1900.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.writer.excel import ExcelWriter

#: The most characters of a cell in Excel, and what stands at the end of a longer text.
_LONGEST_CELL = 32_767
_CUT = " (cut: a cell of Excel ends here)"
#: The time of every part: that of writing would change the bytes.
_TIME = datetime(1980, 1, 1)


class _Archive(ZipFile):
    """A zip file whose parts have no time of their own."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        """Add a part."""
        super().writestr(ZipInfo(zinfo_or_arcname), data, ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """Add a file."""
        with open(filename, "rb") as file:
            self.writestr(arcname, file.read())


class Sheet:
    """A workbook with one sheet; the first row has the names of the columns."""

    def __init__(self, names: Sequence[str]) -> None:
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Sightlines")
        self._sheet.freeze_panes = "A2"
        self.append(names)

    def append(self, cells: Sequence[Any]) -> None:
        """Write a row of None, texts, numbers and booleans."""
        self._sheet.append([self._text(it) if isinstance(it, str) else it for it in cells])

    def _text(self, text: str) -> Cell:
        # Excel has no control characters but tab and line ends.
        text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
        if len(text) > _LONGEST_CELL:
            text = text[: _LONGEST_CELL - len(_CUT)] + _CUT
        cell = WriteOnlyCell(self._sheet, text)
        cell.data_type = "s"
        return cell

    def save(self, file: IO[bytes]) -> None:
        """Write the workbook."""
        self._book.properties.created = self._book.properties.modified = _TIME
        with _Archive(file, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(self._book, archive).save()
