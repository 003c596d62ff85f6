"""The Word file as LibreOffice lays it out, beside the PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pytest

from dossiers import word
from dossiers.models import Document
from dossiers.rendering import lay_out
from dossiers.specimens import specimens
from tests.dossiers.cases import KINDS, page
from tests.dossiers.office import pages_by_libreoffice
from tests.dossiers.poppler import Sheet, Word, fonts_of, sheets_of

# Specimens, and samples with other words: what is sure to fill its pages otherwise.
PAGES = {
    specimen.name: specimen.html()
    for specimen in specimens()
    if specimen.kind not in Document.BOUND
} | {f"sample-{kind}": page(kind) for kind in KINDS}
# Where tables differ by a hair, a word may stand elsewhere in its cell.
PLAIN = ("letter", "report", "collective", "decision", "dispatch")
# The least number of words before the first table.
LETTERHEAD = 10
MARGIN = 20.0


@dataclass(frozen=True)
class Pair:
    """One document twice: by LibreOffice out of its Word file, and printed."""

    name: str
    written: bytes

    @cached_property
    def mine(self) -> list[Sheet]:
        return sheets_of(self.written)

    @cached_property
    def theirs(self) -> list[Sheet]:
        return sheets_of(lay_out(PAGES[self.name]).pdf())


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Pair]:
    """All of them, in one run of LibreOffice."""
    files = {name: word.docx(page) for name, page in PAGES.items()}
    made = pages_by_libreoffice(files, tmp_path_factory.mktemp("word"))
    return {name: Pair(name, pdf) for name, pdf in made.items()}


@pytest.mark.xdist_group("libreoffice")
class TestByLibreOffice:
    @pytest.mark.parametrize("name", PAGES)
    def test_it_has_as_many_pages_as_the_pdf(self, name: str, pairs: Mapping[str, Pair]) -> None:
        pair = pairs[name]
        assert abs(len(pair.mine) - len(pair.theirs)) <= 1

    @pytest.mark.parametrize("name", PAGES)
    def test_its_pages_are_numbered_and_turned_alike(
        self, name: str, pairs: Mapping[str, Pair]
    ) -> None:
        """From 2 in the middle of the upper margin; an appendix begins anew, across or upright."""
        pair = pairs[name]
        mine, theirs = (runs_of(sheets) for sheets in (pair.mine, pair.theirs))
        assert [direction for direction, _ in mine] == [direction for direction, _ in theirs]
        for (_, numbers), (_, printed) in zip(mine, theirs, strict=True):
            assert numbers == ["", *map(str, range(2, len(numbers) + 1))]
            assert abs(len(numbers) - len(printed)) <= 1

    @pytest.mark.parametrize("name", PAGES)
    def test_its_first_page_begins_alike(self, name: str, pairs: Mapping[str, Pair]) -> None:
        """
        A word of page one stands where it does in print; or at least one above the table.

        A hair may decide whether a word ends one line or begins the next, now and then.
        """
        mine, theirs = (sheets[0].words for sheets in (pairs[name].mine, pairs[name].theirs))
        end = min(max(word_.bottom for word_ in words) for words in (mine, theirs))
        if not name.removeprefix("sample-").startswith(PLAIN):
            end = theirs[LETTERHEAD].bottom
        compared = [word_ for word_ in theirs if word_.bottom <= end]
        assert len(compared) >= LETTERHEAD
        astray = [p for p in compared if not any(stands_alike(word_, p) for word_ in mine)]
        assert len(astray) <= len(compared) / 10, astray

    @pytest.mark.parametrize("name", PAGES)
    def test_its_signatures_have_company(self, name: str, pairs: Mapping[str, Pair]) -> None:
        """The page on which somebody signs has words of the text above the first of them."""
        texts = [" ".join(sheet.lines[1:3]) for sheet in pairs[name].mine[1:]]
        assert not any(text.startswith(("Nơi nhận", "KT.", "TM.", "NGƯỜI")) for text in texts)

    @pytest.mark.parametrize("name", PAGES)
    def test_its_type_is_that_of_the_decree(self, name: str, pairs: Mapping[str, Pair]) -> None:
        """Liberation Serif stands for Times New Roman where that is not installed."""
        names = {row[0].split("+")[-1] for row in fonts_of(pairs[name].written)}
        assert names
        assert all(font.startswith(("LiberationSerif", "TimesNewRoman")) for font in names)


def stands_alike(mine: Word, theirs: Word) -> bool:
    """Within a millimetre and a half aside, three up and down."""
    return (
        mine.text == theirs.text
        and abs(mine.left - theirs.left) <= 1.5
        and abs(mine.bottom - theirs.bottom) <= 3
    )


def runs_of(sheets: list[Sheet]) -> list[tuple[bool, list[str]]]:
    """Pages that are counted together: whether they lie across, and their numbers."""
    found: list[tuple[bool, list[str]]] = []
    for sheet in sheets:
        number = " ".join(word.text for word in sheet.words if word.bottom < MARGIN)
        if not number:
            found.append((sheet.width > sheet.height, []))
        found[-1][1].append(number)
    return found
