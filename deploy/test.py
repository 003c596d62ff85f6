"""Runs pytest on a PostgreSQL and a Redis that live as long as the run; arguments go to pytest."""

import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
# PostgreSQL refuses to run as root; Debian's package makes this account.
ACCOUNT = "postgres" if os.getuid() == 0 else None
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0


def postgresql_program(name: str) -> str:
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4])
    )
    program = str(found[-1]) if found else shutil.which(name)
    if not program:
        sys.exit(f"{name} was not found: install the package postgresql.")
    return program


def end_with_parent() -> None:
    """Linux stops the child even when this process is killed outright."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@contextlib.contextmanager
def server(
    command: list[str], *, port: int, log: Path, account: str | None, stop: signal.Signals
) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,
            user=account,
            group=account,
            extra_groups=[] if account else None,
        )
    try:
        limit = time.monotonic() + START_SECONDS
        while not answers(port):
            if process.poll() is not None or time.monotonic() > limit:
                sys.exit(f"{command[0]} did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def postgresql(place: Path) -> Iterator[str]:
    home = place / "postgresql"
    home.mkdir(mode=0o700)
    password = place / "password"
    password.write_text(secrets.token_hex(16))
    if ACCOUNT:
        shutil.chown(home, ACCOUNT, ACCOUNT)
        shutil.chown(password, ACCOUNT, ACCOUNT)
    data = home / "data"
    made = subprocess.run(
        [
            postgresql_program("initdb"),
            *("--pgdata", data, "--username", "postgres", "--pwfile", password),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        ],
        cwd=home if not ACCOUNT else "/",
        user=ACCOUNT,
        group=ACCOUNT,
        extra_groups=[] if ACCOUNT else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        sys.exit(f"initdb failed:\n{made.stdout}{made.stderr}")
    port = free_port()
    settings = {
        "listen_addresses": HOST,
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 200,
        # Nothing here outlives the run, so nothing waits for the disk.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
    with server(
        [postgresql_program("postgres"), "-D", str(data), *options],
        port=port,
        log=place / "postgresql.log",
        account=ACCOUNT,
        stop=signal.SIGINT,
    ):
        yield f"postgres://postgres:{password.read_text()}@{HOST}:{port}/thi_dua"


@contextlib.contextmanager
def redis(place: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if not program:
        sys.exit("redis-server was not found: install the package redis-server.")
    port = free_port()
    command = [program, "--port", str(port), "--bind", HOST, "--dir", str(place)]
    with server(
        [*command, "--save", "", "--appendonly", "no", "--databases", "64"],
        port=port,
        log=place / "redis.log",
        account=None,
        stop=signal.SIGTERM,
    ):
        yield f"redis://{HOST}:{port}/0"


def run_pytest(arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", "-n", "logical", "--dist", "loadgroup", *arguments]
    tests = subprocess.Popen(command, cwd=ROOT, env=environment, preexec_fn=end_with_parent)
    try:
        while True:
            try:
                return tests.wait()
            except KeyboardInterrupt:
                # The terminal has told pytest as well: it closes what it opened, then ends.
                continue
    finally:
        if tests.poll() is None:
            tests.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                tests.wait(timeout=20)
            tests.kill()


def main() -> int:
    # A stop from outside unwinds the `with` blocks below.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="thi-dua-test-") as name, contextlib.ExitStack() as up:
        place = Path(name)
        # The account of the database walks through it.
        place.chmod(0o755)
        environment = {
            **os.environ,
            "DATABASE_URL": up.enter_context(postgresql(place)),
            "CELERY_BROKER_URL": up.enter_context(redis(place)),
            "VAR_DIR": str(place / "var"),
            "HTTPS": "false",
        }
        return run_pytest(sys.argv[1:], environment)


if __name__ == "__main__":
    sys.exit(main())
