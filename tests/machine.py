"""What a test needs of the machine. Where it is missing, the test is skipped visibly; with COMMUNIQUE_NO_SKIP set, it
fails, so that a machine that is meant to run everything cannot pass by skipping."""

from __future__ import annotations

import importlib.util
import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""


def need(condition: object, what: str) -> None:
    """Skip the test that calls this unless the condition holds; fail it where skipping is not allowed."""
    if condition:
        return
    if os.environ.get("COMMUNIQUE_NO_SKIP"):
        pytest.fail(f"this machine lacks {what}, and COMMUNIQUE_NO_SKIP is set")
    pytest.skip(f"this machine lacks {what}")


def need_program(name: str) -> str:
    """The path of a program on this machine."""
    found = shutil.which(name) or ""
    need(found, name)
    return found


def need_module(name: str) -> None:
    """A Python module that is no dependency of the package."""
    need(importlib.util.find_spec(name), f"the Python module {name}")
