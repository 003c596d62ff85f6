"""Papers as nobody would think of them: by a seed, from the samples of every kind."""

from __future__ import annotations

import unicodedata
from random import Random
from typing import Any

from dossiers.documents.pages import filled, html
from dossiers.prose import blocks
from tests.dossiers import samples

KINDS = ("report", "letter", "minutes", "list")
FRAMES = ("decision", "dispatch")
WORDS = (
    "thi đua khen thưởng Nguyễn Thị Nguyệt Ánh nghiệp vụ chuyển đổi số CCHC/2025 12.345.678 100% "
    "(28/8/1945 - 28/8/2025) “Dân vận khéo” – hồ sơ; Quyết định số 05/QĐ-UBND, R&D <b>không</b> "
    "ữ ỷ ẵ Đặng ĐẮK LẮK Ỷ Ữ Ằ khuya khoắt nghiêng nghiêng A&amp;B snake_case 5*3 º € … "
    "sonoivu.langson.gov.vn/thi-dua-khen-thuong/phong-trao-2025 \"nháy\" 'đơn'"
).split(" ")
LONG_NAME = "Tôn Nữ Công Tằng Huyền Trang Nguyễn Phước Hoàng Thị Diễm Quỳnh"


def page(source: str | int) -> str:
    """The HTML of the sample of a kind, or of the generated case of this number."""
    if isinstance(source, str):
        return html(source, samples.SAMPLES[source])
    kind, snapshot = case(source)
    if kind in FRAMES:
        return filled(f"documents/frames/{kind}.html", snapshot)
    return html(kind, snapshot)


def case(seed: int) -> tuple[str, dict[str, Any]]:
    """The kind of document, and its snapshot."""
    random = Random(seed)
    kinds = {
        "report": _report,
        "letter": _letter,
        "minutes": _minutes,
        "list": _list,
        "decision": _decision,
        "dispatch": _dispatch,
    }
    kind = list(kinds)[seed % len(kinds)]
    return kind, kinds[kind](random)


def phrase(random: Random, most: int = 12, least: int = 1) -> str:
    """Now and then with letters and marks apart, as some keyboards type them."""
    words = " ".join(random.choice(WORDS) for _ in range(random.randint(least, most)))
    return unicodedata.normalize("NFC" if random.random() < 0.8 else "NFD", words)


def name(random: Random) -> str:
    return random.choice((LONG_NAME, "Y Bé", "Nông Quốc Khánh", phrase(random, 6)))


def text(random: Random, lines: int = 8) -> str:
    """Paragraphs, items of two levels, emphasis, a table, empty lines."""
    found = []
    for _ in range(random.randint(0, lines)):
        body = phrase(random, 60)
        found.append(
            random.choice(
                (
                    body,
                    f"- {body}",
                    f"+ {body}",
                    f"{body} **{phrase(random)}** và _{phrase(random)}_ {body}",
                    f"- **{phrase(random)}** {body}",
                    f"| {phrase(random)} | {phrase(random)} |\n| {body} | {random.random():.2f} |",
                    "",
                )
            )
        )
    return "\n".join(found)


def _header(random: Random) -> dict[str, Any]:
    return samples.letterhead(
        superior=random.choice(("", "UBND tỉnh Lạng Sơn", phrase(random, 14))),
        agency=random.choice(("Sở Nội vụ", phrase(random, 14))),
        symbol=random.choice(("", "TTr-CCHC")),
        number=random.choice(("", "07")),
        place=random.choice(("", "Lạng Sơn")),
        date=random.choice((None, "2025-02-03")),
        year=random.choice(("", "2025")),
    )


def _signing(random: Random) -> list[list[dict[str, Any]]]:
    def signer() -> dict[str, Any]:
        lines = [phrase(random, 5) for _ in range(random.randint(1, 3))]
        found = samples.signer(*lines, name=random.choice(("", name(random))))
        return found | {"hint": random.choice(("", "(Ký, ghi rõ họ tên)"))}

    return [[signer() for _ in range(random.randint(1, 2))] for _ in range(random.randint(1, 2))]


def _common(random: Random, sample: dict[str, Any]) -> dict[str, Any]:
    return sample | {
        "header": _header(random),
        "subject": phrase(random, 40),
        "signing": _signing(random),
    }


def _report(random: Random) -> dict[str, Any]:
    numerals = ("I", "II", "III")[: random.randint(1, 3)]
    return _common(random, samples.report()) | {
        "scope": random.choice(("", phrase(random, 30))),
        "applicant": [[phrase(random, 4), name(random)] for _ in range(random.randint(0, 4))],
        "sections": [
            {
                "numeral": numeral,
                "heading": phrase(random, 10),
                "blocks": [*blocks(text(random)), *_facts(random), *_table(random)],
                "subsections": [
                    {"number": str(n), "heading": phrase(random), "blocks": blocks(text(random))}
                    for n in range(1, random.randint(1, 4))
                ],
            }
            for numeral in numerals
        ],
        "appendices": _appendices(random),
    }


