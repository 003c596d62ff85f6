"""What the frame of every page shows: where one can go, and who is working."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from emulation.models import Role, User


@dataclass(frozen=True)
class Place:
    """An entry of the navigation; `roles` empty means that everybody sees it."""

    label: str
    route: str
    icon: str
    section: str = ""
    roles: frozenset[str] = frozenset()
    # Where addresses begin whose way (breadcrumb) starts here, too.
    under: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    icon: str
    section: str
    active: bool


@dataclass(frozen=True)
class Shell:
    """The variable `shell` of templates/base.html; without a person there is no navigation.

    `user_key` keeps the text that one person typed apart from another's on a shared machine.
    """

    nav: list[Entry] = field(default_factory=list)
    person_name: str = ""
    role_labels: list[str] = field(default_factory=list)
    agency_name: str = ""
    user_key: str = ""


WORK, GROUND = "Thi đua, khen thưởng", "Dữ liệu nền"
CASES = ("/de-cu/", "/hop-xet/", "/bao-cao/", "/ho-so/tao-toan-bo/", "/ho-so/dot-tao/")
PLACES = (
    Place("Việc cần làm", "home", "checklist"),
    Place("Phong trào", "campaigns:list", "flag", WORK, under=CASES),
    Place("Hồ sơ", "dossiers:list", "folder", WORK),
    Place(
        "Sổ văn bản", "dossiers:register", "book-2", WORK, frozenset({Role.OFFICE, Role.UNIT_HEAD})
    ),
    Place("Nhân sự", "emulation:people", "users", GROUND),
    Place("Tổ chức", "emulation:units", "sitemap", GROUND),
    Place("Danh mục", "emulation:catalogue", "book", GROUND),
    Place("Tài khoản", "emulation:accounts", "user-cog", GROUND, frozenset({Role.ADMIN})),
)


def shell(request: HttpRequest) -> dict[str, object]:
    """Lazy, so that a fragment rendered without the frame costs no query."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> Shell:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_authenticated:
        return Shell()
    return Shell(
        nav=_entries(request.path, user.roles),
        person_name=user.get_full_name(),
        role_labels=user.role_labels(),
        agency_name=user.agency.name if user.agency else "",
        user_key=str(user.pk),
    )


def _entries(path: str, roles: frozenset[str]) -> list[Entry]:
    """The places open to `roles`; active is the one with the longest address above `path`."""
    places = [(p, reverse(p.route)) for p in PLACES if not p.roles or p.roles & roles]
    home = reverse("home")
    above = {url: p for p, url in places if path == url or (url != home and path.startswith(url))}
    above |= {url: p for p, _ in places for url in p.under if path.startswith(url)}
    here = above[max(above, key=len)] if above else None
    return [Entry(p.label, url, p.icon, p.section, p is here) for p, url in places]
