"""The five plans become campaigns, twice without harm; a wrong file is refused with the place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from campaigns.actions import act_on_campaign, import_plan
from campaigns.models import Area, Campaign, Criterion, DossierPart, Milestone, Statement, Target
from emulation.models import Step, User
from emulation.workflow import Refused
from tests.campaigns.conftest import SLUGS, Ground, plan
from tests.campaigns.pages import visible
from tests.factories import NOW, make_instrument


def load(slug: str, ground: Ground, **changes: Any) -> Campaign:
    data = {**plan(slug), **changes}
    return import_plan(data=data, by=ground.office[slug], at=NOW, participants=[ground.unit[slug]])


def test_there_are_five() -> None:
    assert len(SLUGS) == 5


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_of_a_plan_is_lost(slug: str, ground: Ground) -> None:
    campaign = load(slug, ground)
    data = plan(slug)
    for rows, key in (
        ("themes", "themes"),
        ("bases", "bases"),
        ("anniversaries", "anniversaries"),
        ("milestones", "milestones"),
        ("offers", "offers"),
        ("criteria", "criteria"),
        ("duties", "duties"),
        ("recipients", "recipients"),
        ("remarks", "remarks"),
    ):
        assert getattr(campaign, rows).count() == len(data.get(key, [])), rows
    dossier = data.get("dossier", {})
    assert campaign.dossier_parts.count() == len(dossier.get("parts", []))
    assert campaign.statements.count() == len(dossier.get("statements", []))

    def size(nodes: list[dict[str, Any]]) -> int:
        return sum(1 + size(node.get("children", [])) for node in nodes)

    assert campaign.areas.count() == size(data.get("areas", []))
    assert campaign.targets.count() == size(data.get("targets", []))
    assert campaign.state == "draft"
    assert [p.unit for p in campaign.participants.all()] == [ground.unit[slug]]
    assert Step.objects.about(campaign).get().label == "Nạp kế hoạch"


@pytest.mark.parametrize("slug", SLUGS)
def test_each_plan_reads_well_for_everybody(
    slug: str, ground: Ground, client_for: Callable[[User], Client]
) -> None:
    campaign = load(slug, ground)
    office, head = ground.office[slug], ground.head[slug]
    url = f"/phong-trao/{slug}/"
    assert client_for(head).get(url).status_code == 404
    draft = visible(client_for(office).get(url).content.decode())
    assert campaign.name in draft
    act_on_campaign(campaign=campaign, act="launch", by=office, at=NOW)
    for user in (office, head):
        text = visible(client_for(user).get(url).content.decode())
        assert not re.search(r"\b[A-Z]+_[A-Z_]+\b", text)
        assert "None" not in text
        assert campaign.period in text
        assert (campaign.number or "Chưa có số") in text
        assert ("Lưu ý về văn bản gốc" in text) == (user == office and bool(plan(slug)["remarks"]))
        for theme in plan(slug)["themes"]:
            assert theme["text"] in text
        for recipient in plan(slug)["recipients"]:
            assert recipient in text


def test_what_the_plans_say(ground: Ground) -> None:
    """One telling detail of each."""
    for slug in SLUGS:
        load(slug, ground)
    lang_son = Campaign.objects.get(slug="lang-son-2024")
    assert lang_son.instrument is not None
    assert "98/2023" in lang_son.instrument.number
    rating = Criterion.objects.filter(campaign=lang_son, kind="automatic")[0]
    assert rating.params == {"year": 2024, "level": "good"}
    assert Statement.objects.get(campaign=lang_son, key="rating").year == 2024
    assert lang_son.milestones.get(kind="submission").when == "Chưa ấn định"

    hung_yen = Campaign.objects.get(slug="hung-yen-2020")
    deadline = Milestone.objects.get(campaign=hung_yen, kind="registration")
    assert (deadline.hard, deadline.deadline) == (True, "trước ngày 17/02/2020")
    assert Area.objects.filter(campaign=hung_yen, registrable=True).count() == 8
    consultation = DossierPart.objects.filter(campaign=hung_yen, kind="consultation")
    assert consultation.exists()
    assert all(part.offers.exists() for part in consultation)
    assert hung_yen.signing_authority == "KT."
    # It names the decree whose form is to be used, but no form.
    assert hung_yen.instrument is not None
    assert (hung_yen.instrument.number, hung_yen.form_code) == ("91/2017/NĐ-CP", "")

    soc_trang = Target.objects.filter(campaign__slug="soc-trang-2025")
    assert "> 98%" in {t.measure for t in soc_trang}
    assert "≥ Hoàn thành tốt nhiệm vụ" in {t.measure for t in soc_trang}
    within = soc_trang.filter(parent__isnull=False, unit="tập thể").get()
    assert within.measure == "2 tập thể"

    quang_ngai = Target.objects.filter(campaign__slug="quang-ngai-2023")
    assert "109 trường dữ liệu" in {t.measure for t in quang_ngai}
    assert "trước ngày 30/05/2023" in {t.due for t in quang_ngai}

    thanh_hoa = Campaign.objects.get(slug="thanh-hoa-2024")
    assert thanh_hoa.period == "Từ tháng 07/2024 đến hết tháng 07/2025"
    assert (thanh_hoa.number, thanh_hoa.issued) == ("", "07/2024")


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        ("hung-yen-2020", "merit"),
        ("lang-son-2024", "theme"),
        ("soc-trang-2025", "merit"),
        ("thanh-hoa-2024", "theme"),
    ],
)
def test_which_report_each_plan_asks_for(slug: str, kind: str, ground: Ground) -> None:
    """As it says, else as its kind of campaign does; Quảng Ngãi's offers nothing yet."""
    campaign = load(slug, ground)
    assert set(campaign.offers.values_list("report_kind", flat=True)) == {kind}


