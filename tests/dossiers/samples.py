"""A snapshot of each kind of document, with text as offices write it."""

from __future__ import annotations

from typing import Any

from dossiers.prose import blocks

MOVEMENT = (
    "phong trào thi đua đặc biệt lập thành tích chào mừng kỷ niệm 80 năm Ngày thành lập ngành "
    "Tổ chức Nhà nước (28/8/1945 - 28/8/2025)"
)
PARAGRAPH = (
    "Trong thời gian thực hiện phong trào, tôi đã chủ động tham mưu triển khai đồng bộ các nội "
    "dung Chương trình tổng thể cải cách hành chính trên địa bàn tỉnh; hoàn thành 100% các nhiệm "
    "vụ được giao, bảo đảm chất lượng, tiến độ, hiệu quả."
)
LIST = (
    "- Tham mưu ban hành 12 kế hoạch, 35 văn bản hướng dẫn;\n"
    "- Thẩm định 20/20 hồ sơ chấm điểm Chỉ số cải cách hành chính (PAR INDEX);\n"
    "+ Trong đó có 11 hồ sơ của Ủy ban nhân dân cấp xã."
)
STATEMENTS = (
    "Kết quả thực hiện phong trào thi đua",
    "Kết quả thực hiện nhiệm vụ công tác",
    "Quyết định đánh giá, xếp loại năm 2024",
    "Kết quả thực hiện nhiệm vụ 7 tháng đầu năm 2025",
)


def letterhead(**values: Any) -> dict[str, Any]:
    return {
        "superior": "Sở Nội vụ tỉnh Lạng Sơn",
        "agency": "Phòng Cải cách hành chính",
        "number": "",
        "symbol": "",
        "place": "",
        "date": None,
        "year": "",
    } | values


def signer(*lines: str, name: str = "", hint: str = "") -> dict[str, Any]:
    return {"lines": list(lines), "name": name, "hint": hint, "dated": None}


def meta(title: str) -> dict[str, str]:
    return {"title": title, "author": "Phòng Cải cách hành chính"}


def report(paragraphs: int = 4) -> dict[str, Any]:
    text = "\n".join([PARAGRAPH, LIST] * paragraphs)
    return {
        "meta": meta("Báo cáo thành tích – Lý Thị Ánh Nguyệt"),
        "header": letterhead(place="Lạng Sơn", date="2025-08-03"),
        "title": "BÁO CÁO THÀNH TÍCH",
        "subject": "ĐỀ NGHỊ TẶNG GIẤY KHEN CỦA GIÁM ĐỐC SỞ NỘI VỤ",
        "scope": f"(Thành tích trong {MOVEMENT})",
        "applicant": [
            ["Họ và tên", "Lý Thị Ánh Nguyệt"],
            ["Chức vụ, đơn vị công tác", "Chuyên viên chính, Phòng Cải cách hành chính"],
        ],
        "sections": [
            {
                "numeral": "I",
                "heading": "Sơ lược lý lịch",
                "blocks": [
                    {
                        "kind": "facts",
                        "items": [["Ngày sinh", "12/05/1986"], ["Quê quán", "xã Đồng Đăng"]],
                    }
                ],
                "subsections": [],
            },
            {
                "numeral": "II",
                "heading": "Thành tích đạt được",
                "blocks": [],
                "subsections": [
                    {"number": str(n), "heading": heading, "blocks": blocks(text)}
                    for n, heading in enumerate(STATEMENTS, 1)
                ],
            },
        ],
        "signing": [
            [
                signer("Thủ trưởng đơn vị xác nhận", name="Hoàng Văn Đức", hint="(Ký tên)"),
                signer("Người báo cáo", name="Lý Thị Ánh Nguyệt", hint="(Ký tên)"),
            ],
            [signer("Xác nhận của cấp trình khen thưởng", hint="(Ký, đóng dấu)")],
        ],
    }


def letter(people: int = 5, addressees: int = 2) -> dict[str, Any]:
    names = ["Giám đốc Sở Nội vụ tỉnh Lạng Sơn", "Hội đồng Thi đua - Khen thưởng Sở"]
    return {
        "meta": meta("Tờ trình đề nghị khen thưởng"),
        "header": letterhead(symbol="TTr-CCHC", number="05", place="Lạng Sơn", date="2025-08-03"),
        "title": "TỜ TRÌNH",
        "subject": f"Về việc đề nghị tặng Giấy khen trong {MOVEMENT}",
        "addressees": names[:addressees],
        "bases": [
            "Căn cứ Luật Thi đua, khen thưởng;",
            "Căn cứ Kế hoạch số 173/KH-SNV ngày 12 tháng 7 năm 2024",
        ],
        "opening": blocks(f"Kính trình tặng Giấy khen cho 01 tập thể, {people:02d} cá nhân:"),
        "groups": [
            {
                "number": "1",
                "heading": "Giấy khen của Giám đốc Sở Nội vụ",
                "ground": "Khoản 1 Điều 75",
                "lists": [
                    {
                        "number": "a",
                        "heading": "Tập thể (01)",
                        "lines": ["Phòng Cải cách hành chính"],
                    },
                    {
                        "number": "b",
                        "heading": f"Cá nhân ({people:02d})",
                        "lines": [f"Ông Nông Quốc Khánh {n}, Chuyên viên" for n in range(people)],
                    },
                ],
            }
        ],
        "attachments": "(Có biên bản, danh sách và báo cáo thành tích kèm theo)",
        "closing": "Kính trình Giám đốc Sở Nội vụ xem xét, quyết định.",
        "recipients": ["Như trên", "Lưu: VT, CCHC"],
        "signing": [
            [signer("KT. Trưởng phòng", "Phó Trưởng phòng", name="Đặng Thị Ngọc Bích")],
        ],
    }


