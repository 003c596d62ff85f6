"""Numbers of papers: one series for each unit and year, a council's apart (NĐ 30/2020, Điều 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.documents import Document
from dossiers.models.dossiers import Dossier
from emulation.models import Unit

if TYPE_CHECKING:
    from emulation.models import User


class RegisterQuerySet(models.QuerySet["Register"]):
    def visible_to(self, user: User) -> Self:
        """A head keeps the unit's register, the office those of the agency and of its units."""
        return self.filter(unit__in=Unit.objects.registering(user))


class RegisterEntryQuerySet(models.QuerySet["RegisterEntry"]):
    def matching(self, query: str) -> Self:
        """Entries whose number, symbol or subject holds the words; "05/TTr" is one of them."""
        found = Q()
        for word in query.split():
            ordinal, _, symbol = word.partition("/")
            here = Q(subject__icontains=word) | Q(symbol__icontains=word)
            if ordinal.isdecimal() and len(ordinal) < 9:
                here |= Q(ordinal=int(ordinal), symbol__istartswith=symbol)
            found &= here
        return self.filter(found)


class Register(models.Model):
    """The series of one unit and year: consecutive from 01 on 1 January to 31 December."""

    class Series(models.TextChoices):
        GENERAL = "general", "Văn bản của đơn vị"
        COUNCIL = "council", "Văn bản của Hội đồng Thi đua - Khen thưởng"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=8, choices=Series.choices, default=Series.GENERAL)
    last = models.PositiveIntegerField(default=0)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = "sổ đăng ký văn bản"
        ordering = ("-year", "unit__position", "unit__name", "series")
        constraints = (
            models.UniqueConstraint(name="register_once", fields=("unit", "year", "series")),
        )

    def __str__(self) -> str:
        return f"{self.get_series_display()} {self.unit} {self.year}"


class RegisterEntry(models.Model):
    """A number that was given, to a paper made here (`dossier`, `kind`) or outside."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="entries")
    ordinal = models.PositiveIntegerField()
    symbol = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Document.Kind.choices, blank=True)
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=300)
    date = models.DateField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    objects = RegisterEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "số văn bản"
        ordering = ("register", "-ordinal")
        constraints = (
            models.UniqueConstraint(name="register_entry_once", fields=("register", "ordinal")),
            models.CheckConstraint(name="register_entry_from_one", condition=Q(ordinal__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.ordinal:02d}/{self.symbol}"
