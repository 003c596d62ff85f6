"""The layout of Nghị định 30/2020, measured on the finished page."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from dossiers.documents import html
from dossiers.rendering import RenderingError, lay_out, render_pdf
from dossiers.templatetags import paper
from tests.dossiers import samples
from tests.dossiers.poppler import Sheet, all_fonts_are_embedded, run, sheets_of, text_of

GOLDEN = Path(__file__).parent / "golden"
KINDS = sorted(samples.SAMPLES)
# The others have a first page of their own kind.
PAPERS = [kind for kind in KINDS if kind not in ("dossier", "signing")]


@cache
def made(kind: str) -> bytes:
    return render_pdf(html(kind, samples.SAMPLES[kind]))


@cache
def pages(kind: str) -> list[Sheet]:
    return sheets_of(made(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_as_it_was(kind: str) -> None:
    """UPDATE_GOLDEN=1 writes the files anew; the difference is then reviewed like any other."""
    path = GOLDEN / f"{kind}.html"
    found = html(kind, samples.SAMPLES[kind])
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_every_font_is_embedded(kind: str) -> None:
    assert all_fonts_are_embedded(made(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_title_author_and_language_are_set(kind: str) -> None:
    with pikepdf.open(BytesIO(made(kind))) as pdf:
        assert str(pdf.docinfo["/Title"]) == samples.SAMPLES[kind]["meta"]["title"]
        assert str(pdf.docinfo["/Author"]) == "Phòng Cải cách hành chính"
        assert str(pdf.Root.Lang) == "vi"


@pytest.mark.parametrize("kind", PAPERS)
def test_nation_and_motto_head_the_first_page(kind: str) -> None:
    text = pages(kind)[0].text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "SỞ NỘI VỤ TỈNH LẠNG SƠN" in text
    assert "PHÒNG CẢI CÁCH HÀNH CHÍNH" in text


def test_a_report_says_all_that_it_must() -> None:
    text = text_of(made("report"))
    assert "BÁO CÁO THÀNH TÍCH ĐỀ NGHỊ TẶNG GIẤY KHEN CỦA GIÁM ĐỐC SỞ NỘI VỤ" in text
    assert "Họ và tên: Lý Thị Ánh Nguyệt" in text
    assert "I. SƠ LƯỢC LÝ LỊCH" in text
    assert "II. THÀNH TÍCH ĐẠT ĐƯỢC" in text
    for n, heading in enumerate(samples.STATEMENTS, 1):
        assert f"{n}. {heading}" in text
    assert "- Tham mưu ban hành 12 kế hoạch" in text
    assert "+ Trong đó có 11 hồ sơ" in text


@pytest.mark.parametrize("kind", PAPERS)
def test_page_numbers_stand_top_centre_from_page_two_on(kind: str) -> None:
    first, *others = pages(kind)
    assert others, "the sample should have more than one page"
    assert all(word.top >= 19 for word in first.words)
    for number, page in enumerate(others, 2):
        [shown] = [word for word in page.words if word.bottom < 20]
        assert shown.text == str(number)
        middle = 30 + (page.width - 30 - 15) / 2
        assert (shown.left + shown.right) / 2 == pytest.approx(middle, abs=0.5)
        # Upright figures of 13 or 14 points: two of them would be as wide as the letter is high.
        assert shown.right - shown.left == pytest.approx(len(shown.text) * 14 / 2 / 72 * 25.4, 0.1)


@pytest.mark.parametrize("kind", PAPERS)
def test_text_keeps_within_the_margins(kind: str) -> None:
    for page in pages(kind):
        body = [word for word in page.words if word.top > 19]
        assert min(word.left for word in body) >= 30 - 0.1
        assert max(word.right for word in body) <= page.width - 15 + 0.6
        assert max(word.bottom for word in body) <= page.height - 20 + 1.5


def test_upright_and_across() -> None:
    assert (round(pages("report")[0].width), round(pages("report")[0].height)) == (210, 297)
    assert (round(pages("list")[0].width), round(pages("list")[0].height)) == (297, 210)


def test_first_lines_are_indented_by_one_and_a_quarter_centimetres() -> None:
    word = next(word for word in pages("report")[0].words if word.text == "Trong")
    assert word.left == pytest.approx(30 + 12.7, abs=0.2)


def test_a_long_table_repeats_its_head_on_every_page() -> None:
    assert len(pages("list")) > 2
    # The last page may hold nothing but the sum and the signatures.
    assert all("Tóm tắt thành tích" in page.text for page in pages("list")[:-1])


def test_rows_of_a_table_are_not_torn() -> None:
    shown = [page.text.count("Lý Thị Ánh Nguyệt") for page in pages("list")]
    whole = [page.text.count("bảo đảm chất lượng, tiến độ, hiệu quả.") for page in pages("list")]
    assert shown == whole


@pytest.mark.parametrize("people", range(4, 30, 2))
def test_signatures_never_stand_alone_on_a_page(people: int) -> None:
    last = sheets_of(render_pdf(html("letter", samples.letter(people))))[-1]
    assert "xem xét, quyết định./." in last.text
    assert "Đặng Thị Ngọc Bích" in last.text


@pytest.mark.parametrize("paragraphs", range(1, 7))
def test_all_signatures_of_a_report_stand_on_one_page_with_text(paragraphs: int) -> None:
    last = sheets_of(render_pdf(html("report", samples.report(paragraphs))))[-1].text
    before, _, after = last.partition("THỦ TRƯỞNG ĐƠN VỊ XÁC NHẬN")
    assert len(before.split()) > 5
    assert "XÁC NHẬN CỦA CẤP TRÌNH KHEN THƯỞNG" in after


def test_signers_names_stand_level() -> None:
    last = pages("minutes")[-1]
    secretary, chair = (
        next(word for word in reversed(last.words) if word.text == text) for text in ("Thuỷ", "Đức")
    )
    assert secretary.top == pytest.approx(chair.top, abs=0.1)
    assert secretary.left < chair.left


def test_a_deputy_signs_for_the_head() -> None:
    assert "KT. TRƯỞNG PHÒNG PHÓ TRƯỞNG PHÒNG Đặng Thị Ngọc Bích" in text_of(made("letter"))


def test_recipients_stand_left_of_the_signature_in_small_print() -> None:
    last = pages("letter")[-1]
    label = next(word for word in last.words if word.text == "nhận:")
    position = next(word for word in last.words if word.text == "KT.")
    assert label.left < position.left
    assert label.top == pytest.approx(position.top, abs=1.5)


def test_one_addressee_stands_on_the_line_of_the_address() -> None:
    assert "Kính gửi: Giám đốc Sở Nội vụ tỉnh Lạng Sơn." in text_of(
        render_pdf(html("letter", samples.letter(addressees=1)))
    )
    assert "- Giám đốc Sở Nội vụ tỉnh Lạng Sơn;" in text_of(made("letter"))


def test_grounds_are_in_italics_and_punctuated() -> None:
    text = text_of(made("letter"))
    assert "Căn cứ Luật Thi đua, khen thưởng;" in text
    assert "Căn cứ Kế hoạch số 173/KH-SNV ngày 12 tháng 7 năm 2024." in text
    assert "Italic" in run(made("letter"), "pdffonts", "FILE")


def test_minutes_bear_no_place_and_date_but_times_and_shares() -> None:
    text = text_of(made("minutes"))
    assert "Lạng Sơn, ngày" not in text
    assert "/BB-CCHC" in text
    assert "Thời gian bắt đầu: 14 giờ 00, ngày 01 tháng 8 năm 2025." in text
    assert "Cuộc họp kết thúc vào 16 giờ 30 phút cùng ngày." in text
    assert "87,5%" in text
    assert "Ông Lương Văn Sỹ (lý do: đi công tác)." in text


def test_unknown_days_and_numbers_are_left_blank_for_the_pen() -> None:
    draft = samples.letter()
    draft["header"] = samples.letterhead(symbol="TTr-CCHC", place="Lạng Sơn")
    text = text_of(render_pdf(html("letter", draft)))
    assert "Số: /TTr-CCHC" in text
    assert "Lạng Sơn, ngày tháng năm" in text


def test_what_people_typed_is_text_and_nothing_else() -> None:
    draft = samples.report(1)
    draft["applicant"][0][1] = '<img src="file:///etc/passwd"> & Đặng {{ meta }}'
    assert '<img src="file:///etc/passwd"> & Đặng {{ meta }}' in text_of(
        render_pdf(html("report", draft))
    )


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "https://example.vn/a.css"],
)
@pytest.mark.parametrize("tag", ['<img src="{}">', '<link rel="stylesheet" href="{}">'])
def test_no_address_is_fetched(address: str, tag: str) -> None:
    with pytest.raises(RenderingError, match="không được phép"):
        lay_out(f"<html><body>{tag.format(address)}</body></html>")


def test_numbers_are_printed_as_they_are() -> None:
    draft = samples.roll(1)
    draft["rating_year"] = 2024
    assert "Xếp loại năm 2024" in text_of(render_pdf(html("list", draft)))


MAKE_ALL = """
import hashlib, django
django.setup()
from dossiers.documents import html
from dossiers.rendering import render_pdf
from tests.dossiers.samples import SAMPLES
for kind in sorted(SAMPLES):
    print(hashlib.sha256(render_pdf(html(kind, SAMPLES[kind]))).hexdigest())
