"""The order of the Vietnamese alphabet and its tones, search, numbers and dates."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from emulation.models import Individual, Unit
from emulation.vietnamese import (
    fold,
    long_date,
    name_sort_key,
    number,
    search_text,
    short_date,
    sort_key,
)
from tests.conftest import People
from tests.factories import make_individual, make_unit

# Written out by hand, so that nothing is taken from the code that is tested: each vowel with the
# tones level, huyền, hỏi, ngã, sắc, nặng.
VOWELS = (
    "aàảãáạ ăằẳẵắặ âầẩẫấậ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ".split()
)
LETTERS = "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z".split()
PLACE = {letter: (LETTERS.index(letter), 0) for letter in LETTERS} | {
    char: (LETTERS.index(row[0]), tone) for row in VOWELS for tone, char in enumerate(row)
}
Key = list[tuple[list[int], int]]


def by_hand(text: str) -> Key:
    """Syllable by syllable: the letters, then the one tone."""
    return [
        ([PLACE[c][0] for c in syllable], max(PLACE[c][1] for c in syllable))
        for syllable in text.lower().split()
    ]


@st.composite
def syllables(draw: st.DrawFn) -> str:
    letters = draw(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=5))
    vowels = [n for n, c in enumerate(letters) if any(c == row[0] for row in VOWELS)]
    if vowels:
        n = draw(st.sampled_from(vowels))
        row = next(row for row in VOWELS if row[0] == letters[n])
        letters[n] = draw(st.sampled_from(row))
    return "".join(letters)


names = st.lists(syllables(), min_size=1, max_size=4).map(" ".join)


@given(st.lists(names, max_size=8))
def test_texts_are_in_the_order_of_the_dictionary(texts: list[str]) -> None:
    assert [by_hand(t) for t in sorted(texts, key=sort_key)] == sorted(by_hand(t) for t in texts)


@given(names, names)
def test_case_and_unicode_form_do_not_count(one: str, other: str) -> None:
    decomposed = unicodedata.normalize("NFD", one)
    assert sort_key(decomposed) == sort_key(one) == sort_key(one.upper())
    assert (sort_key(one) < sort_key(other)) == (by_hand(one) < by_hand(other))


@given(st.text(max_size=60))
def test_any_text_has_a_key_that_every_collation_orders_alike(text: str) -> None:
    assert set(sort_key(text)) <= set("0123456789abcdef")


def test_the_whole_alphabet_and_the_tones() -> None:
    assert sorted(reversed(LETTERS), key=sort_key) == LETTERS
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(reversed(tones), key=sort_key) == tones


def test_letters_come_before_tones_and_syllables_before_what_follows() -> None:
    ordered = ["An", "An Bình", "Án An", "Ạn", "Ang", "Ăn", "Ân", "Ba"]
    assert sorted(reversed(ordered), key=sort_key) == ordered


def test_numbers_in_names_are_told_apart() -> None:
    ordered = ["Phòng số 1", "Phòng số 2", "Phòng số 9"]
    assert sorted(reversed(ordered), key=sort_key) == ordered


PEOPLE = [
    "Đặng Thị An", "Nguyễn An", "Nguyễn Văn An", "Nông Văn An", "Lê Án", "Lê Ẩn", "Vũ Ba",
    "Hoàng Bách", "Lê Dung", "Lê Dũng", "Lê Đung", "Lê Đức", "Trần Em", "Trần Ê", "Hồ Hoa",
    "Hồ Hoà", "Đỗ Oanh", "Đỗ Ông", "Đỗ Ơn", "Lò Thuý", "Lò Uyên", "Lò Ước", "Lò Ý", "Lò Yến",
]  # fmt: skip


def test_people_are_ordered_by_given_name() -> None:
    assert sorted(reversed(PEOPLE), key=name_sort_key) == sorted(
        PEOPLE, key=lambda n: by_hand(" ".join([n.split()[-1], *n.split()[:-1]]))
    )
    assert sorted(["Lê Văn Bình", "Vũ Thị An"], key=name_sort_key) == ["Vũ Thị An", "Lê Văn Bình"]


def test_the_database_in_use_orders_people_alike(people: People) -> None:
    unit = make_unit(people.agency)
    for name in sorted(PEOPLE):
        make_individual(unit, full_name=name)
    found = Individual.objects.filter(unit=unit).values_list("full_name", flat=True)
    assert list(found) == sorted(PEOPLE, key=name_sort_key)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Đặng", True),
        ("đặng", True),
        ("dang", True),
        ("DANG", True),
        ("hoa", True),
        ("hoà", True),
        ("hòa", True),
        (unicodedata.normalize("NFD", "Đặng Hòa"), True),
        ("hoa dang", True),
        ("sv-007", True),
        ("", True),
        ("đăng", False),
        ("hoá", False),
        ("dang lan", False),
        ("%", False),
        ("_", False),
    ],
)
def test_people_are_found_with_or_without_diacritics(
    people: People, query: str, found: bool
) -> None:
    person = make_individual(people.unit, full_name="Đặng Thị Hòa", staff_code="SV-007")
    assert Individual.objects.filter(pk=person.pk).matching(query).exists() == found


def test_units_are_found_with_or_without_diacritics(people: People) -> None:
    for query in ("cai cach", "Cải cách", "hanh chinh cai"):
        assert list(Unit.objects.matching(query)) == [people.unit]


@given(names)
def test_every_name_is_found_by_itself_folded_or_not(name: str) -> None:
    text = search_text(name)
    assert all(word in text for word in name.lower().split())
    assert all(word in text for word in fold(name).split())
    assert fold(name).isascii()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567.5, "1.234.567,5"),
        (Decimal("1234567.50"), "1.234.567,5"),
        ("0.3", "0,3"),
        (0, "0"),
        (Decimal("0.00"), "0"),
        (-1234, "-1.234"),
        (2530000, "2.530.000"),
        (Decimal("1E+3"), "1.000"),
        (None, ""),
        ("", ""),
    ],
)
def test_numbers(value: Decimal | float | str | None, text: str) -> None:
    assert number(value) == text


def test_dates() -> None:
    assert short_date(date(2024, 12, 31)) == short_date("2024-12-31") == "31/12/2024"
    assert long_date(date(2024, 1, 5)) == "ngày 05 tháng 01 năm 2024"
    assert long_date(date(2024, 3, 15)) == "ngày 15 tháng 3 năm 2024"
    assert long_date(date(2024, 2, 9)) == "ngày 09 tháng 02 năm 2024"
    assert short_date(None) == short_date("") == long_date(None) == ""


def test_an_instant_is_shown_as_the_day_that_it_is_here() -> None:
    """18:30 in UTC on the 31st is half past one on the 1st in Hà Nội."""
    at = datetime(2024, 12, 31, 18, 30, tzinfo=UTC)
    page = Template("{% load vietnamese %}{{ at|vdate }} {{ at|vdatetime }} {{ at|longdate }}")
    assert page.render(Context({"at": at})) == (
        "01/01/2025 01:30 01/01/2025 ngày 01 tháng 01 năm 2025"
    )
