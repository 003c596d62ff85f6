"""
What Nghị định 30/2020/NĐ-CP, Phụ lục I, says of page and blocks: points for type, mm for distances.

The same values stand in the print style sheet; a test lays out both and compares them.
"""

from __future__ import annotations

from dataclasses import dataclass

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
# Of this font: the height of a line that Word calls single.
SINGLE = 1.15

PAPER = (210.0, 297.0)
TOP, RIGHT, BOTTOM, LEFT = 20.0, 15.0, 20.0, 30.0
# The page number stands in the middle of the upper margin.
HEADER = 7.0

POINT = 25.4 / 72
INDENT = 12.7
GAP = 6.0


@dataclass(frozen=True)
class Look:
    """How one kind of paragraph looks; `name` is what Word shows in its list of styles."""

    name: str
    size: float = 14.0
    bold: bool = False
    italic: bool = False
    align: str = "both"
    indent: float = 0.0
    before: float = 0.0
    after: float = 0.0
    sides: float = 0.0
    line: float = 1.25
    keep: bool = False
    rule: str = ""
    colour: str = "000000"


def heading(name: str) -> Look:
    return Look(name, bold=True, indent=INDENT, before=GAP, keep=True)


LOOKS: dict[str, Look] = {
    "Normal": Look("Normal", indent=INDENT, before=GAP),
    "Heading1": Look("Heading 1", bold=True, align="center", before=12, keep=True),
    "Heading2": heading("Heading 2"),
    "Heading3": heading("Heading 3"),
    "Heading4": heading("Heading 4"),
    "Header": Look("Header", align="center", line=SINGLE),
    "Centred": Look("Căn giữa", align="center", before=GAP),
    "Superior": Look("Cơ quan chủ quản", 12, align="center", sides=2),
    "Agency": Look("Cơ quan ban hành", 12, bold=True, align="center", sides=2, rule="part"),
    "Nation": Look("Quốc hiệu", 12, bold=True, align="center"),
    "Motto": Look("Tiêu ngữ", 13, bold=True, align="center", rule="whole"),
    "Number": Look("Số, ký hiệu", 13, align="center"),
    "Dated": Look("Địa danh, ngày tháng", italic=True, align="center"),
    "About": Look("Về việc", 12, align="center", before=GAP, sides=4, line=SINGLE),
    "Urgency": Look("Mức độ khẩn", 13, bold=True, align="center", before=GAP, colour="CC0000"),
    "Decision": Look("Quyết định", bold=True, align="center", before=10, after=10, keep=True),
    "Subject": Look("Trích yếu", bold=True, align="center", after=12, sides=8, keep=True,
                    rule="part"),
    "Scope": Look("Phạm vi thành tích", italic=True, align="center", after=10, sides=8),
    "To": Look("Kính gửi", align="left"),
    "Basis": Look("Căn cứ", italic=True, indent=INDENT, before=GAP),
    "Item": Look("Gạch đầu dòng", indent=INDENT, before=GAP),
    "Caption": Look("Tên bảng", indent=INDENT, before=GAP, keep=True),
    "Cell": Look("Ô bảng", 12, align="left", line=SINGLE),
    "CellText": Look("Đoạn trong ô bảng", 12, align="left", after=2, line=SINGLE),
    "HeadCell": Look("Đầu bảng", 12, bold=True, align="center", line=SINGLE),
    "GroupCell": Look("Nhóm trong bảng", 12, bold=True, align="left", line=SINGLE, keep=True),
    "Plain": Look("Khung", align="center"),
    "Authority": Look("Quyền hạn, chức vụ", bold=True, align="center"),
    "Hint": Look("Cách ký", 13, italic=True, align="center"),
    "Signer": Look("Họ tên người ký", bold=True, align="center"),
    "RecipientsLabel": Look("Nơi nhận (nhãn)", 12, bold=True, italic=True, align="left",
                            line=SINGLE),
    "Recipient": Look("Nơi nhận", 11, align="left", line=SINGLE),
    "Note": Look("Ghi chú cuối", 11, before=2, line=SINGLE),
    "Rule": Look("Nét kẻ", 1, align="center", line=0),
}  # fmt: skip

# Margins above and below what is not a paragraph.
BOXES: dict[str, tuple[float, float]] = {
    "letterhead": (0, 12),
    "to": (0, 10),
    "grid": (8, 4),
    "signing": (10, 0),
    "closing": (12, 0),
    "applicant": (0, 6),
    "notes": (14, 0),
}
# Above Nơi nhận, where it stands below the signatures.
BELOW_SIGNING = 10.0
# What a cell of this class leaves free above its text.
PADDINGS = {"number": 5.0, "dated": 5.0}
# The room for the signature.
SIGNATURE = 25 / POINT
# The rule under agency and subject is this part of the text, and lies this far below it.
RULE_PART = 0.42
RULE_GAP = 2.5
# The gap that stands for a number, a day or a month that is not known yet.
BLANK = 9.0

# The stamp of urgency: how wide by its class, and how high, in mm.
URGENCY = {"thuong-khan": 40.0, "khan": 20.0}
URGENCY_WIDTH, URGENCY_HEIGHT = 30.0, 8.0

# Widths of columns: of a class in one kind of table (else in any), in percent unless in mm.
PERCENT: dict[str, float] = {
    "issuer": 46,
    "votes who": 25.5,
    "votes award": 20,
    "votes count": 9.5,
    "votes ratio": 10,
    "votes result": 9,
    "roll who": 12,
    "roll year": 5,
    "roll post": 14,
    "roll rating": 9,
    "roll vote": 8,
    "roll ground": 8,
    "roll award": 10,
    "roll summary": 29.5,
    "tasks what": 30,
    "tasks ground": 17,
    "tasks when": 9.5,
    "tasks result": 21,
}
MILLIMETRES: dict[str, float] = {
    "order": 11,
    "tasks order": 13,
    "prints kind": 24,
    "prints number": 28,
    "prints pages": 16,
    "prints start": 16,
}
# Tables whose columns do not follow their content.
FIXED = {"letterhead", "signing", "votes", "roll", "tasks", "prints", "even"}
# And not even the longest word in it, which may break anywhere.
BREAKING = {"letterhead", "signing", "tasks", "even"}