def test_a_plan_may_ask_for_the_other_report(ground: Ground) -> None:
    offers = [{"title": "giay-khen-so", "report_kind": "merit"}, {"title": "bang-khen-bo"}]
    campaign = load("lang-son-2024", ground, offers=offers, criteria=[])
    assert list(campaign.offers.values_list("report_kind", flat=True)) == ["merit", "theme"]


def test_the_command_loads_once_and_overwrites_nothing(ground: Ground) -> None:
    call_command("load_plans", stdout=StringIO())
    assert Campaign.objects.count() == 5
    Campaign.objects.filter(slug="lang-son-2024").update(name="Đã sửa")
    rows = Target.objects.count(), Step.objects.count()
    out = StringIO()
    call_command("load_plans", stdout=out)
    assert out.getvalue().count("đã có, giữ nguyên") == 5
    assert Campaign.objects.get(slug="lang-son-2024").name == "Đã sửa"
    assert (Target.objects.count(), Step.objects.count()) == rows
    assert Campaign.objects.count() == 5


def test_the_command_skips_agencies_that_do_not_exist(db: None) -> None:
    out = StringIO()
    call_command("load_plans", stdout=out)
    assert out.getvalue().count("chưa có cơ quan") == 5


def test_the_command_names_file_and_place(ground: Ground, tmp_path: Path) -> None:
    (tmp_path / "sai.json").write_text(
        json.dumps({**plan("lang-son-2024"), "themes": [{"level": "own", "txt": "?"}]})
    )
    with pytest.raises(CommandError, match=r"(?s)sai\.json.*themes\[1\]\.txt"):
        call_command("load_plans", folder=str(tmp_path), stdout=StringIO())
    (tmp_path / "sai.json").write_text("{")
    with pytest.raises(CommandError, match="không đọc được"):
        call_command("load_plans", folder=str(tmp_path), stdout=StringIO())
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"nam": 2024}, "nam", "không có mục này"),
        ({"kind": "khac"}, "kind", "chỉ nhận"),
        ({"name": ""}, "name", "phải có giá trị"),
        ({"agency": "so-khac"}, "agency", "không có cơ quan"),
        ({"start": "15/7/2024"}, "start", "không phải ngày"),
        ({"end": "2023-01-01"}, "end", "từ ngày bắt đầu"),
        ({"number": "x" * 61}, "", "số, ký hiệu"),
        ({"number": 173}, "number", "không đúng kiểu"),
        ({"themes": [{"level": "xa", "text": "A"}]}, "themes[1].level", "chỉ nhận"),
        ({"themes": [{"level": "own", "text": "A", "x": 1}]}, "themes[1].x", "không có mục này"),
        ({"themes": ["A"]}, "themes[1]", "phải là một nhóm"),
        ({"recipients": ["A", 2]}, "recipients[2]", "phải là một dòng chữ"),
        ({"milestones": [{"kind": "other", "name": "A", "date": "2024-13-01"}]},
         "milestones[1].date", "không phải ngày"),
        ({"targets": [{"metric": "A", "operator": "gte", "value": None}]},
         "targets[1]", "phải có giá trị"),
        ({"targets": [{"metric": "A", "operator": "gte", "value": "nhiều"}]},
         "targets[1].value", "không phải là số"),
        ({"targets": [{"metric": "A", "operator": "yes", "children": [{"operator": "yes"}]}]},
         "targets[1].children[1].metric", "phải có giá trị"),
        ({"areas": [{"number": "1"}]}, "areas[1].title", "tiêu đề hoặc nội dung"),
        ({"offers": [{"title": "huan-chuong-khong-co"}], "criteria": []},
         "offers[1].title", "mang mã"),
        ({"offers": [{"title": "giay-khen-so"}, {"title": "giay-khen-so"}], "criteria": []},
         "offers[2]", "đã có trong phong trào"),
        ({"offers": [{"title": "giay-khen-so", "collective": False, "individual": False}],
          "criteria": []}, "offers[1]", "ít nhất một đối tượng"),
        ({"criteria": [{"offer": "co-thi-dua-bo", "for": "both", "text": "A"}]},
         "criteria[1].offer", "không có hình thức"),
        ({"criteria": [{"for": "both", "text": "A", "rule": "doan"}]},
         "criteria[1].rule", "không biết quy tắc"),
        ({"criteria": [{"for": "both", "text": "A", "rule": "rating_at_least", "params": {}}]},
         "criteria[1].params", "tham số"),
        ({"criteria": [{"for": "both", "text": "A", "rule": "rating_at_least",
                        "params": {"year": 2024, "level": "tot"}}]},
         "criteria[1].params.level", "mức xếp loại"),
        ({"offers": [{"title": "giay-khen-so", "report_kind": "cong-trang"}], "criteria": []},
         "offers[1].report_kind", "“cong-trang” không hợp lệ, chỉ nhận: theme, merit"),
        ({"dossier": {"form": "ND00-01"}}, "dossier.form", "không biết mẫu"),
        ({"dossier": {"decree": "1/1945/NĐ-CP"}}, "dossier.decree", "không biết nghị định"),
        ({"dossier": {"form": "ND98-08", "decree": "91/2017/NĐ-CP"}},
         "dossier.decree", "không thuộc Nghị định số 91/2017/NĐ-CP"),
        ({"dossier": {"parts": [{"kind": "letter", "name": "A", "offers": ["x"]}]}},
         "dossier.parts[1].offers", "không có hình thức"),
        ({"dossier": {"copies": -2}}, "dossier.copies", "từ 0 trở lên"),
        ({"signing": {"name": "A", "chuc": "B"}}, "signing.chuc", "không có mục này"),
    ],
)  # fmt: skip
def test_what_is_not_understood_refuses_the_whole(
    changes: dict[str, Any], place: str, reason: str, ground: Ground
) -> None:
    with pytest.raises(ValidationError) as error:
        load("lang-son-2024", ground, **changes)
    assert any(f"Tại “{place}" in text and reason in text for text in error.value.messages) or (
        not place and any(reason in text for text in error.value.messages)
    ), error.value.messages
    assert not Campaign.objects.exists()
    assert not Step.objects.exists()


