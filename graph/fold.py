"""The folded form of a text: what search compares, on both sides.

Folding removes case, accents, width, punctuation and the characters that only decorate a word, such
as the vowel signs of Arabic (harakat) and its stretching stroke (tatweel). Letters of Arabic script
that keyboards and languages write differently fold as in the search rules of CLDR (root collation,
type `search`) and, for those of Persian and Urdu, as in Lucene's `PersianNormalizer`; Latin letters
without a decomposition, such as ø and ł, as in CLDR's transform `Latin-ASCII`; digits of any script
by their value.

Each character folds by itself, so the fold of a word does not depend on the words around it. What
stands between two letters may separate words or belong to one (Isma'il, I.R.G.C., a Persian word
with a joiner), so a text with such a separator has two forms: its parts apart, and as one word.
The pages fold in the browser by the same tables (`viz/static/fold.js`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

#: CLDR: letters lose the hamza that sits on them, as others lose an accent; the rest is here.
#: Lucene: the forms of yeh and heh, and keheh for kaf. Here each becomes the Persian letter.
_ARABIC = dict(zip("كيىےہة", "کیییهه", strict=True))

#: CLDR's `Latin-ASCII` for the letters that NFKD leaves whole, results in lower case.
_LATIN = {
    letter: result
    for result, letters in {
        "0": "〇",
        "a": "ᴀᶏⱥ",
        "aa": "ꜳ",
        "ae": "æᴁ",
        "ao": "ꜵ",
        "au": "ꜷ",
        "av": "ꜹꜻ",
        "ay": "ꜽ",
        "b": "ƀƃɓʙᴃᵬᶀ",
        "c": "ƈȼɕᴄꞓ",
        "d": "ðđƌȡɖɗᴅᴆᵭᶁᶑꝱꝺ",
        "db": "ȸ",
        "dz": "ʣʥ",
        "e": "ɇɛᴇᶒᶓⱸ",
        "f": "ƒᵮᶂꜰꝼ",
        "g": "ǥɠɡɢʛᶃꞡ",
        "h": "ħɦɧʜⱨ",
        "hv": "ƕ",
        "i": "ıɨɪᵻᶖ",
        "j": "ȷɉɟʝᴊ",
        "k": "ƙᴋᶄⱪꝁꝃꝅꞣ",
        "l": "łƚȴɫɬɭʟᴌᶅⱡꝇꝉꝲ",
        "ll": "ỻ",
        "ls": "ʪ",
        "lz": "ʫ",
        "m": "ɱᴍᵯᶆꝳ",
        "n": "ŋƞȵɲɳɴᵰᶇꝴꞑꞥ",
        "o": "øᴏⱺꝋꝍ",
        "oe": "œɶ",
        "oi": "ƣ",
        "oo": "ꝏ",
        "p": "ƥᴘᵱᵽᶈꝑꝓꝕ",
        "q": "ĸʠꝗꝙ",
        "qp": "ȹ",
        "r": "ɍɼɽɾʀᵲᵳᶉꝵꝶꞧ",
        "s": "ȿʂᵴᶊẜẝꜱꞩ",
        "t": "ŧƫƭȶʈᴛᵵⱦꝷꞇ",
        "th": "þᵺꝥꝧ",
        "ts": "ʦ",
        "u": "ʉᴜᵾᶙ",
        "ue": "ᵫ",
        "v": "ʋᴠᶌỽⱱⱴꝟ",
        "vy": "ꝡ",
        "w": "ᴡⱳ",
        "x": "ᶍ",
        "y": "ƴɏʏỿ",
        "z": "ƶȥɀʐʑᴢᵶᶎⱬ",
    }.items()
    for letter in letters
}

#: What single letters fold to.
LETTERS = _ARABIC | _LATIN

#: What a character folds to, by its general category; any other category is kept. Modifiers,
#: marks and format characters belong to a word and go; what separates words becomes a space.
CATEGORIES = {
    **dict.fromkeys(["Cf", "Cn", "Co", "Cs", "Lm", "Me", "Mn", "No", "Sc", "Sk"], ""),
    **dict.fromkeys(["Cc", "Mc", "Zl", "Zp", "Zs"], " "),
    **dict.fromkeys(["Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sm", "So"], " "),
}

_ZWNJ = "\u200c"

#: Signs of trade marks, which NFKC would make letters of, and accents without a letter, which it
#: would make a space of: they are typed for an apostrophe (O´Brien).
SIGNS = dict.fromkeys("™℠🅪🅫🅬", "®") | dict.fromkeys(
    "¨¯´¸˘˙˚˛˜˝΄΅᾽᾿῀῁῍῎῏῝῞῟῭΅´῾‗‾゛゜﹉﹊﹋﹌￣", "'"
)
_SIGNS = str.maketrans(SIGNS)

#: What may separate the parts of a word: whatever is no letter between two letters, and a space
#: after a dot between two single ones (J. R. Smith).
_SEPARATORS = re.compile(
    r"(?<=[^\W_])(?:[^\w\s]|_)+(?=[^\W_])|(?<![^\W_]{2})(?<=[^\W_])\.\s(?=[^\W_](?![^\W_]))"
)

#: Han, kana and Hangul: written without spaces, or sought by a part of a word.
_APART = re.compile("([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff])")


class _Characters(dict[int, str]):
    """What each code point folds to, in the form that `str.translate` reads."""

    #: Many more than any text of ours has, and few enough for the memory of a server.
    _LIMIT = 2**15

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if category == "Nd":
            result = str(unicodedata.digit(char))
        else:
            result = LETTERS.get(char) or CATEGORIES.get(category, char)
        if len(self) < self._LIMIT:
            self[code] = result
        return result


_CHARACTERS = _Characters()


def fold(text: str) -> str:
    """Return the folded form: lower case, no accents, no punctuation, single spaces; or empty.

    The joiner that separates the parts of a Persian word (ZWNJ) becomes a space, as many type it.
    """
    return _fold(_composed(text))


def folds(text: str) -> list[str]:
    """Return the folded forms that a text is searched by, each once; none if it has no letters.

    The first is `fold`. A text with a separator inside a word has a second one without it.
    """
    plain = _composed(text)
    forms = [_fold(plain), _fold(_SEPARATORS.sub(_marks, plain))]
    return [form for form in dict.fromkeys(forms) if form]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_SIGNS)).casefold()


def _marks(separator: re.Match[str]) -> str:
    """Return the vowel signs and accents that stand among separators: they belong to a letter."""
    return "".join(char for char in separator[0] if unicodedata.category(char)[0] == "M")


def _fold(composed: str) -> str:
    # Case folding leaves Cherokee in capitals.
    plain = unicodedata.normalize("NFKD", composed.replace(_ZWNJ, " ").lower())
    # Hangul is searched by the syllable, and NFKD has taken it apart.
    return " ".join(unicodedata.normalize("NFC", plain.translate(_CHARACTERS)).split())


def apart(folded: str) -> str:
    """Return a folded text with each Han, kana and Hangul character as a word by itself.

    So the index holds such a text, and finds any part of it, a single character among them.
    """
    return " ".join(_APART.sub(r" \1 ", folded).split()) if _APART.search(folded) else folded


def words(text: str) -> list[str]:
    """Return the words of a text as `search_text` has them: a Chinese one with its signs apart."""
    return [apart(word) for word in fold(text).split()]


def search_text(texts: Iterable[str]) -> str:
    """Return what the index holds of a record's texts: their folded forms, one a line."""
    return "\n".join(apart(form) for text in texts for form in folds(text))
