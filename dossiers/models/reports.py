"""Achievement reports: the legal form as dated rows, and one subject's text under each heading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from awards.models import Nomination
from campaigns.models import Applies, ReportKind, Statement
from dossiers.catalogue import MOVEMENT
from emulation.models import Instrument, Role
from emulation.models.law import DatedQuerySet, LawRow, in_order, once
from emulation.vietnamese import short_date

if TYPE_CHECKING:
    from emulation.models import User


# Who corrects the wording of the forms, which all agencies share.
FORM_EDITORS = frozenset({Role.OFFICE, Role.ADMIN})


class ReportFormQuerySet(DatedQuerySet["ReportForm"]):
    def visible_to(self, user: User) -> Self:
        """The law is for everybody to read."""
        return self

    def editable_by(self, user: User) -> Self:
        return self if user.roles & FORM_EDITORS else self.none()

    def rivals(self, form: ReportForm) -> Self:
        """Others of the same kind, title and subject that hold on a day on which `form` does."""
        found = self.filter(kind=form.kind, title_code=form.title_code).exclude(pk=form.pk)
        if form.applies != Applies.BOTH:
            found = found.filter(applies__in=(Applies.BOTH, form.applies))
        if form.valid_from:
            found = found.filter(Q(valid_to=None) | Q(valid_to__gte=form.valid_from))
        if form.valid_to:
            found = found.filter(Q(valid_from=None) | Q(valid_from__lte=form.valid_to))
        return found


class ReportForm(LawRow):
    """A form of achievement report by decree, such as Mẫu số 08 of NĐ 98/2023/NĐ-CP."""

    code = models.SlugField("mã", max_length=20, unique=True)
    number = models.CharField("mẫu số", max_length=20)
    name = models.CharField("tên mẫu", max_length=300)
    heading = models.CharField("tên loại", max_length=120, default="BÁO CÁO THÀNH TÍCH")
    kind = models.CharField(
        "loại thành tích", max_length=8, choices=ReportKind.choices, default=ReportKind.THEME
    )
    applies = models.CharField(
        "đối tượng", max_length=12, choices=Applies.choices, default=Applies.BOTH
    )
    # A title that has a form of its own, such as Chiến sĩ thi đua toàn quốc since NĐ 152/2025.
    title_code = models.SlugField("chỉ cho danh hiệu", max_length=40, blank=True)
    # Wording under the report, as unsure as the headings.
    scope_label = models.CharField(
        "dòng phạm vi",
        max_length=200,
        blank=True,
        default=f"Thành tích trong {MOVEMENT}",
        help_text=f"Chỗ ghi {MOVEMENT} được thay bằng tên phong trào khi in.",
    )
    reporter_label = models.CharField("người báo cáo", max_length=80, default="Người báo cáo")
    head_label = models.CharField("thủ trưởng đơn vị", max_length=80, default="Thủ trưởng đơn vị")
    confirm_label = models.CharField(
        "xác nhận của đơn vị", max_length=80, default="Thủ trưởng đơn vị xác nhận"
    )
    submit_label = models.CharField(
        "xác nhận của cấp trình", max_length=80, default="Xác nhận của cấp trình khen thưởng"
    )
    revision = models.PositiveIntegerField("phiên bản", default=1, editable=False)
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="+", verbose_name="văn bản ban hành mẫu"
    )
    article = models.CharField("điều, phụ lục", max_length=120, blank=True)

    objects = ReportFormQuerySet.as_manager()

    class Meta:
        verbose_name = "mẫu báo cáo"
        ordering = ("code",)
        constraints = (in_order("report_form_period_in_order"),)

    def __str__(self) -> str:
        return f"{self.number} – {self.name}"

    @property
    def cited(self) -> str:
        """Mẫu số 08 (98/2023/NĐ-CP): the number alone means another form in each decree."""
        return f"{self.number} ({self.instrument.number})"

    @property
    def period(self) -> str:
        """In words, to stand inside a sentence."""
        first, last = short_date(self.valid_from), short_date(self.valid_to)
        if not first and not last:
            return "không thời hạn"
        return " ".join(filter(None, (first and f"từ {first}", last and f"đến hết {last}")))


class FormSection(LawRow):
    """A heading of a form: where its content comes from and for which subjects.

    One with a numeral opens a chapter; those without it are the chapter's parts.
    """

    class Kind(models.TextChoices):
        HEADING = "heading", "Chỉ có tiêu đề"
        FACTS = "facts", "Lấy từ dữ liệu đơn vị, cá nhân"
        TEXT = "text", "Người lập báo cáo viết"
        STATEMENTS = "statements", "Các nội dung kế hoạch yêu cầu phải nêu"
        TARGETS = "targets", "Nội dung đã đăng ký thi đua"

    # Those under which the author of a report writes.
    WRITTEN = (Kind.TEXT, Kind.TARGETS)

    form = models.ForeignKey(ReportForm, models.PROTECT, related_name="sections")
    code = models.SlugField("mã", max_length=30)
    position = models.PositiveSmallIntegerField("thứ tự")
    numeral = models.CharField("số mục", max_length=10, blank=True)
    heading = models.CharField("tiêu đề", max_length=200)
    hint = models.TextField("gợi ý", blank=True)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    applies = models.CharField(max_length=12, choices=Applies.choices, default=Applies.BOTH)
    required = models.BooleanField("bắt buộc", default=False)
    # Taken out of the form by the office; reports that have text under it keep it.
    retired = models.BooleanField("thôi dùng", default=False)

    class Meta:
        verbose_name = "mục của mẫu báo cáo"
        ordering = ("position", "pk")
        constraints = (*once("form_section", "form", "code"),)

    def __str__(self) -> str:
        return f"{self.numeral} {self.heading}".strip()

    def concerns(self, nomination: Nomination) -> bool:
        """Whether the report of this nomination has the heading."""
        return not self.retired and self.suits(nomination)

    def suits(self, nomination: Nomination) -> bool:
        """Whether it is for such a subject, on the day it was nominated; retired or not."""
        day = timezone.localdate(nomination.created_at)
        return (
            self.applies in (Applies.BOTH, nomination.subject_kind)
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or self.valid_to >= day)
        )


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(nomination__in=Nomination.objects.visible_to(user))

    def written_by(self, user: User) -> Self:
        """Of the user's unit, or about the user: those who write it, open to them or not."""
        return self.filter(
            Q(nomination__unit__in=user.unit_ids)
            | Q(
                nomination__individual__account=user.pk,
                nomination__campaign__agency__in=user.agency_ids,
            )
        )

    def editable_by(self, user: User) -> Self:
        """The unit's head and the nominee, until the dossier is submitted."""
        return self.written_by(user).filter(
            nomination__campaign__state="launched",
            nomination__state__in=("proposed", "chosen"),
            locked_at=None,
        )

    def with_subjects(self) -> Self:
        return self.select_related(
            "form__instrument",
            "nomination__campaign__instrument",
            "nomination__unit",
            "nomination__individual__unit",
            "nomination__collective",
            "nomination__offer__title",
        )


