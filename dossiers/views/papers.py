"""One document: what it is, the files it comes as, who signed it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from awards.views.workspace import actor
from dossiers import actions
from dossiers.codes import grouped
from dossiers.documents.signatures import Finding, findings, is_unchanged
from dossiers.forms import SignForm
from dossiers.models import Document, FormRevision, Signature
from dossiers.signing.keys import Key, keyring
from dossiers.views.documents import TONES, owners_of
from dossiers.views.trails import of_paper
from dossiers.workflow import PAPER, issued, roles_on
from emulation.models import Step, User
from emulation.templatetags.vietnamese import vdatetime
from emulation.vietnamese import number, short_date
from emulation.views.acts import perform
from emulation.views.looks import leave_trace

State, Standing = Document.State, Document.Standing
STANDING_TONES = {
    Standing.DRAFT: "neutral",
    Standing.IN_FORCE: "success",
    Standing.SUPERSEDED: "warning",
    Standing.ANNULLED: "danger",
}
TRIAL = "Chữ ký số ở đây không có giá trị pháp lý. Mật khẩu của khóa: {}"
UNTRUSTED = "Nguyên vẹn; đơn vị cấp chứng thư số chưa có trong danh sách tin cậy"
SIGNED = "Văn bản đã có chữ ký số của mọi khóa mà bạn được dùng."
NO_KEY = "Bạn chưa được cấp khóa ký số nào dùng được cho văn bản này."
MISCONFIGURED = "Có khóa ký số cấu hình chưa đúng nên không dùng được; hãy báo quản trị hệ thống."


@dataclass(frozen=True)
class SignatureLine:
    """A signature with the verdict on it, its tone, and the facts in rows."""

    finding: Finding
    verdict: str
    tone: str
    facts: list[tuple[str, str]]


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor(request)
    found = _visible(user, pk)
    leave_trace(request, found, f"Văn bản: {found}", **owners_of(found))
    return _page(request, user, found, SignForm(document=found, keys=_keys(user, found)))


@sensitive_post_parameters("secret")
@require_POST
def document_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """One signature more; what was typed as the secret is never sent back."""
    user = actor(request)
    found = _visible(user, pk)
    form = SignForm(request.POST, document=found, keys=_keys(user, found))
    if form.is_valid() and perform(
        request,
        lambda: actions.sign(
            document=found,
            key=form.cleaned_data["key"],
            secret=form.cleaned_data.get("secret", ""),
            place=form.cleaned_data["place"],
            by=user,
            at=timezone.now(),
        ),
        done="Đã ký số văn bản.",
        form=form,
    ):
        return redirect("dossiers:paper", pk=pk)
    return _page(request, user, _visible(user, pk), form, status=422)


def _keys(user: User, found: Document) -> list[Key]:
    """What this person may sign with and has not signed with yet."""
    used = set(found.signatures.values_list("key", flat=True))
    return [key for key in actions.keys_for(document=found, by=user) if key.slug not in used]


def _visible(user: User, pk: int) -> Document:
    rows = Document.objects.visible_to(user).with_standing()
    return get_object_or_404(
        rows.select_related(
            "campaign__agency",
            "batch__campaign",
            "dossier__unit",
            "dossier__campaign",
            "report__nomination__campaign",
            "report__nomination__unit",
            "report__nomination__individual",
            "report__nomination__collective",
            "report__form__instrument",
            "created_by__individual",
            "annulled_by__individual",
            "supersedes",
            "superseded_by",
        ),
        pk=pk,
    )


def _page(
    request: HttpRequest, user: User, found: Document, form: SignForm, *, status: int = 200
) -> HttpResponse:
    now, ring = timezone.now(), keyring()
    roles = roles_on(found, user)
    reason = unsignable = actions.unsignable(found)
    signatures = list(found.signatures.select_related("signed_by__individual").order_by("position"))
    if not reason and not form.has_keys:
        if actions.keys_for(document=found, by=user):
            reason = SIGNED
        else:
            reason = MISCONFIGURED if ring.problems else NO_KEY
    may_annul = next(
        (act for act in PAPER.acts(issued(found), roles=roles, at=now) if act.key == "annul"), None
    )
    steps = Step.objects.about(found).select_related("by__individual").order_by("-at", "-pk")
    is_ready = found.state == State.READY
    shows_trial = settings.DEMO and form.has_trial
    context = {
        "paper": found,
        "title": f"{found.get_kind_display()}: {found.subject}",
        "trail": of_paper(user, found),
        "standing": Standing(found.standing).label,
        "standing_tone": STANDING_TONES[Standing(found.standing)],
        "state_tone": TONES[State(found.state)],
        "is_ready": is_ready,
        "is_intact": not is_ready or is_unchanged(found.file, found.sha256),
        "is_print": found.kind in Document.PRINTS,
        "facts": _facts(found),
        "technical": _technical(found, signatures),
        "report_form_url": _report_form_url(found),
        "has_word": found.kind not in Document.BOUND,
        "signatures": [_line(finding) for finding in findings(signatures, ring)],
        "sign_form": form,
        "sign_reason": reason,
        "is_unsignable": bool(unsignable),
        "trial_text": TRIAL.format(settings.DEMO_PASSWORD) if shows_trial else "",
        "annul": None if found.annulled_at else may_annul,
        "steps": list(steps),
        "verify_url": found.address,
        "here": reverse("dossiers:paper", args=(found.pk,)),
    }
    return render(request, "dossiers/paper.html", context, status=status)


def _facts(found: Document) -> list[tuple[str, str]]:
    """What an office asks of a paper; what it does not have is left out."""
    later = getattr(found, "superseded_by", None)
    rows = [
        ("Loại văn bản", found.get_kind_display()),
        ("Số, ký hiệu", found.number),
        ("Ngày ban hành", short_date(found.issued_date)),
        ("Nơi ban hành", found.issuer),
        ("Người ký", "\n".join(place["label"] for place in found.signing_places)),
        ("Số trang", number(found.pages)),
        ("Mã văn bản", grouped(found.code or "")),
        ("Mẫu báo cáo", _report_form(found)),
        ("Người tạo", f"{found.created_by}, {vdatetime(found.created_at)}"),
        ("Thay thế văn bản", _name(found.supersedes)),
        ("Được thay thế bởi", _name(later)),
    ]
    if found.annulled_at:
        who = f"{found.annulled_by}, {vdatetime(found.annulled_at)}"
        rows.append(("Hủy bởi", f"{who}\nLý do: {found.annul_reason}"))
    return [(label, value) for label, value in rows if value]


def _technical(found: Document, signatures: Sequence[Signature]) -> list[tuple[str, str]]:
    """What tells one file from another and how it was made."""
    newest, many = (signatures[-1].sha256, len(signatures)) if signatures else ("", 0)
    rows = [
        ("Tạo xong lúc", vdatetime(found.rendered_at)),
        ("Phiên bản thể thức", found.template_version),
        ("Dấu vân tay tệp (SHA-256)", found.sha256),
        (f"Dấu vân tay bản có {many} chữ ký số", newest),
    ]
    return [(label, value) for label, value in rows if value]


def _report_form(found: Document) -> str:
    """As the form was called when the paper was made, whatever became of it since."""
    code, _, number = found.form_version.partition("/")
    if found.report is None or not number.isdecimal():
        return found.form_version
    revision = FormRevision.objects.filter(form__code=code, number=int(number)).first()
    if revision is not None:
        said = revision.content
        return f"{said['form']['number']}, {said['basis']['instrument']}, phiên bản {number}"
    report_form = found.report.form
    if report_form.code != code:
        return found.form_version
    return f"{report_form.number}, {report_form.instrument.number}, phiên bản {number}"


def _report_form_url(found: Document) -> str:
    """Where one sees that wording beside today's."""
    code, _, revision = found.form_version.partition("/")
    if not revision:
        return ""
    return f"{reverse('dossiers:form_history', args=(code,))}?tu={revision}"