def minutes() -> dict[str, Any]:
    chair = {"name": "Ông Hoàng Văn Đức", "position": "Trưởng phòng"}
    secretary = {"name": "Bà Lộc Thị Thuỷ", "position": "Chuyên viên"}
    return {
        "meta": meta("Biên bản họp bình xét"),
        "header": letterhead(symbol="BB-CCHC"),
        "title": "BIÊN BẢN",
        "subject": f"Họp bình xét khen thưởng {MOVEMENT}",
        "starts": {"date": "2025-08-01", "time": "14:00"},
        "ends": {"date": "2025-08-01", "time": "16:30"},
        "place": "Phòng họp số 2",
        "present": [chair, secretary],
        "absent": [{"name": "Ông Lương Văn Sỹ", "position": "", "reason": "đi công tác"}],
        "invited": 3,
        "chair": chair,
        "secretary": secretary,
        "content": blocks(PARAGRAPH),
        "method": "Cuộc họp biểu quyết đối với từng trường hợp, kết quả như sau:",
        "votes": [
            {
                "subject": "Lý Thị Ánh Nguyệt",
                "position": "Chuyên viên chính",
                "title": "Giấy khen của Giám đốc Sở Nội vụ",
                "agree": 7,
                "against": 1,
                "abstain": 0,
                "ratio": "87.50",
                "result": "Đề nghị",
            }
        ],
        "ratio_base": "Tỷ lệ tính trên tổng số người có mặt.",
        "conclusion": blocks("Cuộc họp thống nhất đề nghị khen thưởng 01 cá nhân."),
        "recipients": ["Lãnh đạo Phòng", "Lưu: VT, CCHC"],
        "signing": [
            [signer("Thư ký", name="Lộc Thị Thuỷ"), signer("Chủ tọa", name="Hoàng Văn Đức")]
        ],
    }


def roll(people: int = 12) -> dict[str, Any]:
    row = {
        "born": "1986",
        "post": "Chuyên viên chính, Phòng Cải cách hành chính",
        "rating": "Hoàn thành xuất sắc nhiệm vụ",
        "summary": PARAGRAPH,
        "vote": "7/8 (87,5%)",
        "award": "Giấy khen của Giám đốc Sở Nội vụ",
        "ground": "Khoản 1 Điều 75",
    }
    return {
        "meta": meta("Danh sách đề nghị khen thưởng"),
        "header": letterhead(),
        "title": "DANH SÁCH TRÍCH NGANG",
        "subject": "Tập thể, cá nhân đề nghị tặng Giấy khen",
        "scope": "(Kèm theo Tờ trình ngày 03/08/2025)",
        "rating_year": "2024",
        "groups": [
            {
                "numeral": "I",
                "heading": "Cá nhân",
                "rows": [{"name": f"Lý Thị Ánh Nguyệt {n}", **row} for n in range(people)],
            }
        ],
        "total": f"Danh sách gồm {people:02d} cá nhân",
        "signing": [[signer("Người lập danh sách"), signer("Trưởng phòng", name="Hoàng Văn Đức")]],
    }


def cover() -> dict[str, Any]:
    return {
        "superior": "Sở Nội vụ tỉnh Lạng Sơn",
        "agency": "Phòng Cải cách hành chính",
        "title": "Hồ sơ đề nghị khen thưởng",
        "campaign": MOVEMENT,
        "facts": [["Cấp quyết định khen thưởng", "Giám đốc Sở Nội vụ tỉnh Lạng Sơn"]],
        "foot": "Lạng Sơn, năm 2025",
    }


SAMPLES: dict[str, dict[str, Any]] = {
    "report": report(),
    "letter": letter(14),
    "minutes": minutes(),
    "list": roll(),
    "dossier": {
        "meta": meta("Hồ sơ đề nghị khen thưởng"),
        "cover": cover(),
        "entries": [
            {"title": "Tờ trình", "level": 1, "heading": False, "page": 3, "href": "page:3"},
            {"title": "Báo cáo", "level": 1, "heading": True, "page": 5, "href": "page:5"},
            {"title": "Lý Thị Ánh", "level": 2, "heading": False, "page": 5, "href": "page:5"},
        ],
        "sheets": [
            {"id": "sheet-1", "title": "Sáng kiến", "file": "a.docx", "image": "", "wide": False}
        ],
        "extent": {"papers": 2, "pages": 12},
        "count_signs": "Trang 0123456789/ của hồ sơ",
    },
}
