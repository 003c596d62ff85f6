"""Specimens of the papers of a dossier: with little in them, as usual, and with too much."""

from __future__ import annotations

from typing import Any

from dossiers.documents.phrases import authority
from dossiers.documents.reports import DOTS
from dossiers.prose import blocks
from dossiers.specimens import texts
from dossiers.specimens.texts import AWARD, MOVEMENT, name, polite, post, prose, unit
from dossiers.templatetags.paper import roman

DATE = "2025-08-03"
SIGN, SEAL = "(Ký, ghi rõ họ tên)", "(Ký, đóng dấu)"


def header(*, long: bool = False, **values: Any) -> dict[str, Any]:
    return {
        "superior": texts.LONG_SUPERIOR if long else "Sở Nội vụ tỉnh Lạng Sơn",
        "agency": texts.LONG_AGENCY if long else "Phòng Cải cách hành chính",
        "number": "",
        "symbol": "",
        "place": "Lạng Sơn",
        "date": DATE,
        "year": "",
    } | values


def signer(*lines: str, name: str = "", hint: str = "") -> dict[str, Any]:
    return {"lines": list(lines), "name": name, "hint": hint, "dated": None}


def meta(title: str) -> dict[str, str]:
    return {"title": title, "author": "Phòng Cải cách hành chính"}


def table(rows: int) -> list[Any]:
    """What was done, when, with what result, as somebody types it."""
    head = ["STT", "Nội dung công việc", "Thời hạn", "Sản phẩm", "Kết quả"]
    content = [
        [str(i + 1), _task(i), _day(i), f"Văn bản số {i + 11}/BC-SNV", "Hoàn thành"]
        for i in range(rows)
    ]
    return [{"kind": "table", "head": head, "rows": content}]


def tasks(rows: int) -> list[Any]:
    """The table of tasks done behind a report, in groups of forty."""
    content: list[list[str]] = []
    for i in range(rows):
        if i % 40 == 0:
            content.append(["", f"{roman(i // 40 + 1)}. {unit(i // 40)}"])
        order = f"Công văn số {i + 100}/UBND-NC ngày {_day(i + 3)}" if i % 3 else ""
        product = f"Văn bản số {i + 11}/BC-SNV"
        remark = "" if i % 9 else "Vượt tiến độ"
        content.append([str(i + 1), _task(i), order, _day(i), _day(i - 1), product, remark])
    return [{"kind": "tasks", "rows": content}]


def _task(i: int) -> str:
    """A cell of a table, in which no marks are read."""
    sentence = texts.SENTENCES[i % len(texts.SENTENCES)].split(";")[0]
    return sentence.replace("*", "").replace("_", "").rstrip(".") + "."


def _day(i: int) -> str:
    return f"{i % 27 + 1:02d}/{i % 12 + 1:02d}/2025"


def report(size: str) -> dict[str, Any]:
    """Báo cáo thành tích of a person."""
    person = texts.LONG_NAME if size == "extreme" else name(3)
    facts = [
        ["Ngày sinh", "12/05/1986"],
        ["Quê quán", "xã Đồng Đăng, tỉnh Lạng Sơn"],
        ["Trình độ chuyên môn", "Thạc sĩ Quản lý công"],
    ]
    signing = [
        [
            signer("Thủ trưởng đơn vị xác nhận", name=name(8), hint=SIGN),
            signer("Người báo cáo", name=person, hint=SIGN),
        ]
    ]
    if size != "short":
        signing.append([signer("Xác nhận của cấp trình khen thưởng", hint=SEAL)])
    alias = " (bí danh: Nguyễn Thị Hai)" if size == "extreme" else ""
    applicant = [
        ["Họ và tên", f"{person}{alias}"],
        ["Chức vụ, đơn vị công tác", f"Chuyên viên chính, {unit(0)}"],
    ]
    return _achievements(size, person, applicant, "Sơ lược lý lịch", facts, signing)


def collective(size: str) -> dict[str, Any]:
    """Báo cáo thành tích of a unit."""
    whole = texts.LONG_AGENCY if size == "extreme" else unit(0)
    facts = [
        ["Trụ sở", "Số 2, đường Hoàng Văn Thụ, phường Lương Văn Tri, tỉnh Lạng Sơn"],
        ["Điện thoại", "0205.3812.345"],
        ["Cơ cấu tổ chức", "01 Trưởng phòng, 02 Phó Trưởng phòng, 06 chuyên viên"],
    ]
    own = signer("Thủ trưởng đơn vị", name=name(8), hint=SIGN)
    signing = [[own]]
    if size != "short":
        signing = [[signer("Xác nhận của cấp trình khen thưởng", hint=SEAL), own]]
    applicant = [["Tên tập thể đề nghị", whole]]
    return _achievements(size, whole, applicant, "Sơ lược đặc điểm, tình hình", facts, signing)


