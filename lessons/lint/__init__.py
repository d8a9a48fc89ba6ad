"""Lint: what an author should know of a lesson before a learner finds out."""

from .finding import Finding, Severity
from .linting import lint, lint_folder
from .rules import RULES

__all__ = ["RULES", "Finding", "Severity", "lint", "lint_folder"]
