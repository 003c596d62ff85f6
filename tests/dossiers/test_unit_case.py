"""The unit's way: who has it, and what comes next."""

from __future__ import annotations

from awards.models import Meeting, Nomination
from campaigns.models import Campaign, Registration
from dossiers import actions
from dossiers.models import Dossier, RegisterEntry, Report
from tests.conftest import ClientFor
from tests.dossiers.conftest import Story
from tests.dossiers.pages import case_of, page
from tests.factories import NOW


def test_every_stage_says_who_has_it_and_what_comes_next(
    story: Story, client_for: ClientFor
) -> None:
    """Backwards from an accepted dossier to a unit that has done nothing."""
    client = client_for(story.people.head)

    def status() -> str:
        text = page(client.get(case_of(story)))
        return text[text.index('class="case-status"') : text.index('class="phases"')]

    dossier = story.submitted()
    assert "Văn phòng Sở" in status()
    assert "Kiểm tra, tiếp nhận hồ sơ." in status()
    actions.act_on_dossier(dossier=dossier, act="accept", **story.as_office())
    assert "Hội đồng Thi đua - Khen thưởng họp xét." in status()
    Dossier.objects.update(state="draft", submitted_at=None, decided_at=None)
    Nomination.objects.update(state="chosen", submitted_at=None)
    assert "Hoàn thành và trình hồ sơ." in status()
    Report.objects.get(nomination=story.mine).entries.all().delete()
    assert "Hoàn thành báo cáo." in status()
    Meeting.objects.update(state="draft", concluded_at=None)
    Nomination.objects.update(state="proposed")
    assert "Ghi biên bản và kết luận cuộc họp." in status()
    Meeting.objects.all()[0].votes.all().delete()
    Meeting.objects.all()[0].attendees.all().delete()
    Meeting.objects.all().delete()
    assert "Tổ chức họp bình xét." in status()
    for report in Report.objects.all():
        report.delete()
    Nomination.objects.all().delete()
    RegisterEntry.objects.all().delete()
    Dossier.objects.all().delete()
    assert "Đề cử tập thể, cá nhân." in status()
    Registration.objects.update(state="submitted", decided_at=None)
    assert "Tiếp nhận đăng ký." in status()
    Registration.objects.update(state="returned", decided_at=NOW)
    assert "Bổ sung và gửi lại." in status()
    for registration in Registration.objects.all():
        registration.lines.all().delete()
    Registration.objects.all().delete()
    assert "Lập bản đăng ký." in status()
    Campaign.objects.update(registration_rule="none")
    assert "Đề cử tập thể, cá nhân." in status()


def test_a_meeting_that_chose_nobody_ends_the_way(story: Story, client_for: ClientFor) -> None:
    Nomination.objects.update(state="not_chosen")
    text = page(client_for(story.people.head).get(case_of(story)))
    assert "Không đề nghị" in text
    assert "Cuộc họp bình xét không chọn" in text