def _achievements(
    size: str,
    subject: str,
    applicant: list[list[str]],
    opening: str,
    facts: list[list[str]],
    signing: list[list[dict[str, Any]]],
) -> dict[str, Any]:
    is_long = size == "extreme"
    sentences = {"short": 1, "normal": 4, "extreme": 30}[size]
    headings = (
        "Kết quả thực hiện phong trào thi đua",
        "Kết quả thực hiện nhiệm vụ công tác",
        "Quyết định đánh giá, xếp loại năm 2024",
        "Kết quả thực hiện nhiệm vụ 7 tháng đầu năm 2025",
    )
    contents = [blocks(prose(1 if n == 2 else sentences, first=n)) for n in range(len(headings))]
    if size == "short":
        # What nobody has written yet is left for the pen.
        contents[2] = [{"kind": "p", "text": DOTS}]
    found: dict[str, Any] = {
        "meta": meta(f"Báo cáo thành tích – {subject}"),
        "header": header(long=is_long),
        "title": "BÁO CÁO THÀNH TÍCH",
        "subject": f"ĐỀ NGHỊ TẶNG {AWARD.upper()}",
        "scope": f"Thành tích trong {MOVEMENT}",
        "applicant": applicant,
        "sections": [
            {
                "numeral": "I",
                "heading": opening,
                "blocks": [{"kind": "facts", "items": facts}],
                "subsections": [],
            },
            {
                "numeral": "II",
                "heading": "Thành tích đạt được",
                "blocks": [],
                "subsections": [
                    {"number": str(n), "heading": heading, "blocks": content}
                    for n, (heading, content) in enumerate(zip(headings, contents, strict=True), 1)
                ],
            },
        ],
        "signing": signing,
    }
    if is_long:
        note = f"Kèm theo Báo cáo thành tích của {subject}"
        rows = 300 if subject == texts.LONG_AGENCY else 60
        found["appendices"] = [
            {"title": "Danh mục công việc", "note": note, "wide": True, "blocks": tasks(rows)},
            {"title": "Sáng kiến", "note": note, "wide": False, "blocks": blocks(prose(22))},
        ]
    return found


def letter(size: str) -> dict[str, Any]:
    """Tờ trình đề nghị khen thưởng."""
    is_long = size == "extreme"
    people = {"short": 1, "normal": 6, "extreme": 120}[size]
    groups = [
        {
            "number": "1",
            "heading": AWARD,
            "ground": "Khoản 1 Điều 75 Luật Thi đua, khen thưởng",
            "lists": [
                {"number": "a", "heading": "Tập thể (01)", "lines": [unit(0)]},
                {
                    "number": "b",
                    "heading": f"Cá nhân ({people:02d})",
                    "lines": [f"{name(i)}, {post(i)}, {unit(i)}" for i in range(people)],
                },
            ],
        }
    ]
    addressees = ["Giám đốc Sở Nội vụ tỉnh Lạng Sơn"]
    if size != "short":
        addressees.append("Hội đồng Thi đua - Khen thưởng Sở Nội vụ")
    if is_long:
        groups.append(groups[0] | {"number": "2", "heading": "Bằng khen của Chủ tịch UBND tỉnh"})
        addressees += [f"{unit(i)} (để phối hợp)" for i in range(1, 4)]
    head = authority("Trưởng phòng" if size == "short" else "Phó Trưởng phòng")
    return {
        "meta": meta("Tờ trình đề nghị khen thưởng"),
        "header": header(long=is_long, symbol="TTr-CCHC", number="05"),
        "title": "TỜ TRÌNH",
        "subject": f"Về việc đề nghị tặng {AWARD} trong {MOVEMENT}",
        "addressees": addressees,
        "bases": [f"Căn cứ {text}" for text in (texts.LAW, texts.DECREE, texts.PLAN)],
        "opening": blocks(
            f"Phòng Cải cách hành chính kính trình Giám đốc Sở Nội vụ xem xét, quyết định tặng "
            f"{AWARD} cho 01 tập thể, {people:02d} cá nhân, cụ thể như sau:"
        ),
        "groups": groups,
        "attachments": "(Có biên bản họp bình xét, danh sách trích ngang và báo cáo thành tích kèm "
        "theo)",
        "closing": "Phòng Cải cách hành chính kính trình Giám đốc Sở Nội vụ xem xét, quyết định",
        "recipients": ["Như trên", "Lưu: VT, CCHC"],
        "signing": [[signer(*head, name=name(5))]],
    }