def test_a_plan_may_name_a_decree_that_came_later(ground: Ground) -> None:
    """No decree has this number: the row stands for one that somebody adds to the catalogue."""
    later = make_instrument(number="999/2040/NĐ-CP")
    for dossier in ({"form": "ND999-08"}, {"decree": "999/2040/NĐ-CP"}):
        campaign = load("lang-son-2024", ground, dossier=dossier)
        assert (campaign.instrument, campaign.form_code) == (later, dossier.get("form", ""))
        campaign.delete()


def test_all_errors_come_together(ground: Ground) -> None:
    with pytest.raises(ValidationError) as error:
        load("lang-son-2024", ground, themes=[{"x": 1}], duties=[{"who": "A"}])
    assert {"themes[1].x", "themes[1].text", "duties[1].text"} <= {
        re.findall("“(.*?)”", text)[0] for text in error.value.messages
    }


def test_an_existing_slug_is_never_overwritten(ground: Ground) -> None:
    load("lang-son-2024", ground)
    with pytest.raises(ValidationError, match="đã có phong trào mang mã"):
        load("lang-son-2024", ground, name="Khác")


def test_only_the_office_of_the_agency_loads(ground: Ground) -> None:
    for user in (ground.head["lang-son-2024"], ground.office["thanh-hoa-2024"]):
        with pytest.raises(Refused):
            import_plan(data=plan("lang-son-2024"), by=user, at=NOW)
    assert not Campaign.objects.exists()


def test_participants_are_of_the_agency(ground: Ground) -> None:
    with pytest.raises(ValidationError, match="không thuộc cơ quan"):
        import_plan(
            data=plan("lang-son-2024"),
            by=ground.office["lang-son-2024"],
            at=NOW,
            participants=[ground.unit["thanh-hoa-2024"]],
        )
    assert not Campaign.objects.exists()
