"""How values are written that are more than text: the patterns, and what they are in words."""

from __future__ import annotations

from collections.abc import Mapping

HASH = "^[0-9a-f]{32}$"
#: A year from 0001 on, or a month of one.
MONTH = "^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2]))?$"
LANGUAGE = "^[a-z]{2,3}$"
COUNTRY = "^[A-Z]{2}$"
PAIR = "^[^,]+,[^,]+$"

#: What a value is that fits, for people.
WORDS: Mapping[str, str] = {
    HASH: "an id of 32 digits and small letters from a to f",
    LANGUAGE: "a language of two or three small letters, such as fa",
    COUNTRY: "a country in two capitals, such as IR",
    PAIR: "two ids with one comma between them, such as china,iran",
}