def _facts(random: Random) -> list[dict[str, Any]]:
    items = [[phrase(random, 4), phrase(random)] for _ in range(random.randint(0, 3))]
    return [{"kind": "facts", "items": items}] if items else []


def _appendices(random: Random) -> list[dict[str, Any]]:
    return [
        {
            "title": phrase(random, 12),
            "note": random.choice(("", phrase(random, 20))),
            "wide": random.random() < 0.5,
            "blocks": [*_table(random), *blocks(text(random)), *_tasks(random)],
        }
        for _ in range(random.choice((0, 1, 3)))
    ]


def _tasks(random: Random) -> list[dict[str, Any]]:
    """Rows led by a number, and headings; line breaks and marks are only text there."""
    rows = [
        ["", phrase(random, 8)]
        if random.random() < 0.1
        else [str(n), f"{phrase(random, 20)}\n- **{phrase(random)}**"]
        + [random.choice(("", phrase(random, 8))) for _ in range(5)]
        for n in range(1, random.choice((2, 9, 60)))
    ]
    return [{"kind": "tasks", "rows": rows}]


def _decision(random: Random) -> dict[str, Any]:
    points = [f"{letter}) {phrase(random)};" for letter in "abcdđ"]
    return _common(random, samples.letter()) | {
        "decider": phrase(random, 5),
        "bases": [phrase(random, 40) for _ in range(random.randint(1, 4))],
        "articles": [
            {"text": phrase(random, 60), "points": points[: random.choice((0, 0, 5))]}
            for _ in range(random.randint(1, 12))
        ],
        "recipients": [phrase(random, 8) for _ in range(random.randint(1, 9))],
        "appendices": _appendices(random),
    }


def _dispatch(random: Random) -> dict[str, Any]:
    found = _common(random, samples.letter())
    found["header"] |= {
        "about": random.choice(("", phrase(random, 30))),
        "urgency": random.choice(("", "Khẩn", "Thượng khẩn", "Hỏa tốc")),
    }
    return found | {
        "addressees": [phrase(random, 16) for _ in range(random.randint(1, 7))],
        "blocks": [*blocks(text(random, 20)), *_table(random)],
        "closing": phrase(random, 30),
        "recipients": [phrase(random, 8) for _ in range(random.randint(0, 9))],
        "appendices": _appendices(random),
    }


def _table(random: Random) -> list[dict[str, Any]]:
    columns, rows = random.randint(1, 6), random.choice((0, 1, 3, 40))
    return [
        {
            "kind": "table",
            "head": [phrase(random, 4) for _ in range(columns)],
            "rows": [
                [random.choice(("", phrase(random, 20))) for _ in range(columns)]
                for _ in range(rows)
            ],
        }
    ]


def _letter(random: Random) -> dict[str, Any]:
    return _common(random, samples.letter()) | {
        "addressees": [phrase(random, 16) for _ in range(random.randint(1, 4))],
        "bases": [phrase(random, 40) for _ in range(random.randint(0, 4))],
        "opening": blocks(text(random)),
        "groups": [
            {
                "number": str(n),
                "heading": phrase(random),
                "ground": random.choice(("", phrase(random))),
                "lists": [
                    {
                        "number": letter,
                        "heading": phrase(random),
                        "lines": [name(random) for _ in range(random.choice((0, 1, 5, 60)))],
                    }
                    for letter in "ab"
                ],
            }
            for n in range(1, random.randint(1, 4))
        ],
        "attachments": random.choice(("", phrase(random))),
        "closing": phrase(random, 30),
        "recipients": [phrase(random, 8) for _ in range(random.randint(0, 9))],
        "appendices": _appendices(random),
    }


def _minutes(random: Random) -> dict[str, Any]:
    people = [
        {"name": name(random), "position": random.choice(("", phrase(random, 6)))}
        for _ in range(random.choice((2, 5, 40)))
    ]
    vote = samples.minutes()["votes"][0]
    return _common(random, samples.minutes()) | {
        "present": people,
        "absent": random.choice(([], [person | {"reason": "đi công tác"} for person in people])),
        "content": blocks(text(random)),
        "votes": [
            vote | {"subject": name(random), "position": phrase(random, 5), "title": phrase(random)}
            for _ in range(random.choice((0, 1, 30)))
        ],
        "conclusion": blocks(text(random)),
        "recipients": [phrase(random, 8) for _ in range(random.randint(1, 5))],
    }


def _list(random: Random) -> dict[str, Any]:
    row = samples.roll(1)["groups"][0]["rows"][0]
    return _common(random, samples.roll()) | {
        "scope": random.choice(("", phrase(random, 30))),
        "rating_year": random.choice(("", "2024")),
        "groups": [
            {
                "numeral": numeral,
                "heading": phrase(random, 5),
                "rows": [
                    row | {"name": name(random), "summary": phrase(random, 80), "vote": ""}
                    for _ in range(random.choice((0, 1, 7, 60)))
                ],
            }
            for numeral in ("I", "II")[: random.randint(1, 2)]
        ],
    }
