"""Proving a lesson: on a fresh sandbox its tasks fail, are solved in order, and wrong attempts
neither pass nor go without their hint.
"""

from .cases import Begun, Case, Event, Kind, Result, Verdict, cases_of
from .outcome import is_proven, summary
from .proof import prove, prove_all

__all__ = [
    "Begun",
    "Case",
    "Event",
    "Kind",
    "Result",
    "Verdict",
    "cases_of",
    "is_proven",
    "prove",
    "prove_all",
    "summary",
]
