"""Rows for tests: explicit defaults, every keyword can be overridden, states are complete."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from awards.models import Meeting, MeetingAttendee, MeetingVote, Nomination
from campaigns.models import (
    Area,
    Campaign,
    Criterion,
    DossierPart,
    Milestone,
    Offer,
    Participant,
    Registration,
    RegistrationLine,
    Statement,
)
from dossiers.models import (
    Attachment,
    Batch,
    Document,
    Dossier,
    FormRevision,
    FormSection,
    Report,
    ReportForm,
)
from dossiers.models.form_texts import wording_of
from emulation.models import Individual, Instrument, Rating, RoleGrant, Title, Unit, User

TZ = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=TZ)
_next = count(1)


def make_agency(**values: Any) -> Unit:
    n = next(_next)
    values = {
        "kind": Unit.Kind.AGENCY,
        "code": f"so-{n}",
        "name": f"Sở Nội vụ tỉnh số {n}",
        "short_name": "SNV",
        "symbol": "SNV",
        "place": "Lạng Sơn",
    } | values
    return Unit.objects.create(**values)


def make_unit(agency: Unit, **values: Any) -> Unit:
    n = next(_next)
    values = {
        "agency": agency,
        "parent": agency,
        "kind": Unit.Kind.DEPARTMENT,
        "code": f"phong-{n}",
        "name": f"Phòng Nghiệp vụ {n}",
        "short_name": f"Phòng {n}",
        "symbol": f"P{n}",
        "place": "Lạng Sơn",
        "functions": "Tham mưu giúp Giám đốc Sở.",
    } | values
    return Unit.objects.create(**values)


def make_individual(unit: Unit, **values: Any) -> Individual:
    n = next(_next)
    values = {
        "agency": unit.agency or unit,
        "unit": unit,
        "staff_code": f"CB-{n:04d}",
        "full_name": f"Nguyễn Văn Số {n}",
        "kind": Individual.Kind.CIVIL_SERVANT,
        "gender": Individual.Gender.MALE,
        "birth_date": date(1985, 3, 12),
        "home_town": "xã Đồng Đăng, tỉnh Lạng Sơn",
        "residence": "phường Tam Thanh, tỉnh Lạng Sơn",
        "occupation": "Công chức",
        "position": "Chuyên viên",
    } | values
    return Individual.objects.create(**values)


def make_user(role: str, unit: Unit, *, person: Individual | None = None, **values: Any) -> User:
    """An account with one role for one unit since 2020; without `person` a new one is made."""
    n = next(_next)
    values = {
        "username": f"{role.lower().replace('_', '-')}.{n}",
        "agency": unit.agency or unit,
        "individual": person or make_individual(unit),
        "email": f"account.{n}@example.vn",
    } | values
    user = User.objects.create(**values)
    RoleGrant.objects.create(user=user, role=role, unit=unit, valid_from=date(2020, 1, 1))
    return user


def make_rating(subject: Individual | Unit, **values: Any) -> Rating:
    key = "individual" if isinstance(subject, Individual) else "unit"
    values = {
        key: subject,
        "year": 2024,
        "level": 3,
        "decision_number": "412/QĐ-SNV",
        "decision_date": date(2024, 12, 20),
        "issuer": "Giám đốc Sở Nội vụ",
    } | values
    return Rating.objects.create(**values)


def make_instrument(**values: Any) -> Instrument:
    n = next(_next)
    values = {
        "code": f"vb-{n}",
        "number": f"{n}/2023/NĐ-CP",
        "name": "Nghị định",
        "mark": "V",
    } | values
    return Instrument.objects.create(**values)


def make_title(**values: Any) -> Title:
    n = next(_next)
    values = {
        "code": f"giay-khen-{n}",
        "kind": Title.Kind.AWARD,
        "name": "Giấy khen của Giám đốc Sở",
        "decider": "agency",
        "for_individual": True,
        "for_collective": True,
        "mark": "V",
        "article": "Điều 75",
    } | values
    return Title.objects.create(**values)


def make_campaign(agency: Unit, *, participants: tuple[Unit, ...] = (), **values: Any) -> Campaign:
    n = next(_next)
    values = {
        "agency": agency,
        "slug": f"phong-trao-{n}",
        "state": Campaign.State.LAUNCHED,
        "kind": Campaign.Kind.THEMATIC,
        "name": f"Phong trào thi đua số {n}",
        "start_date": date(2024, 7, 15),
        "end_date": date(2025, 7, 31),
        "registration_rule": Campaign.RegistrationRule.OPTIONAL,
        "place": "Lạng Sơn",
        "signing_position": "GIÁM ĐỐC",
        "form_code": "ND98-08",
    } | values
    campaign = Campaign.objects.create(**values)
    Participant.objects.bulk_create(Participant(campaign=campaign, unit=u) for u in participants)
    return campaign


def make_offer(campaign: Campaign, **values: Any) -> Offer:
    if "title" not in values:
        values["title"] = make_title()
    return Offer.objects.create(campaign=campaign, **values)


def make_criterion(campaign: Campaign, **values: Any) -> Criterion:
    values = {
        "campaign": campaign,
        "applies": "both",
        "kind": "automatic",
        "rule": "rating_at_least",
        "params": {"year": 2024, "level": "good"},
        "text": "Được xếp loại hoàn thành tốt nhiệm vụ trở lên năm 2024.",
        "source": "Kế hoạch, mục IV.4",
    } | values
    return Criterion.objects.create(**values)


def make_milestone(campaign: Campaign, **values: Any) -> Milestone:
    values = {"campaign": campaign, "kind": "registration", "name": "Đăng ký thi đua"} | values
    return Milestone.objects.create(**values)


def make_area(campaign: Campaign, **values: Any) -> Area:
    values = {"campaign": campaign, "title": "Cải cách hành chính", "registrable": True} | values
    return Area.objects.create(**values)


def make_statements(campaign: Campaign) -> list[Statement]:
    """The four statements that a report must make."""
    rows = (
        ("campaign_results", "Kết quả thực hiện phong trào thi đua", None),
        ("task_results", "Kết quả thực hiện nhiệm vụ công tác", None),
        ("rating", "Quyết định đánh giá, xếp loại năm 2024", 2024),
        ("interim_results", "Kết quả thực hiện nhiệm vụ 7 tháng đầu năm 2025", None),
    )
    return [
        Statement.objects.create(
            campaign=campaign, key=key, heading=heading, text=heading, year=year, position=n
        )
        for n, (key, heading, year) in enumerate(rows)
    ]


def make_dossier_parts(campaign: Campaign) -> list[DossierPart]:
    rows = (
        ("letter", "Tờ trình đề nghị khen thưởng"),
        ("minutes", "Biên bản họp bình xét khen thưởng"),
        ("report", "Báo cáo thành tích của tập thể, cá nhân"),
    )
    return [
        DossierPart.objects.create(campaign=campaign, kind=kind, name=name, position=n)
        for n, (kind, name) in enumerate(rows)
    ]


def make_registration(campaign: Campaign, unit: Unit, *, by: User, **values: Any) -> Registration:
    state = values.get("state", "draft")
    values = {
        "campaign": campaign,
        "unit": unit,
        "created_by": by,
        "created_at": NOW,
        "submitted_at": None if state == "draft" else NOW,
        "decided_at": NOW if state in ("returned", "accepted") else None,
    } | values
    return Registration.objects.create(**values)


def make_line(
    registration: Registration, subject: Individual | Unit, offer: Offer, **values: Any
) -> RegistrationLine:
    key = "individual" if isinstance(subject, Individual) else "unit"
    values = {
        "registration": registration,
        key: subject,
        "offer": offer,
        "commitment": "Hoàn thành 100% nhiệm vụ được giao đúng tiến độ.",
    } | values
    return RegistrationLine.objects.create(**values)


def make_nomination(
    unit: Unit, subject: Individual | Unit, offer: Offer, *, by: User, **values: Any
) -> Nomination:
    key = "individual" if isinstance(subject, Individual) else "collective"
    values = {
        "campaign": offer.campaign,
        "unit": unit,
        key: subject,
        "offer": offer,
        "legal_ground": "Khoản 1 Điều 75",
        "summary": "Hoàn thành xuất sắc nhiệm vụ được giao.",
        "created_by": by,
        "created_at": NOW,
        "submitted_at": NOW if values.get("state") == "received" else None,
    } | values
    return Nomination.objects.create(**values)


def make_meeting(
    campaign: Campaign,
    unit: Unit,
    *,
    by: User,
    present: tuple[Individual, ...] = (),
    nominations: tuple[Nomination, ...] = (),
    **values: Any,
) -> Meeting:
    """A meeting at which all of `present` voted for each of `nominations`."""
    values = {
        "campaign": campaign,
        "unit": unit,
        "created_by": by,
        "created_at": NOW,
        "starts_at": datetime(2025, 7, 28, 14, 0, tzinfo=TZ),
        "ends_at": datetime(2025, 7, 28, 16, 30, tzinfo=TZ),
        "place": "Phòng họp số 2",
        "chair": present[0] if present else None,
        "secretary": present[1] if len(present) > 1 else None,
        "concluded_at": NOW if values.get("state") == "concluded" else None,
    } | values
    meeting = Meeting.objects.create(**values)
    MeetingAttendee.objects.bulk_create(
        MeetingAttendee(meeting=meeting, individual=person) for person in present
    )
    MeetingVote.objects.bulk_create(
        MeetingVote(meeting=meeting, nomination=nomination, in_favour=len(present))
        for nomination in nominations
    )
    return meeting


def make_form(**values: Any) -> ReportForm:
    """The form "ND98-08" (made once) with one section of each kind."""
    code = values.get("code", "ND98-08")
    found = ReportForm.objects.filter(code=code).first()
    if found:
        return found
    values = {
        "code": code,
        "number": "Mẫu số 08",
        "mark": "B",
        "name": "Báo cáo thành tích theo phong trào thi đua",
        "instrument": make_instrument(),
    } | values
    form = ReportForm.objects.create(**values)
    rows = (
        ("profile", "I", "SƠ LƯỢC ĐẶC ĐIỂM, TÌNH HÌNH", "facts", "collective"),
        ("personal", "I", "THÔNG TIN CHUNG", "facts", "individual"),
        ("achievements", "II", "THÀNH TÍCH ĐẠT ĐƯỢC", "statements", "both"),
        ("targets", "", "Nội dung đã đăng ký thi đua", "targets", "both"),
        ("measures", "", "Biện pháp, giải pháp thực hiện", "text", "both"),
    )
    for n, (key, numeral, heading, kind, applies) in enumerate(rows):
        FormSection.objects.create(
            form=form,
            code=key,
            position=n,
            numeral=numeral,
            heading=heading,
            kind=kind,
            applies=applies,
            mark="B",
        )
    return form


def make_revision(form: ReportForm) -> FormRevision:
    """The wording that the form had before its last correction: under another name."""
    content = wording_of(form)
    content["form"]["name"] = "Báo cáo thành tích (bản cũ)"
    revision = form.revisions.create(number=form.revision, content=content, saved_at=NOW)
    form.revision += 1
    form.save(update_fields=["revision"])
    return revision


def make_report(nomination: Nomination, **values: Any) -> Report:
    if "form" not in values:
        values["form"] = make_form()
    return Report.objects.create(nomination=nomination, **values)


def make_dossier(campaign: Campaign, unit: Unit, *, by: User, **values: Any) -> Dossier:
    state = values.get("state", "draft")
    values = {
        "campaign": campaign,
        "unit": unit,
        "decider": "agency",
        "created_by": by,
        "created_at": NOW,
        "submitted_at": None if state == "draft" else NOW,
        "decided_at": NOW if state in ("returned", "accepted") else None,
        "snapshot": {} if state in ("submitted", "accepted") else None,
    } | values
    return Dossier.objects.create(**values)


def make_attachment(dossier: Dossier, *, by: User, **values: Any) -> Attachment:
    n = next(_next)
    values = {
        "dossier": dossier,
        "name": "minh-chung.pdf",
        "file": "attachments/none.pdf",
        "content_type": "application/pdf",
        "size": 1000,
        "sha256": f"{n:064x}",
        "pages": 1,
        "uploaded_by": by,
        "uploaded_at": NOW,
    } | values
    return Attachment.objects.create(**values)


def make_document(dossier: Dossier, *, by: User, **values: Any) -> Document:
    n = next(_next)
    values = {
        "kind": "letter",
        "campaign": dossier.campaign,
        "dossier": dossier,
        "subject": str(dossier.unit),
        "snapshot": {},
        "created_by": by,
        "created_at": NOW,
    } | values
    if values.get("state") == "ready":
        values = {
            "file": f"documents/{n}.pdf",
            "sha256": f"{n:064x}",
            "pages": 1,
            "rendered_at": NOW,
        } | values
    return Document.objects.create(**values)


def make_batch(campaign: Campaign, *documents: Document, by: User) -> Batch:
    batch = Batch.objects.create(campaign=campaign, created_by=by, created_at=NOW)
    batch.documents.add(*documents)
    return batch