class Report(models.Model):
    """The achievement report that belongs to one nomination."""

    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="+")
    form = models.ForeignKey(ReportForm, models.PROTECT, related_name="+")
    # Grows with every save; a form that was opened on an older version is not saved over it.
    version = models.PositiveIntegerField(default=0, editable=False)
    # The number of the last version kept: of the texts, or of the appendix of tasks, which has no
    # part in the number above, so that those who write the one do not interrupt the others.
    history = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    locked_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo thành tích"
        ordering = ("nomination__offer__position", "pk")
        constraints = (
            models.CheckConstraint(
                name="report_updated_by_somebody",
                condition=Q(updated_at=None, updated_by=None, version=0)
                | Q(updated_at__isnull=False, updated_by__isnull=False, version__gt=0),
            ),
        )

    def __str__(self) -> str:
        return f"Báo cáo thành tích: {self.nomination}"


class ReportEntry(models.Model):
    """The text under one heading: a section of the form, or a statement that the plan asks for."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="entries")
    section = models.ForeignKey(
        FormSection, models.PROTECT, null=True, blank=True, related_name="+"
    )
    statement = models.ForeignKey(
        Statement, models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="report_entry_one_heading",
                condition=Q(section=None, statement__isnull=False)
                | Q(section__isnull=False, statement=None),
            ),
            models.UniqueConstraint(name="report_entry_section", fields=("report", "section")),
            models.UniqueConstraint(name="report_entry_statement", fields=("report", "statement")),
        )

    def __str__(self) -> str:
        return str(self.section or self.statement)

    @property
    def key(self) -> str:
        """By which versions know the heading."""
        return f"section-{self.section_id}" if self.section_id else f"statement-{self.statement_id}"
