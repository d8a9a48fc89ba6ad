"""Attempts of learners who mean harm; each test names the outcome that is safe."""

from tests.browser.conftest import chromium, page, site, visitor
from tests.engine.conftest import engine, new_sandbox, sandbox

__all__ = ["chromium", "engine", "new_sandbox", "page", "sandbox", "site", "visitor"]
