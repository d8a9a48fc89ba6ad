"""Attempts of learners who mean harm; each test names the outcome that is safe."""

from tests.engine.conftest import engine, new_sandbox, sandbox

__all__ = ["engine", "new_sandbox", "sandbox"]
