"""Brings database, catalogue, demo data and static files in step; run again, it changes nothing."""

import hashlib
import io
import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import SystemCheckError

ROOT = Path(__file__).resolve().parent.parent


def say(text: str) -> None:
    print(f"» {text}", flush=True)


def static_print() -> str:
    """Changes when a static file does."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda item: item[0]):
            state = Path(storage.path(path)).stat()
            found.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return found.hexdigest()


def main() -> int:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        call_command("check", stdout=io.StringIO())
    except SystemCheckError as found:
        print(found, file=sys.stderr)
        return 1

    stamp, now = settings.STATIC_ROOT / ".stamp", static_print()
    if not stamp.exists() or stamp.read_text() != now:
        say("Static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(now)

    quiet = io.StringIO()
    say("Database and catalogue")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_catalogue", verbosity=0, stdout=quiet)
    call_command("load_forms", verbosity=0, stdout=quiet)
    if settings.DEMO:
        if not apps.get_model(settings.AUTH_USER_MODEL).objects.exists():
            say("Demo data, this once")
        call_command("load_demo", verbosity=0, stdout=quiet)
        if settings.EMBEDDED:
            call_command("make_demo_keys", verbosity=0, stdout=quiet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
