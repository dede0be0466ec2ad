"""Functions that do what broken or hostile files make libraries do, for the tests of the confined process."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path


def echo(data: bytes) -> bytes:
    return data[::-1]


def never_end(data: bytes) -> bytes:
    while True:
        time.sleep(0.05)


def eat(data: bytes) -> bytes:
    return b"".join(bytes(50_000_000) for _ in range(1000))


def crash(data: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return data


def fail(data: bytes) -> bytes:
    raise ValueError("a broken table")


def write(data: bytes) -> bytes:
    Path(os.fsdecode(data)).write_bytes(b"x" * 10)
    return data


def chatter(data: bytes) -> bytes:
    print("to standard output")
    return data


def pid(data: bytes) -> bytes:
    return str(os.getpid()).encode()


def reach(data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", int(data)), timeout=1):
        return b"reached"
