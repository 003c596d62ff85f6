"""Codes on issued papers: unlike each other, and no slip of the finger makes one of another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dossiers.codes import ALPHABET, LENGTH, grouped, new_code, read_code

codes = st.builds(lambda _: new_code(), st.integers())


def test_a_thousand_codes_are_a_thousand() -> None:
    found = {new_code() for _ in range(1000)}
    assert len(found) == 1000
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in found)
    assert not set("01ILO") & set(ALPHABET)


@given(codes)
def test_a_code_is_read_as_people_write_it(code: str) -> None:
    for typed in (code, code.lower(), grouped(code), f" {grouped(code)} ", grouped(code).lower()):
        assert read_code(typed) == code
    assert read_code(grouped(code).replace("-", " – ")) == code
    assert read_code(f"\u202a{grouped(code)}\u202c\u200b") == code
    assert grouped(code).count("-") == 2


@given(codes, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(code: str, place: int, sign: str) -> None:
    wrong = code[:place] + sign + code[place + 1 :]
    assert read_code(wrong) == ("" if wrong != code else code)


@given(codes, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_signs_that_changed_places_are_noticed(code: str, one: int, other: int) -> None:
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    wrong = "".join(signs)
    assert read_code(wrong) == ("" if wrong != code else code)


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    found = read_code(text)
    assert found == "" or len(found) == LENGTH
