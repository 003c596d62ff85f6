"""Vietnamese text: order of names, search, dates and numbers as an office writes them."""

import unicodedata
from datetime import date, datetime
from decimal import Decimal

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Dictionary order of the tones: level, huyền, hỏi, ngã, sắc, nặng.
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"


def _letters_and_tone(syllable: str) -> tuple[str, int]:
    letters: list[str] = []
    tone = 0
    for char in unicodedata.normalize("NFD", syllable.lower()):
        if char in TONES[1:]:
            tone = TONES.index(char)
        elif char in (_BREVE, _CIRCUMFLEX, _HORN) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + char)
        else:
            letters.append(char)
    return "".join(letters), tone


def _syllable_key(syllable: str) -> str:
    letters, tone = _letters_and_tone(syllable)
    return "".join(map(_letter_code, letters)) + f"01{tone:02x}"


def _letter_code(letter: str) -> str:
    """Signs, then digits, then letters of other alphabets, then ours."""
    if letter in ALPHABET:
        return f"{ALPHABET.index(letter) + 16:02x}"
    if letter in "0123456789":
        return f"{int(letter) + 3:02x}"
    return "0f" if letter.isalpha() else "02"


def sort_key(text: str) -> str:
    """A key of hexadecimal digits that orders `text` syllable by syllable: letters, then tones.

    Only 0-9a-f are used so that every database and collation orders the keys alike.
    """
    return "00".join(_syllable_key(s) for s in text.split())


def name_sort_key(full_name: str) -> str:
    """A key that lists people by given name, then family name, then middle names."""
    parts = full_name.split()
    return sort_key(" ".join([*parts[-1:], *parts[:-1]]))


def fold(text: str) -> str:
    """`text` in lower case without diacritics: "Đặng Ước" becomes "dang uoc"."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def search_text(*texts: str) -> str:
    """What is searched: each word as written, with its tone at the end, and folded."""
    written = " ".join(unicodedata.normalize("NFC", t).lower() for t in texts if t)
    toned = " ".join(filter(None, map(_tone_last, written.split())))
    return " ".join(filter(None, (written, toned, fold(written))))


def search_forms(word: str) -> list[str]:
    """How `word` may stand in a `search_text`: as typed, or with the tone mark elsewhere.

    "Hoà" and "Hòa" are one name; "hoa" finds both, for the text is also there folded.
    """
    typed = unicodedata.normalize("NFC", word).lower()
    return [form for form in (typed, _tone_last(typed)) if form]


def _tone_last(word: str) -> str:
    """hòa and hoà as "HOA^1"; capitals, so that "hoa" typed without a tone does not mean it."""
    letters, tone = _letters_and_tone(word)
    return f"{letters.upper()}^{tone}" if tone else ""


def number(value: Decimal | float | int | str | None) -> str:
    """1234567.5 as "1.234.567,5"; trailing zeros of the fraction are dropped."""
    if value is None or value == "":
        return ""
    text = f"{Decimal(str(value)):,f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    whole = whole.replace(",", ".")
    return f"{whole},{fraction}" if fraction else whole


def short_date(value: date | datetime | str | None) -> str:
    """31/12/2024; ISO strings are taken too, nothing gives ""."""
    day = _as_date(value)
    return day.strftime("%d/%m/%Y") if day else ""


def long_date(value: date | datetime | str | None) -> str:
    """ngày 05 tháng 01 năm 2024: a zero before days 1-9, months 1-2 (NĐ 30/2020, Phụ lục I)."""
    day = _as_date(value)
    if not day:
        return ""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _as_date(value: date | datetime | str | None) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value[:10]) if value else None
    return value
