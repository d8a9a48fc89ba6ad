"""An exercise done once in a sandbox becomes a task: its checks, and the script that solves it."""

from .proposing import QUESTION, propose, question_beyond
from .solving import edited_files, solve_from

__all__ = ["QUESTION", "edited_files", "propose", "question_beyond", "solve_from"]
