"""A bound dossier: everything in it, in order, with the right page for each part."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageOps

from dossiers.binding import BindingError, Bound, Front, Medium, Part, bind
from dossiers.documents import html
from dossiers.rendering import render_pdf
from tests.dossiers import samples
from tests.dossiers.poppler import all_fonts_are_embedded, picture_of, sheets_of, text_of

Bind = Callable[[list[Part]], tuple[Bound, bytes]]


@cache
def paper(kind: str) -> bytes:
    return render_pdf(html(kind, samples.SAMPLES[kind]))


def front(context: Front) -> str:
    fixed = {"meta": samples.meta("Hồ sơ đề nghị khen thưởng"), "cover": samples.cover()}
    return html("dossier", {**fixed, **context})


def bound_of(parts: list[Part]) -> tuple[Bound, bytes]:
    target = BytesIO()
    return bind(parts, front, target), target.getvalue()


@pytest.fixture
def part(tmp_path: Path) -> Callable[..., Part]:
    """A part made of some content: a kind of paper, bytes of a PDF or an image."""

    def build(
        title: str, content: str | bytes, medium: Medium = Medium.PDF, level: int = 1
    ) -> Part:
        data = paper(content) if isinstance(content, str) else content
        path = tmp_path / f"{abs(hash((title, data)))}"
        path.write_bytes(data)
        return Part(title, medium, path, level, f"{title}.{medium.value}")

    return build


def blank(pages: int = 1, rotate: int = 0, size: tuple[float, float] = (595, 842)) -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=size)
        page.rotate(rotate, relative=False)
    stream = BytesIO()
    pdf.save(stream)
    return stream.getvalue()


def picture(width: int, height: int, kind: str = "JPEG", orientation: int = 1) -> bytes:
    image = Image.new("RGB", (width, height), "#336699")
    exif = image.getexif()
    exif[0x0112] = orientation
    stream = BytesIO()
    image.save(stream, kind, exif=exif)
    return stream.getvalue()


def outline_of(pdf: bytes) -> list[tuple[int, str, int]]:
    """The bookmarks: level, title, page from 1."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        numbers = {page.obj.objgen: n for n, page in enumerate(opened.pages, 1)}
        found: list[tuple[int, str, int]] = []

        def walk(items: list[pikepdf.OutlineItem], level: int) -> None:
            for item in items:
                assert isinstance(item.destination, pikepdf.Array)
                found.append((level, item.title, numbers[item.destination[0].objgen]))
                walk(item.children, level + 1)

        with opened.open_outline() as outline:
            walk(list(outline.root), 1)
        return found