def minutes(size: str) -> dict[str, Any]:
    """Biên bản họp bình xét, Mẫu 1.9."""
    present = {"short": 3, "normal": 9, "extreme": 48}[size]
    votes = {"short": 1, "normal": 5, "extreme": 60}[size]
    people = [{"name": polite(i), "position": post(i)} for i in range(present)]
    absent = [{"name": polite(60), "position": post(1), "reason": "đi công tác"}]
    subjects = [texts.LONG_NAME if size == "extreme" and i == 1 else name(i) for i in range(votes)]
    return {
        "meta": meta("Biên bản họp bình xét khen thưởng"),
        "header": header(
            long=size == "extreme", symbol="BB-CCHC", number="07", place="", date=None
        ),
        "title": "BIÊN BẢN",
        "subject": f"Họp bình xét khen thưởng {MOVEMENT}",
        "starts": {"date": "2025-08-01", "time": "14:00"},
        "ends": {"date": "2025-08-01", "time": "16:30"},
        "place": "Phòng họp số 2, trụ sở Sở Nội vụ",
        "present": people,
        "absent": [] if size == "short" else absent,
        "invited": present + (size != "short"),
        "chair": people[0],
        "secretary": people[1],
        "content": blocks(prose({"short": 1, "normal": 3, "extreme": 20}[size])),
        "method": "Cuộc họp biểu quyết đối với từng trường hợp, kết quả như sau:",
        "votes": [
            {
                "subject": subject,
                "position": post(i),
                "title": AWARD,
                "agree": present - i % 2,
                "against": i % 2,
                "abstain": 0,
                "ratio": f"{100 * (present - i % 2) / present:.2f}",
                "result": "Đề nghị",
            }
            for i, subject in enumerate(subjects)
        ],
        "ratio_base": "Tỷ lệ tính trên tổng số người có mặt; được đề nghị khi tỷ lệ trên 50%.",
        "conclusion": blocks(f"Cuộc họp thống nhất đề nghị khen thưởng {votes:02d} cá nhân."),
        "recipients": ["Lãnh đạo Phòng Cải cách hành chính", "Lưu: VT, CCHC"],
        "signing": [[signer("Thư ký", name=name(1)), signer("Chủ tọa", name=name(0))]],
    }


def roll(size: str) -> dict[str, Any]:
    """Danh sách trích ngang."""
    people = {"short": 1, "normal": 9, "extreme": 298}[size]

    def row(i: int, subject: str, *, is_person: bool) -> dict[str, str]:
        return {
            "name": subject,
            "born": str(1968 + i % 30) if is_person else "",
            "post": f"{post(i)}, {unit(i)}" if is_person else "",
            "rating": "Hoàn thành xuất sắc nhiệm vụ",
            "summary": texts.SENTENCES[i % 6].replace("*", "").replace("_", ""),
            "vote": "7/8 (87,5%)",
            "award": AWARD,
            "ground": "Khoản 1 Điều 75",
        }

    names = [texts.LONG_NAME if size == "extreme" and i == 2 else name(i) for i in range(people)]
    return {
        "meta": meta("Danh sách đề nghị khen thưởng"),
        "header": header(long=size == "extreme", place="", date=None),
        "title": "DANH SÁCH TRÍCH NGANG",
        "subject": f"Tập thể, cá nhân đề nghị tặng {AWARD}",
        "scope": "(Kèm theo Tờ trình số 05/TTr-CCHC ngày 03/08/2025 của Phòng Cải cách hành chính)",
        "rating_year": "2024",
        "groups": [
            {
                "numeral": "I",
                "heading": "Tập thể",
                "rows": [row(i, unit(i), is_person=False) for i in range(2)],
            },
            {
                "numeral": "II",
                "heading": "Cá nhân",
                "rows": [row(i, subject, is_person=True) for i, subject in enumerate(names)],
            },
        ],
        "total": f"Danh sách gồm 02 tập thể, {people:02d} cá nhân",
        "signing": [
            [
                signer("Người lập danh sách", name=name(4)),
                signer(*authority("Phó Trưởng phòng"), name=name(5)),
            ]
        ],
    }


def prints(size: str) -> dict[str, Any]:
    """The first sheet of a file of signing pages."""
    count = {"short": 1, "normal": 12, "extreme": 150}[size]
    return {
        "meta": meta("Tập trang ký"),
        "title": "TẬP TRANG KÝ",
        "campaign": MOVEMENT[:1].upper() + MOVEMENT[1:],
        "scope": f"Gồm {count:02d} văn bản",
        "duplex": False,
        "lines": [
            {
                "kind": "Báo cáo thành tích",
                "subject": name(i),
                "unit": unit(i),
                "number": "",
                "pages": 4,
                "start": i + 2,
            }
            for i in range(count)
        ],
    }
