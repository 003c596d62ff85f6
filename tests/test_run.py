"""`make run` keeps its parts alive."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PROGRAM = Path(__file__).parent.parent / "deploy" / "run.py"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = spec_from_file_location("run", PROGRAM)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "run", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VAR", tmp_path)
    return module


@pytest.fixture
def parts(run: ModuleType) -> Iterator[list[Any]]:
    """One part with a child, as a worker has."""
    found = [run.start("documents", ["/bin/sh", "-c", "sleep 300 & echo $!; wait"])]
    try:
        yield found
    finally:
        for part in found:
            run.end_group(part)
            part.process.wait()


def killed(part: Any) -> int:
    """Kill it as the kernel would, without its child; whose number is told."""
    while not (child := part.said().strip()):
        pass
    os.kill(part.process.pid, signal.SIGKILL)
    part.process.wait()
    return int(child)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_part_that_was_killed_is_started_again(
    run: ModuleType, parts: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SHORT_LIFE_SECONDS", 0)
    before = parts[0]
    run.start_again(parts)
    assert parts == [before]
    child = killed(before)
    run.start_again(parts)
    assert parts[0].process.pid != before.process.pid
    assert parts[0].process.poll() is None
    while is_running(child):
        pass


def test_a_part_that_only_ends_again_ends_all(run: ModuleType, parts: list[Any]) -> None:
    killed(parts[0])
    with pytest.raises(SystemExit, match="The documents process ended"):
        run.start_again(parts)
