"""Runs web and workers together in the foreground until Ctrl-C; none outlives this process."""

import contextlib
import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var")
HOST = os.environ.get("HOST") or "127.0.0.1"
READY_SECONDS = 120
# A worker may finish the document in hand; afterwards its task goes back to the queue.
STOP_SECONDS = 15
# What ends sooner than this would only end again.
SHORT_LIFE_SECONDS = 20
LOG_BYTES = 5_000_000
ACCOUNTS = "vanphong, giamdoc, truongphong.cchc, hoidong, quantri (password of all: ThiDua@2025)"


class Stop(Exception):
    """Somebody asked for the end."""


@dataclass
class Part:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes]
    log: Path
    start: int
    began: float

    def said(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self.start)
            return log.read().decode(errors="replace")


def stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def port_from_environment() -> int:
    value = os.environ.get("PORT") or "8000"
    if not value.isdecimal() or not 0 < int(value) < 65536:
        sys.exit(f"PORT={value} is no port: choose a number from 1 to 65535.")
    return int(value)


def refuse_used_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            sys.exit(f"Port {port} is for root only: choose another, as in: make run PORT=8000")
        except OSError as error:
            sys.exit(
                f"Port {port} of {HOST} cannot be used ({error.strerror}). Stop what uses it,"
                f" or choose another port, as in: make run PORT={8000 if port != 8000 else 8001}"
            )


def end_with_parent() -> None:
    """Linux stops the child even when this process is killed outright."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def start(name: str, command: list[str]) -> Part:
    log = VAR / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        begin = output.tell()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    return Part(name, command, process, log, begin, time.monotonic())


def start_web(port: int) -> Part:
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}"]
    threads = ["--workers", "2", "--threads", "4", "--graceful-timeout", "5"]
    return start("web", [*command, *threads, "--no-control-socket", "--access-logfile", "-"])


def start_worker(queue: str, processes: int, *options: str) -> Part:
    """A worker for one queue: what is waited for at the screen never stands behind a batch."""
    celery = [sys.executable, "-m", "celery", "-A", "config", "worker", "--queues", queue]
    alone = ["--without-mingle", "--without-gossip", "--without-heartbeat", *options]
    size = ["--hostname", f"{queue}@%h", "--concurrency", str(processes), "--loglevel", "INFO"]
    return start(queue, [*celery, *alone, *size])


def processes_from_environment() -> int:
    value = os.environ.get("DOCUMENT_PROCESSES") or str(max(1, (os.cpu_count() or 1) - 1))
    if not value.isdecimal() or not int(value):
        sys.exit(f"DOCUMENT_PROCESSES={value} is no number of processes: choose 1 or more.")
    return int(value)


def web_answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/suc-khoe/", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def refuse_dead(parts: list[Part]) -> None:
    for part in parts:
        code = part.process.poll()
        if code is not None:
            last = "\n".join(part.said().splitlines()[-20:])
            sys.exit(f"{last}\n\nThe {part.name} process ended (code {code}); see {part.log}")


def start_again(parts: list[Part]) -> None:
    """A worker that was killed, by the kernel for its memory as an example, is replaced."""
    for index, part in enumerate(parts):
        if part.process.poll() is None:
            continue
        if time.monotonic() - part.began < SHORT_LIFE_SECONDS:
            refuse_dead([part])
        print(f"» The {part.name} process ended ({part.process.returncode}): again", flush=True)
        end_group(part)
        parts[index] = start(part.name, part.command)


def end_group(part: Part) -> None:
    """Whatever is left of it: pool processes, the clock."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(part.process.pid, signal.SIGKILL)


def wait_until_ready(parts: list[Part], port: int) -> None:
    limit = time.monotonic() + READY_SECONDS
    _, *workers = parts
    while not (web_answers(port) and all(" ready." in worker.said() for worker in workers)):
        refuse_dead(parts)
        if time.monotonic() > limit:
            logs = ", ".join(str(part.log) for part in parts)
            sys.exit(f"Not ready after {READY_SECONDS} seconds; see {logs}")
        time.sleep(0.1)


def end(parts: list[Part]) -> None:
    """Asks politely, then insists; a second Ctrl-C insists at once."""
    with contextlib.suppress(Stop):
        for part in parts:
            part.process.terminate()
        limit = time.monotonic() + STOP_SECONDS
        for part in parts:
            with contextlib.suppress(subprocess.TimeoutExpired):
                part.process.wait(timeout=max(0.1, limit - time.monotonic()))
        for part in parts:
            if part.process.poll() is None:
                part.process.send_signal(signal.SIGQUIT)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    part.process.wait(timeout=3)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for part in parts:
        end_group(part)
        part.process.wait()


def main() -> int:
    port = port_from_environment()
    processes = processes_from_environment()
    # Personal data: what is written below `var/` is its owner's only.
    os.umask(0o077)
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"It is running already on the data in {VAR}: stop that one first (Ctrl-C).")
        refuse_used_port(port)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        parts: list[Part] = []
        try:
            prepared = subprocess.run([sys.executable, ROOT / "deploy" / "prepare.py"], check=False)
            if prepared.returncode:
                return prepared.returncode
            parts.append(start_web(port))
            # Two, so that one long paper does not keep everybody else waiting.
            parts.append(start_worker("previews", 2, "--beat"))
            parts.append(start_worker("documents", processes))
            wait_until_ready(parts, port)
            demo = "" if os.environ.get("DATABASE_URL") else f" — demo accounts: {ACCOUNTS}"
            print(f"Ready: http://{HOST}:{port}/{demo}", flush=True)
            while True:
                start_again(parts)
                time.sleep(0.5)
        except Stop:
            print("\n» Stopping", flush=True)
            return 0
        finally:
            end(parts)


if __name__ == "__main__":
    sys.exit(main())
