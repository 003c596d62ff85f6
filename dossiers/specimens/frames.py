"""Specimens of what Nghị định 30/2020 frames and no dossier holds: quyết định, công văn."""

from __future__ import annotations

from typing import Any

from dossiers.documents.phrases import authority
from dossiers.prose import blocks
from dossiers.specimens import texts
from dossiers.specimens.papers import header, signer, table
from dossiers.specimens.texts import AWARD, MOVEMENT, name, post, prose, unit


def decision(size: str) -> dict[str, Any]:
    """Quyết định, Mẫu 1.2."""
    is_long = size == "extreme"
    people = {"short": 1, "normal": 5, "extreme": 300}[size]
    head = {
        "short": authority("Giám đốc"),
        "normal": authority("Phó Giám đốc"),
        "extreme": authority("Phó Chủ tịch", body="Ủy ban nhân dân"),
    }[size]
    articles: list[dict[str, Any]] = [
        {
            "text": f"Tặng {AWARD} cho 02 tập thể và {people:02d} cá nhân có thành tích xuất sắc "
            f"trong {MOVEMENT} (có danh sách kèm theo).",
            "points": [],
        },
        {
            "text": "Tiền thưởng kèm theo Giấy khen thực hiện theo quy định của pháp luật:",
            "points": [
                "a) Tập thể: 0,6 lần mức lương cơ sở;",
                "b) Cá nhân: 0,3 lần mức lương cơ sở.",
            ],
        },
        *(
            {"text": sentence.replace("*", "").replace("_", ""), "points": []}
            for sentence in (texts.SENTENCES * 3 if is_long else ())
        ),
        {
            "text": "Quyết định này có hiệu lực thi hành kể từ ngày ký. Chánh Văn phòng Sở, Trưởng "
            "các phòng, đơn vị thuộc Sở và các tập thể, cá nhân có tên tại Điều 1 chịu trách nhiệm "
            "thi hành Quyết định này",
            "points": [],
        },
    ]
    note = "Kèm theo Quyết định số 236/QĐ-SNV ngày 03 tháng 8 năm 2025 của Giám đốc Sở Nội vụ"
    appendices = []
    if size != "short":
        rows = [[str(i + 1), name(i), post(i), unit(i)] for i in range(people)]
        names = {"kind": "table", "head": ["STT", "Họ và tên", "Chức vụ", "Đơn vị"], "rows": rows}
        appendices.append(
            {"title": "Danh sách cá nhân được tặng Giấy khen", "note": note, "wide": False,
             "blocks": [names]}
        )  # fmt: skip
    if is_long:
        appendices.append(
            {"title": "Tóm tắt thành tích", "note": note, "wide": True, "blocks": table(40)}
        )
    of_agency = "Ủy ban nhân dân tỉnh Lạng Sơn"
    return {
        "meta": {"title": "Quyết định khen thưởng", "author": "Sở Nội vụ tỉnh Lạng Sơn"},
        "header": header(
            superior=texts.LONG_SUPERIOR if is_long else "UBND tỉnh Lạng Sơn",
            agency=texts.LONG_AGENCY if is_long else "Sở Nội vụ",
            symbol="QĐ-SNV",
            number="236",
        ),
        "title": "QUYẾT ĐỊNH",
        "subject": f"Về việc tặng {AWARD}",
        "decider": of_agency if is_long else "Giám đốc Sở Nội vụ",
        "bases": [
            *(f"Căn cứ {text}" for text in (texts.LAW, texts.DECREE)),
            "Theo đề nghị của Hội đồng Thi đua - Khen thưởng Sở Nội vụ và Chánh Văn phòng Sở",
        ],
        "articles": articles,
        "recipients": ["Như Điều 3", "UBND tỉnh (để b/c)", "Lưu: VT, TĐKT. NVH.12"],
        "signing": [[signer(*head, name=texts.LONG_NAME if is_long else name(6))]],
        "appendices": appendices,
    }


def dispatch(size: str) -> dict[str, Any]:
    """Công văn, Mẫu 1.5."""
    is_long = size == "extreme"
    head = {
        "short": authority("Chánh Văn phòng", order_of="Giám đốc"),
        "normal": authority("Trưởng phòng", order_of="Giám đốc", delegated=True),
        "extreme": authority("Quyền Giám đốc"),
    }[size]
    urgency = {"short": "", "normal": "Khẩn", "extreme": "Thượng khẩn"}[size]
    about = "hướng dẫn hoàn thiện hồ sơ đề nghị khen thưởng"
    if is_long:
        about += f" {MOVEMENT}"
    addressees = ["Phòng Cải cách hành chính"]
    if size != "short":
        addressees = [unit(i) for i in range({"normal": 3, "extreme": 7}[size])]
    return {
        "meta": {"title": f"Công văn V/v {about}", "author": "Sở Nội vụ tỉnh Lạng Sơn"},
        "header": header(
            superior="UBND tỉnh Lạng Sơn",
            agency="Sở Nội vụ",
            symbol="SNV-VP",
            number="12",
            about=about,
            urgency=urgency,
        ),
        "addressees": addressees,
        "blocks": blocks(prose({"short": 2, "normal": 6, "extreme": 40}[size])),
        "closing": "Sở Nội vụ đề nghị các cơ quan, đơn vị phối hợp thực hiện",
        "recipients": ["Như trên", "Giám đốc, các Phó Giám đốc Sở", "Lưu: VT, VP. LTAN.15"],
        "signing": [[signer(*head, name=name(9))]],
        "appendices": [
            {"title": "Mẫu biểu tổng hợp", "note": "Kèm theo Công văn số 12/SNV-VP ngày 03 tháng 8 "
             "năm 2025 của Sở Nội vụ", "wide": True, "blocks": table(25)}
        ] if is_long else [],
    }  # fmt: skip