def links_of(pdf: bytes) -> list[int]:
    """The pages that the links of the contents jump to, in order, without repetition."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        numbers = {page.obj.objgen: n for n, page in enumerate(opened.pages, 1)}
        links = [link for page in opened.pages for link in page.get("/Annots", [])]
        return list(dict.fromkeys(numbers[link.Dest[0].objgen] for link in links))


@pytest.fixture
def whole(part: Callable[..., Part]) -> tuple[list[Part], Bound, bytes]:
    parts = [
        part("Tờ trình", "letter"),
        part("Biên bản", "minutes"),
        part("Danh sách", "list"),
        Part("Báo cáo của cá nhân", Medium.HEADING),
        part("Báo cáo: Lý Thị Ánh Nguyệt", "report", level=2),
        part("Báo cáo: Nông Quốc Khánh", "report", level=2),
        Part("Tài liệu kèm theo", Medium.HEADING),
        part("Ảnh ngang", picture(400, 200), Medium.IMAGE, 2),
        part("Quyết định quét", blank(2, rotate=90), level=2),
        Part("Sáng kiến", Medium.WORD, None, 2, "Sáng kiến.docx"),
    ]
    return parts, *bound_of(parts)


def test_pages_are_those_of_the_front_and_of_every_part(
    whole: tuple[list[Part], Bound, bytes],
) -> None:
    parts, bound, pdf = whole
    own = sum(len(pikepdf.open(p.file).pages) for p in parts if p.medium is Medium.PDF)
    assert bound.pages == bound.front_pages + own + 2
    assert len(sheets_of(pdf)) == bound.pages


def test_each_part_starts_where_contents_bookmarks_and_links_say(
    whole: tuple[list[Part], Bound, bytes],
) -> None:
    parts, bound, pdf = whole
    pages = sheets_of(pdf)
    starts = dict(zip((p.title for p in parts), bound.starts, strict=True))
    assert "TỜ TRÌNH" in pages[starts["Tờ trình"] - 1].text
    assert "BIÊN BẢN" in pages[starts["Biên bản"] - 1].text
    assert "DANH SÁCH TRÍCH NGANG" in pages[starts["Danh sách"] - 1].text
    assert "BÁO CÁO THÀNH TÍCH" in pages[starts["Báo cáo: Nông Quốc Khánh"] - 1].text
    assert "Sáng kiến.docx" in pages[starts["Sáng kiến"] - 1].text
    assert starts["Báo cáo của cá nhân"] == starts["Báo cáo: Lý Thị Ánh Nguyệt"]

    contents = pages[1].lines
    assert contents[0] == "MỤC LỤC HỒ SƠ"
    assert contents[2:-1] == [f"{title} {start}" for title, start in starts.items()]
    assert outline_of(pdf) == [
        (1, "Bìa hồ sơ", 1),
        (1, "Mục lục", 2),
        *((p.level, p.title, starts[p.title]) for p in parts),
    ]
    assert links_of(pdf) == sorted(set(starts.values()))


def test_every_page_but_the_cover_bears_its_number(
    whole: tuple[list[Part], Bound, bytes],
) -> None:
    _, bound, pdf = whole
    cover, *others = sheets_of(pdf)
    assert "của hồ sơ" not in cover.text
    for number, page in enumerate(others, 2):
        assert f"Trang {number}/{bound.pages} của hồ sơ" in page.text


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(595, 842), (842, 595)])
def test_the_number_stands_at_the_foot_as_the_page_is_seen(
    part: Callable[..., Part], angle: int, size: tuple[int, int]
) -> None:
    _, pdf = bound_of([part("Quét", blank(rotate=angle, size=size))])
    seen = picture_of(pdf, 3)
    box = ImageOps.invert(seen).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert (left + right) / 2 == pytest.approx(seen.width / 2, abs=2)
    assert seen.height - 14 < top < bottom < seen.height - 4


def test_fonts_are_embedded_and_text_is_text(whole: tuple[list[Part], Bound, bytes]) -> None:
    *_, pdf = whole
    assert all_fonts_are_embedded(pdf)
    text = text_of(pdf)
    assert "HỒ SƠ ĐỀ NGHỊ KHEN THƯỞNG" in text
    assert "Tài liệu đính kèm dạng Word: Sáng kiến.docx" in text
    assert "Đặng Thị Ngọc Bích" in text


def test_readers_open_it_with_bookmarks_and_title(whole: tuple[list[Part], Bound, bytes]) -> None:
    *_, pdf = whole
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert opened.Root.PageMode == "/UseOutlines"
        assert str(opened.Root.Lang) == "vi"
        assert str(opened.docinfo["/Title"]) == "Hồ sơ đề nghị khen thưởng"
        assert opened.check_pdf_syntax() == []


@pytest.mark.parametrize("count", [1, 29, 31, 70, 140])
def test_contents_of_any_length_give_the_right_pages(part: Callable[..., Part], count: int) -> None:
    one = part("Văn bản", blank())
    parts = [
        Part(f"Văn bản số {n} có tên rất dài để tên này xuống dòng thứ hai", one.medium, one.path)
        for n in range(count)
    ]
    bound, pdf = bound_of(parts)
    assert bound.pages == bound.front_pages + count
    pages = sheets_of(pdf)
    fronts = [n for n, page in enumerate(pages, 1) if "Văn bản số" in page.text]
    assert fronts == list(range(2, bound.front_pages + 1))
    assert bound.starts == tuple(range(bound.front_pages + 1, bound.pages + 1))


@pytest.mark.parametrize(
    ("size", "orientation", "across"),
    [((300, 200), 1, True), ((200, 300), 1, False), ((300, 200), 6, False), ((200, 300), 8, True)],
)
def test_images_lie_as_they_were_held(
    part: Callable[..., Part], size: tuple[int, int], orientation: int, across: bool
) -> None:
    image = part("Ảnh", picture(*size, orientation=orientation), Medium.IMAGE)
    _, pdf = bound_of([image])
    page = sheets_of(pdf)[2]
    assert (page.width > page.height) is across


def test_the_same_parts_give_the_same_bytes(part: Callable[..., Part]) -> None:
    parts = [
        part("Tờ trình", "letter"),
        part("Ảnh", picture(200, 300, "PNG"), Medium.IMAGE),
        part("Quét", blank(2, 270)),
    ]
    assert bound_of(parts)[1] == bound_of(parts)[1]


def test_notes_and_form_fields_become_part_of_the_page(part: Callable[..., Part]) -> None:
    pdf = pikepdf.open(BytesIO(blank()))
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 100, 100],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.vn")),
    )
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])
    pdf.pages[0].AA = pikepdf.Dictionary()
    stream = BytesIO()
    pdf.save(stream)
    _, bound = bound_of([part("Có chú thích", stream.getvalue())])
    with pikepdf.open(BytesIO(bound)) as opened:
        assert "/Annots" not in opened.pages[2]
        assert "/AA" not in opened.pages[2]


def locked() -> bytes:
    stream = BytesIO()
    with pikepdf.open(BytesIO(blank())) as pdf:
        pdf.save(stream, encryption=pikepdf.Encryption(owner="a", user="b"))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "medium", "reason"),
    [
        (b"%PDF-1.4 nothing", Medium.PDF, "“Tệp.pdf” bị hỏng"),
        (locked(), Medium.PDF, "“Tệp.pdf” có mật khẩu"),
        (blank(0), Medium.PDF, "“Tệp.pdf” không có trang nào"),
        (picture(300, 200, "PNG")[:200], Medium.IMAGE, "“Tệp.image” bị hỏng"),
        (picture(3000, 2000)[:900], Medium.IMAGE, "“Tệp.image” bị hỏng"),
        (b"GIF89a", Medium.IMAGE, "“Tệp.image” bị hỏng"),
    ],
)
def test_what_cannot_be_bound_is_named(
    part: Callable[..., Part], content: bytes, medium: Medium, reason: str
) -> None:
    with pytest.raises(BindingError, match=reason):
        bound_of([part("Tệp", content, medium)])


def test_a_part_without_its_file_is_named() -> None:
    with pytest.raises(BindingError, match="Chưa có tệp của phần “Thiếu”"):
        bound_of([Part("Thiếu", Medium.PDF)])


def test_a_reader_finds_no_fault_in_it(
    whole: tuple[list[Part], Bound, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "bound.pdf"
    path.write_bytes(whole[2])
    said = subprocess.run(
        ["pdftotext", str(path), "-"], capture_output=True, text=True, check=True
    ).stderr
    assert said == ""


@pytest.mark.parametrize("count", [3, 31])
def test_the_cover_says_how_much_is_bound(part: Callable[..., Part], count: int) -> None:
    parts = [Part("Báo cáo thành tích", Medium.HEADING)]
    parts += [part(f"Báo cáo {n}", blank(n % 4 + 1), level=2) for n in range(count)]
    bound, pdf = bound_of(parts)
    cover = sheets_of(pdf)[0].text
    assert f"Hồ sơ gồm {count:02d} tài liệu, {bound.pages:02d} trang" in cover
