"""The report forms of the decrees, as rows.

Numbers and titles are as sure as their mark says: read, deduced from the order of the list, or
background only. The wording of the forms was not found in any text that could be opened: all
headings are marked as background and may be corrected in the catalogue.
"""

from __future__ import annotations

from datetime import date
from typing import Any

Row = dict[str, Any]

OLD_END, NEW = date(2023, 12, 31), date(2024, 1, 1)
ND98_END, ND152 = date(2025, 6, 30), date(2025, 7, 1)
# Stands in a scope line for the name of the campaign.
MOVEMENT = "{phong trào}"
WORK_DONE = "Thành tích thực hiện nhiệm vụ công tác"
SHIFTED = "số mẫu suy ra từ danh mục của Nghị định số 91/2017/NĐ-CP"
ORDERED = "số mẫu suy ra từ thứ tự các mẫu"
# The lines that a form prints besides are no surer than its headings.
OF_WHAT = "Mức kiểm chứng chỉ nói về số và tên mẫu."


def _old(number: str, **values: Any) -> Row:
    source = f"Nghị định số 91/2017/NĐ-CP, danh mục mẫu. {OF_WHAT}"
    return {
        "code": f"ND91-{number}",
        "number": f"Mẫu số {number}",
        "instrument": "nd-91-2017",
        "valid_to": OLD_END,
        "source": source,
        "mark": "V",
    } | values


def _second(number: str, source: str, mark: str, **values: Any) -> Row:
    return {
        "code": f"ND98-{number}",
        "number": f"Mẫu số {number}",
        "instrument": "nd-98-2023",
        "article": "Phụ lục I",
        "valid_from": NEW,
        "valid_to": ND98_END,
        "source": f"Nghị định số 98/2023/NĐ-CP, Phụ lục I; {source}. {OF_WHAT}",
        "mark": mark,
    } | values


def _third(number: str, source: str, mark: str, **values: Any) -> Row:
    return {
        "code": f"ND152-{number}",
        "number": f"Mẫu số {number}",
        "instrument": "nd-152-2025",
        "article": "Phụ lục",
        "valid_from": ND152,
        "source": f"Nghị định số 152/2025/NĐ-CP, Phụ lục; {source}. {OF_WHAT}",
        "mark": mark,
    } | values


THEME: Row = {
    "kind": "theme",
    "applies": "both",
    "scope_label": f"Thành tích trong {MOVEMENT}",
}
COLLECTIVE: Row = {"kind": "merit", "applies": "collective", "scope_label": WORK_DONE}
INDIVIDUAL: Row = {"kind": "merit", "applies": "individual", "scope_label": WORK_DONE}

FORMS: tuple[Row, ...] = (
    _old(
        "01",
        name="Báo cáo thành tích của tập thể (thành tích nhiệm vụ công tác)",
        **COLLECTIVE,
    ),
    _old(
        "02",
        name="Báo cáo thành tích của cá nhân (thành tích nhiệm vụ công tác)",
        **INDIVIDUAL,
    ),
    _old(
        "07",
        name="Báo cáo thành tích theo đợt thi đua hoặc theo chuyên đề (tập thể, cá nhân)",
        **THEME,
    ),
    _second("02", "Mẫu số 02", "V", name="Báo cáo thành tích công trạng của tập thể", **COLLECTIVE),
    _second("03", SHIFTED, "D", name="Báo cáo thành tích công trạng của cá nhân", **INDIVIDUAL),
    _second(
        "08",
        "số mẫu dẫn trong kế hoạch của Sở",
        "D",
        name="Báo cáo thành tích theo phong trào, đợt thi đua hoặc chuyên đề (tập thể, cá nhân)",
        **THEME,
    ),
    _third(
        "02",
        ORDERED,
        "D",
        name="Báo cáo thành tích đề nghị tặng Cờ thi đua của Chính phủ",
        title_code="co-thi-dua-chinh-phu",
        **COLLECTIVE,
    ),
    _third(
        "03",
        ORDERED,
        "D",
        name="Báo cáo thành tích đề nghị tặng danh hiệu Chiến sĩ thi đua toàn quốc",
        title_code="cstd-toan-quoc",
        **INDIVIDUAL,
    ),
    _third("04", ORDERED, "D", name="Báo cáo thành tích công trạng của tập thể", **COLLECTIVE),
    _third("05", "Mẫu số 05", "V", name="Báo cáo thành tích công trạng của cá nhân", **INDIVIDUAL),
    _third(
        "08",
        ORDERED,
        "D",
        name="Báo cáo thành tích thi đua theo chuyên đề (tập thể, cá nhân)",
        **THEME,
    ),
)


def _heading(code: str, numeral: str, heading: str) -> Row:
    return {
        "code": code,
        "numeral": numeral,
        "heading": heading,
        "kind": "heading",
        "applies": "both",
    }


def _facts(code: str, heading: str, applies: str = "both") -> Row:
    return {
        "code": code,
        "numeral": "I",
        "heading": heading,
        "kind": "facts",
        "applies": applies,
    }


