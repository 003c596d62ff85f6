"""The catalogue as it was read from the texts: instruments, titles, coefficients, thresholds.

Each row ends with its source and mark: V read in the text, D deduced, B background only.
"""

from datetime import date
from typing import Any

# Tables, a row to a few lines as one reads them.
# fmt: off

OLD_END, NEW = date(2023, 12, 31), date(2024, 1, 1)
ND98_END, ND152 = date(2025, 6, 30), date(2025, 7, 1)
LAW, PLAN_2020 = "Luật 06/2022/QH15", "Kế hoạch 09/KH-SNV ngày 07/02/2020 (Hưng Yên)"

INSTRUMENTS: tuple[dict[str, Any], ...] = (
    {"code": "luat-15-2003", "number": "15/2003/QH11", "name": "Luật Thi đua, Khen thưởng",
     "issuer": "Quốc hội", "valid_to": OLD_END, "source": "Luật 06/2022/QH15, Điều 94", "mark": "V",
     "note": "Sửa đổi, bổ sung các năm 2005, 2009, 2013."},
    {"code": "nd-91-2017", "number": "91/2017/NĐ-CP", "issued_date": date(2017, 7, 31),
     "name": "Nghị định quy định chi tiết thi hành một số điều của Luật Thi đua, khen thưởng",
     "issuer": "Chính phủ", "valid_to": OLD_END, "source": PLAN_2020, "mark": "V"},
    {"code": "tt-12-2019", "number": "12/2019/TT-BNV", "issued_date": date(2019, 11, 4),
     "name": "Thông tư hướng dẫn Nghị định số 91/2017/NĐ-CP", "issuer": "Bộ Nội vụ",
     "valid_to": OLD_END, "source": PLAN_2020, "mark": "V"},
    {"code": "luat-06-2022", "number": "06/2022/QH15", "name": "Luật Thi đua, khen thưởng",
     "issuer": "Quốc hội", "valid_from": NEW, "source": "Toàn văn Luật", "mark": "V",
     "replaces": ["luat-15-2003"]},
    {"code": "nd-98-2023", "number": "98/2023/NĐ-CP", "issued_date": date(2023, 12, 31),
     "name": "Nghị định quy định chi tiết thi hành một số điều của Luật Thi đua, khen thưởng",
     "issuer": "Chính phủ", "valid_from": NEW, "valid_to": ND98_END,
     "source": "NĐ 98/2023/NĐ-CP, Điều 114; NĐ 152/2025/NĐ-CP, Điều 59", "mark": "V",
     "replaces": ["nd-91-2017"]},
    {"code": "tt-01-2024", "number": "01/2024/TT-BNV", "name": "Thông tư hướng dẫn Luật Thi đua, "
     "khen thưởng và Nghị định số 98/2023/NĐ-CP", "issuer": "Bộ Nội vụ", "valid_from": None,
     "valid_to": date(2025, 8, 4), "source": "Danh mục văn bản", "mark": "V"},
    {"code": "nd-129-2025", "number": "129/2025/NĐ-CP", "issuer": "Chính phủ",
     "name": "Nghị định về phân định thẩm quyền của chính quyền địa phương hai cấp",
     "valid_from": ND152, "source": "Điều 59 (thẩm quyền của Chủ tịch UBND cấp xã)", "mark": "V",
     "note": "Tên gọi đầy đủ chưa đối chiếu."},
    {"code": "nd-152-2025", "number": "152/2025/NĐ-CP", "issued_date": date(2025, 6, 14),
     "name": "Nghị định về phân cấp, phân quyền trong lĩnh vực thi đua, khen thưởng",
     "issuer": "Chính phủ", "valid_from": ND152, "source": "NĐ 152/2025/NĐ-CP, Điều 59",
     "mark": "V", "replaces": ["nd-98-2023"],
     "note": "Tên gọi đầy đủ chưa đối chiếu. Một kho dữ liệu ghi ngày hết hiệu lực 01/03/2027; "
     "chưa đối chiếu với toàn văn."},
    {"code": "tt-15-2025", "number": "15/2025/TT-BNV", "issued_date": date(2025, 8, 4),
     "name": "Thông tư hướng dẫn thi hành pháp luật về thi đua, khen thưởng",
     "issuer": "Bộ Nội vụ", "valid_from": date(2025, 8, 5), "source": "Danh mục văn bản",
     "mark": "V", "replaces": ["tt-01-2024"], "note": "Tên gọi đầy đủ chưa đối chiếu."},
    {"code": "luat-06-2026", "number": "06/2026/QH16", "issued_date": date(2026, 4, 23),
     "name": "Luật sửa đổi, bổ sung Luật Thi đua, khen thưởng", "issuer": "Quốc hội",
     "valid_from": date(2026, 10, 1), "source": "Danh mục văn bản", "mark": "V",
     "note": "Chưa đọc nội dung. Hồ sơ tiếp nhận trước 01/10/2026 tiếp tục theo Luật năm 2022, "
     "trừ khi quy định mới có lợi hơn."},
    {"code": "nd-30-2020", "number": "30/2020/NĐ-CP", "name": "Nghị định về công tác văn thư",
     "issuer": "Chính phủ", "source": "Phụ lục I, III, VI", "mark": "V"},
)


