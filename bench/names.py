"""Made-up names in four scripts: the same number gives the same name, and no two are alike."""

from __future__ import annotations

_LATIN = ("ka", "ro", "ten", "vi", "sor", "mel", "ad", "qui", "bra", "lun", "ost", "fe", "gan",
          "hir", "jol", "nav")  # fmt: skip
_CHINESE = "华天地宇视科云安海康信达东方网智通联创新光明中星"
_PERSIAN = ("آر", "با", "تی", "دا", "را", "سپ", "شه", "فن", "کا", "گل", "ما", "نو", "وی", "هم",
            "یا", "پر")  # fmt: skip
_CYRILLIC = ("ва", "бел", "до", "зор", "ки", "лад", "мир", "нов", "пет", "рус", "сав", "тем",
             "фёд", "хол", "чер", "яр")  # fmt: skip


def latin(number: int) -> str:
    """A name in Latin letters."""
    return _spell(_LATIN, number).capitalize()


def other(number: int) -> tuple[str, str] | None:
    """The same entity's name in another script, with its language; two in five have none."""
    match number % 5:
        case 0:
            return _spell(_CHINESE, number), "zh"
        case 1:
            return _spell(_PERSIAN, number), "fa"
        case 2:
            return _spell(_CYRILLIC, number).capitalize(), "ru"
    return None


def _spell(syllables: str | tuple[str, ...], number: int) -> str:
    """Write a number with syllables as digits, and at least three of them."""
    base = len(syllables)
    digits: list[str] = []
    while number or len(digits) < 3:
        number, digit = divmod(number, base)
        digits.append(syllables[digit])
    return "".join(digits)