def _text(code: str, heading: str, hint: str, *, required: bool = False) -> Row:
    return {
        "code": code,
        "heading": heading,
        "kind": "text",
        "applies": "both",
        "required": required,
        "hint": hint,
    }


SITUATION = "SƠ LƯỢC ĐẶC ĐIỂM, TÌNH HÌNH"
ACHIEVEMENTS = _heading("achievements", "II", "THÀNH TÍCH ĐẠT ĐƯỢC")
TARGETS: Row = {
    "code": "targets",
    "heading": "Nội dung đã đăng ký thi đua",
    "kind": "targets",
    "applies": "both",
    "hint": "Đối chiếu từng nội dung đã đăng ký với kết quả đạt được.",
}
STATEMENTS: Row = {
    "code": "statements",
    "heading": "Các nội dung kế hoạch yêu cầu nêu rõ",
    "kind": "statements",
    "applies": "both",
}
HONOURS: tuple[Row, ...] = (
    _heading("honours", "III", "CÁC HÌNH THỨC ĐÃ ĐƯỢC KHEN THƯỞNG"),
    _text(
        "titles",
        "Danh hiệu thi đua",
        "Mỗi dòng một danh hiệu: năm, tên danh hiệu, số và ngày quyết định, cơ quan ban hành; có "
        "thể trình bày thành bảng. Chưa có thì ghi “Chưa có”.",
    ),
    _text(
        "awards",
        "Hình thức khen thưởng",
        "Mỗi dòng một hình thức: năm, tên hình thức, số và ngày quyết định, cơ quan ban hành; có "
        "thể trình bày thành bảng. Chưa có thì ghi “Chưa có”.",
    ),
)


def _only(applies: str, *rows: Row) -> tuple[Row, ...]:
    return tuple(row | {"applies": applies} for row in rows)


# The headings by the kind of report and of subject that a form is for.
SECTIONS: dict[tuple[str, str], tuple[Row, ...]] = {
    ("theme", "both"): (
        _facts("situation", SITUATION, "collective"),
        _facts("general", "THÔNG TIN CHUNG", "individual"),
        _text(
            "profile",
            "Đặc điểm, nhiệm vụ được giao",
            "Tập thể: cơ cấu, đội ngũ, thuận lợi, khó khăn. Cá nhân: lĩnh vực phụ trách.",
        ),
        ACHIEVEMENTS,
        TARGETS,
        STATEMENTS,
        _text(
            "measures",
            "Biện pháp, giải pháp thực hiện",
            "Cách làm, sáng kiến, giải pháp đã áp dụng để đạt kết quả nêu trên.",
            required=True,
        ),
        _text(
            "effects",
            "Hiệu quả đạt được",
            "Hiệu quả kinh tế, xã hội, cải cách hành chính; nêu số liệu so sánh trước và sau.",
            required=True,
        ),
        _text(
            "lessons",
            "Bài học kinh nghiệm",
            "Điều rút ra và khả năng nhân rộng.",
        ),
    ),
    ("merit", "collective"): _only(
        "collective",
        _facts("situation", SITUATION),
        _text(
            "profile",
            "Đặc điểm, tình hình",
            "Cơ cấu tổ chức, đội ngũ; những đặc điểm chính, thuận lợi, khó khăn.",
        ),
        ACHIEVEMENTS,
        TARGETS,
        STATEMENTS,
        _text(
            "results",
            "Kết quả thực hiện nhiệm vụ được giao",
            "Thành tích trong số năm mà hình thức khen thưởng yêu cầu; nêu số liệu so sánh giữa "
            "các năm.",
            required=True,
        ),
        _text(
            "measures",
            "Biện pháp, nguyên nhân đạt được thành tích",
            "Cách làm, sáng kiến, phong trào thi đua đã áp dụng có hiệu quả.",
            required=True,
        ),
        _text(
            "policy",
            "Việc thực hiện chủ trương của Đảng, chính sách, pháp luật của Nhà nước",
            "Chấp hành pháp luật, phòng chống tham nhũng, thực hành tiết kiệm, chăm lo đời sống.",
        ),
        _text(
            "organisations",
            "Hoạt động của tổ chức đảng, đoàn thể",
            "Kết quả đánh giá, xếp loại của tổ chức đảng, công đoàn, đoàn thanh niên.",
        ),
        *HONOURS,
    ),
    ("merit", "individual"): _only(
        "individual",
        _facts("general", "SƠ LƯỢC LÝ LỊCH"),
        ACHIEVEMENTS,
        _text(
            "duties",
            "Quyền hạn, nhiệm vụ được giao hoặc đảm nhận",
            "Chức trách, lĩnh vực phụ trách và thời gian đảm nhận.",
            required=True,
        ),
        TARGETS,
        STATEMENTS,
        _text(
            "results",
            "Thành tích đạt được của cá nhân",
            "Kết quả thực hiện nhiệm vụ trong số năm mà hình thức khen thưởng yêu cầu; sáng kiến, "
            "giải pháp và hiệu quả; việc chấp hành chủ trương, chính sách, pháp luật.",
            required=True,
        ),
        *HONOURS,
    ),
}