def _title(
    code: str, kind: str, name: str, decider: str, who: str, article: str, criteria: str = "",
    short: str = "", **more: Any,
) -> dict[str, Any]:
    return {
        "code": code, "kind": kind, "name": name, "decider": decider, "short_name": short,
        "for_individual": "i" in who, "for_collective": "c" in who, "article": article,
        "criteria": criteria, "instrument": "luat-06-2022", "valid_from": NEW, "source": LAW,
        "mark": "V",
    } | more


def _before_2024(code: str, name: str, decider: str, who: str) -> dict[str, Any]:
    return _title(
        code, "award" if "khen" in code else "title", name, decider, who, "",
        instrument="nd-91-2017", valid_from=None, valid_to=OLD_END, source=PLAN_2020, mark="D",
    )


TITLES: tuple[dict[str, Any], ...] = (
    _title("cstd-toan-quoc", "title", "Chiến sĩ thi đua toàn quốc", "prime_minister", "i",
           "Điều 21", "02 lần liên tục Chiến sĩ thi đua cấp bộ, tỉnh; sáng kiến có hiệu quả trong "
           "phạm vi toàn quốc.", "CSTĐTQ"),
    _title("cstd-bo", "title", "Chiến sĩ thi đua cấp bộ", "minister", "i", "Điều 22",
           "03 lần liên tục Chiến sĩ thi đua cơ sở; sáng kiến có hiệu quả trong phạm vi bộ.",
           "CSTĐ bộ"),
    _title("cstd-tinh", "title", "Chiến sĩ thi đua cấp tỉnh", "province", "i", "Điều 22",
           "03 lần liên tục Chiến sĩ thi đua cơ sở; sáng kiến có hiệu quả trong phạm vi tỉnh.",
           "CSTĐ tỉnh"),
    _title("cstd-co-so", "title", "Chiến sĩ thi đua cơ sở", "agency", "i", "Điều 23",
           "Đạt tiêu chuẩn Lao động tiên tiến và hoàn thành xuất sắc nhiệm vụ, hoặc có sáng kiến "
           "được cơ sở công nhận, hoặc có đề tài khoa học được nghiệm thu.", "CSTĐCS"),
    _title("lao-dong-tien-tien", "title", "Lao động tiên tiến", "agency", "i", "Điều 24",
           "Xếp loại từ Hoàn thành tốt nhiệm vụ trở lên; tích cực tham gia phong trào thi đua.",
           "LĐTT"),
    _title("co-thi-dua-chinh-phu", "title", "Cờ thi đua của Chính phủ", "government", "c",
           "Điều 25", "", "Cờ CP"),
    _title("co-thi-dua-bo", "title", "Cờ thi đua của Bộ Nội vụ", "minister", "c", "Điều 26",
           "Dẫn đầu cụm, khối; hoặc dẫn đầu phong trào chuyên đề từ 03 năm trở lên khi tổng kết.",
           "Cờ bộ"),
    _title("co-thi-dua-tinh", "title", "Cờ thi đua của Ủy ban nhân dân tỉnh", "province", "c",
           "Điều 26", "Dẫn đầu cụm, khối; hoặc dẫn đầu phong trào chuyên đề từ 03 năm trở lên khi "
           "tổng kết.", "Cờ tỉnh"),
    _title("tap-the-lao-dong-xuat-sac", "title", "Tập thể lao động xuất sắc", "province", "c",
           "Điều 27", "Hoàn thành xuất sắc nhiệm vụ; 100% cá nhân hoàn thành nhiệm vụ, ít nhất 70% "
           "đạt Lao động tiên tiến; có cá nhân đạt Chiến sĩ thi đua cơ sở.", "TTLĐXS"),
    _title("tap-the-lao-dong-tien-tien", "title", "Tập thể lao động tiên tiến", "agency", "c",
           "Điều 28", "Hoàn thành tốt nhiệm vụ; ít nhất 70% cá nhân đạt Lao động tiên tiến; không "
           "có cá nhân bị kỷ luật từ cảnh cáo trở lên; nội bộ đoàn kết.", "TTLĐTT"),
    _title("xa-tieu-bieu", "title", "Xã, phường, đặc khu tiêu biểu", "province", "c", "Điều 20"),
    _title("thon-van-hoa", "title", "Thôn, tổ dân phố văn hóa", "commune", "c", "Điều 20"),
    _title("bang-khen-ttg", "award", "Bằng khen của Thủ tướng Chính phủ", "prime_minister", "ic",
           "Điều 73", "Cá nhân: khoản 1; tập thể: khoản 4.", "BK TTg"),
    _title("bang-khen-bo", "award", "Bằng khen của Bộ trưởng Bộ Nội vụ", "minister", "ic",
           "Điều 74", "Cá nhân: khoản 1; tập thể: khoản 3.", "BK bộ"),
    _title("bang-khen-tinh", "award", "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh", "province",
           "ic", "Điều 74", "Cá nhân: khoản 1; tập thể: khoản 3.", "BK tỉnh"),
    _title("giay-khen-so", "award", "Giấy khen của Giám đốc Sở Nội vụ", "agency", "ic",
           "Điều 75", "Tiêu chuẩn cụ thể do tỉnh quy định.", "GK"),
    _title("giay-khen-xa", "award", "Giấy khen của Chủ tịch Ủy ban nhân dân cấp xã", "commune",
           "ic", "Điều 75, khoản 3 Điều 80", "", "GK xã"),
    _title("ky-niem-chuong-bo", "award", "Kỷ niệm chương ngành Nội vụ", "minister", "i",
           "khoản 2 Điều 79", "", "KNC", mark="B"),
    _before_2024("co-thi-dua-bo", "Cờ thi đua của Bộ Nội vụ", "minister", "c"),
    _before_2024("bang-khen-bo", "Bằng khen của Bộ trưởng Bộ Nội vụ", "minister", "ic"),
    _before_2024("giay-khen-so", "Giấy khen của Giám đốc Sở Nội vụ", "agency", "ic"),
)