def _name(other: Document | None) -> str:
    """By its number, else its code; a draft has neither and is not spoken of."""
    if other is None or other.code is None:
        return ""
    code = grouped(other.code)
    return f"{other.number} (mã {code})" if other.number else f"Mã {code}"


def _line(finding: Finding) -> SignatureLine:
    row, seen = finding.signature, finding.seen
    if finding.problem:
        verdict, tone = f"Không hợp lệ. {finding.problem}", "danger"
    elif finding.is_trusted:
        verdict, tone = "Hợp lệ", "success"
    else:
        verdict, tone = UNTRUSTED, "warning"
    facts = [
        ("Chứng thư số cấp bởi", row.issuer),
        ("Ký lúc", vdatetime(row.signed_at)),
        ("Tài khoản ký", str(row.signed_by)),
    ]
    if seen and seen.not_after:
        ended = " (nay đã hết hạn)" if seen.not_after < timezone.now() else ""
        facts.append(("Chứng thư số có hạn đến", vdatetime(seen.not_after) + ended))
    if seen and seen.revoked_at:
        after = "" if finding.problem else ", sau khi đã ký nên chữ ký vẫn có giá trị"
        facts.append(("Chứng thư số bị thu hồi", vdatetime(seen.revoked_at) + after))
    if seen and seen.stamped_at:
        good = "" if seen.stamp_is_good else " (đơn vị cấp dấu thời gian chưa được tin cậy)"
        facts.append(("Dấu thời gian", f"{vdatetime(seen.stamped_at)}, {seen.stamper}{good}"))
    else:
        facts.append(("Dấu thời gian", "không có"))
    if seen and not finding.problem:
        facts.append(
            (
                "Phạm vi",
                "Toàn bộ tệp"
                if seen.whole
                else "Toàn bộ nội dung; sau đó chỉ có thêm chữ ký số khác, được phép",
            )
        )
    return SignatureLine(finding, verdict, tone, facts)
