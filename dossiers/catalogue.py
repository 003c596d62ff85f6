"""The report forms of the decrees, as rows.

The wording of Mẫu 07 (NĐ 91) and Mẫu 08 (NĐ 98, NĐ 152) was not found in any text that could be
opened: the headings are marked as background and may be corrected in the catalogue.
"""

from __future__ import annotations

from datetime import date
from typing import Any

FORMS: tuple[dict[str, Any], ...] = (
    {
        "code": "ND91-07",
        "kind": "theme",
        "number": "Mẫu số 07",
        "name": "Báo cáo thành tích theo đợt thi đua hoặc theo chuyên đề (tập thể, cá nhân)",
        "instrument": "nd-91-2017",
        "valid_to": date(2023, 12, 31),
        "source": "Nghị định số 91/2017/NĐ-CP, danh mục mẫu",
        "mark": "V",
    },
    {
        "code": "ND98-08",
        "kind": "theme",
        "number": "Mẫu số 08",
        "name": "Báo cáo thành tích theo phong trào, đợt thi đua hoặc chuyên đề (tập thể, cá nhân)",
        "instrument": "nd-98-2023",
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2025, 6, 30),
        "source": "Nghị định số 98/2023/NĐ-CP, Phụ lục I; số mẫu dẫn trong kế hoạch của Sở",
        "mark": "D",
    },
    {
        "code": "ND152-08",
        "kind": "theme",
        "number": "Mẫu số 08",
        "name": "Báo cáo thành tích thi đua theo chuyên đề (tập thể, cá nhân)",
        "instrument": "nd-152-2025",
        "valid_from": date(2025, 7, 1),
        "source": "Nghị định số 152/2025/NĐ-CP, danh mục mẫu",
        "mark": "D",
    },
)

SECTIONS: tuple[dict[str, Any], ...] = (
    {
        "code": "situation",
        "numeral": "I",
        "heading": "SƠ LƯỢC ĐẶC ĐIỂM, TÌNH HÌNH",
        "kind": "facts",
        "applies": "collective",
    },
    {
        "code": "general",
        "numeral": "I",
        "heading": "THÔNG TIN CHUNG",
        "kind": "facts",
        "applies": "individual",
    },
    {
        "code": "profile",
        "heading": "Đặc điểm, nhiệm vụ được giao",
        "kind": "text",
        "applies": "both",
        "hint": "Tập thể: cơ cấu, đội ngũ, thuận lợi, khó khăn. Cá nhân: lĩnh vực phụ trách.",
    },
    {
        "code": "achievements",
        "numeral": "II",
        "heading": "THÀNH TÍCH ĐẠT ĐƯỢC",
        "kind": "heading",
        "applies": "both",
    },
    {
        "code": "targets",
        "heading": "Nội dung đã đăng ký thi đua",
        "kind": "targets",
        "applies": "both",
        "hint": "Đối chiếu từng nội dung đã đăng ký với kết quả đạt được.",
    },
    {
        "code": "statements",
        "heading": "Các nội dung kế hoạch yêu cầu nêu rõ",
        "kind": "statements",
        "applies": "both",
    },
    {
        "code": "measures",
        "heading": "Biện pháp, giải pháp thực hiện",
        "kind": "text",
        "applies": "both",
        "required": True,
        "hint": "Cách làm, sáng kiến, giải pháp đã áp dụng để đạt kết quả nêu trên.",
    },
    {
        "code": "effects",
        "heading": "Hiệu quả đạt được",
        "kind": "text",
        "applies": "both",
        "required": True,
        "hint": "Hiệu quả kinh tế, xã hội, cải cách hành chính; nêu số liệu so sánh trước và sau.",
    },
    {
        "code": "lessons",
        "heading": "Bài học kinh nghiệm",
        "kind": "text",
        "applies": "both",
        "hint": "Điều rút ra và khả năng nhân rộng.",
    },
)
