"""Runs every check of the code at once, and shows what the failing ones say."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# The environment of a real installation, as far as `check --deploy` looks at it.
PRODUCTION = {
    "DATABASE_URL": "postgres://nobody@localhost/none",
    "CELERY_BROKER_URL": "redis://localhost/0",
    "SECRET_KEY": "only-for-the-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "thi-dua.example.vn",
}


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    environment: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    check: Check
    code: int
    output: str
    seconds: float


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def checks(place: str) -> list[Check]:
    # The migrations are compared on an empty database: the check leaves the real one alone.
    embedded = {"VAR_DIR": place, "DATABASE_URL": "", "CELERY_BROKER_URL": ""}
    return [
        Check("mypy", python("-m", "mypy"), embedded),
        Check("ruff check", [str(BIN / "ruff"), "check", "."], {}),
        Check(
            "ruff format",
            [str(BIN / "ruff"), "format", "--check", "--output-format", "concise", "."],
            {},
        ),
        Check("import-linter", [str(BIN / "lint-imports"), "--no-cache", "--no-logo"], {}),
        Check("djlint", python("-m", "djlint", "--lint", "--quiet", "templates"), {}),
        Check(
            "migrations", python("manage.py", "makemigrations", "--check", "--dry-run"), embedded
        ),
        Check("django", python("manage.py", "check", "--fail-level", "WARNING"), embedded),
        Check(
            "django, as deployed",
            python("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            {"VAR_DIR": place, **PRODUCTION},
        ),
    ]


def run(check: Check) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**os.environ, **check.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(check, done.returncode, done.stdout, time.monotonic() - started)


def main() -> int:
    failed = 0
    with (
        tempfile.TemporaryDirectory(prefix="thi-dua-check-") as place,
        ThreadPoolExecutor() as pool,
    ):
        for outcome in pool.map(run, checks(place)):
            verdict = "FAILED" if outcome.code else "ok"
            print(f"{outcome.check.name:<20} {verdict:<7} {outcome.seconds:5.1f} s", flush=True)
            if outcome.code:
                failed = 1
                print(outcome.output.rstrip(), end="\n\n", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