"""


def test_the_same_snapshot_gives_the_same_bytes_in_every_process_and_time_zone() -> None:
    here = [hashlib.sha256(render_pdf(html(kind, samples.SAMPLES[kind]))) for kind in KINDS]
    environment = os.environ | {
        "TZ": "America/New_York",
        "PYTHONHASHSEED": "7",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    elsewhere = subprocess.run(
        [sys.executable, "-c", MAKE_ALL],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert elsewhere.stdout.split() == [digest.hexdigest() for digest in here]


@pytest.mark.parametrize("words", range(6, 14))
@pytest.mark.parametrize("cls", ["subject", "scope"])
def test_a_line_before_a_span_of_time_is_as_full_as_before_one_long_word(
    cls: str, words: int
) -> None:
    text = "Phong trào thi đua" + " nữa" * words + " năm (28/8/1945 - 28/8/2025) và sau đó"

    def lines(content: str) -> list[str]:
        page = f'<html lang="vi"><body><p class="{cls}"><span>{content}</span></p></body></html>'
        found = run(render_pdf(page), "pdftotext", "-layout", "FILE", "-")
        plain = found.replace("\u2060", "").replace("\u00a0", " ")
        return [" ".join(line.split()) for line in plain.splitlines() if line.strip()]

    kept = lines(paper.spans(text))
    assert kept == lines(text.replace(" - ", "\u00a0-\u2060\u00a0"))
    assert any("(28/8/1945 - 28/8/2025)" in line for line in kept)
