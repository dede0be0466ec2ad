"""Calls of functions on strangers' bytes in a process of their own, bounded in time and memory.

The process takes bytes and gives bytes; it may write no file, open few, and dies with its parent. It serves one call
after the other, so that its start (some 60 ms) is paid once; a call that takes too long or too much is killed, and
the next starts a fresh process. What it gives back is data and is decoded as such.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import struct
import subprocess
import sys
import threading
import time

from graph_build.errors import InputError

SECONDS = 60.0
"""Time for one file."""
MEMORY = 1536 * 1024 * 1024
"""Address space of the process, in bytes."""
SERVED = 500
"""Calls after which a process is replaced, so that what a library leaks stays small."""
_HEADER = struct.Struct(">IQ")


class _Process:
    """One confined process; not for several threads at once."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.served = 0
        # -I: neither the current directory nor the environment decides what is imported.
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        start = (
            f"import sys; sys.path.insert(0, {root!r}); from graph_build.read.confined import serve; serve({memory})"
        )
        self.child = subprocess.Popen(
            [sys.executable, "-I", "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={"PATH": os.defpath, "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"},
        )

    def call(self, function: str, data: bytes, seconds: float) -> bytes:
        """What the function gives; TimeoutError, MemoryError or EOFError where it does not."""
        name = function.encode()
        until = time.monotonic() + seconds
        self.served += 1
        self._send(_HEADER.pack(len(name), len(data)) + name, until)
        self._send(data, until)
        status = self._receive(1, until)
        (size,) = struct.unpack(">Q", self._receive(8, until))
        answer = self._receive(size, until)
        if status == b"m":
            raise MemoryError
        if status == b"e":
            raise EOFError(answer.decode("utf-8", "replace"))
        return answer

    def _send(self, data: bytes, until: float) -> None:
        assert self.child.stdin is not None
        pipe = self.child.stdin.fileno()
        view = memoryview(data)
        os.set_blocking(pipe, False)
        while view:
            _, ready, _ = select.select([], [pipe], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            try:
                view = view[os.write(pipe, view[: 1 << 20]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise EOFError("") from None

    def _receive(self, size: int, until: float) -> bytes:
        assert self.child.stdout is not None
        pipe = self.child.stdout.fileno()
        parts: list[bytes] = []
        while size:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            part = os.read(pipe, min(size, 1 << 20))
            if not part:
                raise EOFError("")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def end(self) -> None:
        self.child.kill()
        self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


_lock = threading.Lock()
_idle: list[tuple[int, _Process]] = []
"""Processes that wait for work, with the id of the process that started them: a fork must not share them."""


def call(function: str, data: bytes, where: str, seconds: float = SECONDS, memory: int = MEMORY) -> bytes:
    """What a function 'module:name' from bytes to bytes gives for some bytes, from a confined process.

    Raises InputError naming `where` when the call takes too long or too much memory, or the process dies.
    """
    process = _take(memory)
    try:
        answer = process.call(function, data, seconds)
    except TimeoutError:
        process.end()
        raise InputError(
            f"reading took longer than {seconds:g} seconds and was stopped", where, "split the file, or leave it out"
        ) from None
    except MemoryError:
        process.end()
        raise InputError(
            f"reading needed more than {memory // 1024**2:,} MB of memory and was stopped",
            where,
            "the file may be made to harm; split it, or leave it out",
        ) from None
    except EOFError as problem:
        process.end()
        reason = f": {problem}" if str(problem) else ""
        raise InputError(
            f"the file could not be read: its reader failed{reason}", where, "the file may be damaged; fetch it again"
        ) from None
    except BaseException:
        process.end()
        raise
    _give(process)
    return answer


def _take(memory: int) -> _Process:
    with _lock:
        for at in range(len(_idle) - 1, -1, -1):
            owner, process = _idle[at]
            if owner != os.getpid():
                del _idle[at]
            elif process.memory == memory:
                del _idle[at]
                if process.child.poll() is None:
                    return process
                process.end()
    return _Process(memory)


def _give(process: _Process) -> None:
    with _lock:
        if process.served < SERVED and len(_idle) < 4:
            _idle.append((os.getpid(), process))
            return
    process.end()


@atexit.register
def _end_all() -> None:
    with _lock:
        while _idle:
            owner, process = _idle.pop()
            if owner == os.getpid():
                process.end()


def _die_with_parent() -> None:
    """Ask Linux to kill this process with the one that started it: a call that never ends would outlive it."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL


def serve(memory: int) -> None:
    """The confined side: answers calls on standard input until it closes."""
    import importlib
    import resource

    _die_with_parent()
    answers = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    sys.setrecursionlimit(2000)
    source = sys.stdin.buffer
    while header := source.read(_HEADER.size):
        name_size, size = _HEADER.unpack(header)
        module, _, name = source.read(name_size).decode().partition(":")
        try:
            answer = getattr(importlib.import_module(module), name)(source.read(size))
            status = b"o"
        except MemoryError:
            status, answer = b"m", b""
        # Whatever a library raises on a broken file is told to the parent, which knows the file's name.
        except Exception as problem:
            status, answer = b"e", f"{type(problem).__name__}: {problem}"[:300].encode("utf-8", "replace")
        view = memoryview(status + struct.pack(">Q", len(answer)) + answer)
        while view:
            view = view[os.write(answers, view) :]