_MONEY: tuple[tuple[str, str, str, str], ...] = (
    ("cstd-toan-quoc", "individual", "4.5", "V"),
    ("cstd-bo", "individual", "3.0", "V"),
    ("cstd-tinh", "individual", "3.0", "V"),
    ("cstd-co-so", "individual", "1.0", "V"),
    ("lao-dong-tien-tien", "individual", "0.3", "V"),
    ("tap-the-lao-dong-xuat-sac", "collective", "1.5", "V"),
    ("tap-the-lao-dong-tien-tien", "collective", "0.8", "V"),
    ("co-thi-dua-chinh-phu", "collective", "12.0", "V"),
    ("co-thi-dua-bo", "collective", "8.0", "V"),
    ("co-thi-dua-tinh", "collective", "8.0", "V"),
    ("xa-tieu-bieu", "collective", "2.0", "V"),
    ("thon-van-hoa", "collective", "1.5", "V"),
    ("bang-khen-ttg", "individual", "3.5", "V"),
    ("bang-khen-ttg", "collective", "7.0", "V"),
    ("bang-khen-bo", "individual", "1.5", "V"),
    ("bang-khen-bo", "collective", "3.0", "V"),
    ("bang-khen-tinh", "individual", "1.5", "V"),
    ("bang-khen-tinh", "collective", "3.0", "V"),
    ("giay-khen-so", "individual", "0.3", "B"),
    ("giay-khen-so", "collective", "0.6", "V"),
    ("ky-niem-chuong-bo", "individual", "0.6", "V"),
)
_MONEY_LAW: tuple[tuple[str, str, date, date | None], ...] = (
    ("nd-98-2023", "Điều 54, 58", NEW, ND98_END),
    ("nd-152-2025", "Điều 50, 54", ND152, None),
)
COEFFICIENTS: tuple[dict[str, Any], ...] = tuple(
    {"title_code": title, "subject": subject, "coefficient": coefficient, "mark": mark,
     "at_most": title.startswith("ky-niem"), "instrument": law, "article": article,
     "valid_from": since, "valid_to": until, "source": article}
    for law, article, since, until in _MONEY_LAW
    for title, subject, coefficient, mark in _MONEY
)

BASE_SALARIES: tuple[dict[str, Any], ...] = (
    {"amount": 1_490_000, "basis": "Nghị định 38/2019/NĐ-CP", "valid_from": date(2019, 7, 1),
     "valid_to": date(2023, 6, 30), "mark": "B"},
    {"amount": 1_800_000, "basis": "Nghị định 24/2023/NĐ-CP", "valid_from": date(2023, 7, 1),
     "valid_to": date(2024, 6, 30), "mark": "V"},
    {"amount": 2_340_000, "basis": "Nghị định 73/2024/NĐ-CP", "valid_from": date(2024, 7, 1),
     "valid_to": date(2026, 6, 30), "mark": "V"},
    {"amount": 2_530_000, "basis": "Nghị định 161/2026/NĐ-CP", "valid_from": date(2026, 7, 1),
     "valid_to": None, "mark": "V"},
)

_BALLOTS = (
    ("cstd-toan-quoc", 90), ("cstd-bo", 90), ("cstd-tinh", 90), ("cstd-co-so", 80),
    ("co-thi-dua-bo", 80), ("co-thi-dua-tinh", 80), ("co-thi-dua-chinh-phu", 80),
)
VOTING_RULES: tuple[dict[str, Any], ...] = tuple(
    {"title_code": title, "ballot": True, "threshold_percent": percent, "instrument": law,
     "article": article, "valid_from": since, "valid_to": until, "source": article, "mark": mark}
    for law, article, since, until, mark in (
        ("nd-98-2023", "khoản 7 Điều 30", NEW, ND98_END, "V"),
        ("nd-152-2025", "chưa đối chiếu, giữ mức của NĐ 98/2023/NĐ-CP", ND152, None, "B"),
    )
    for title, percent in _BALLOTS
)
