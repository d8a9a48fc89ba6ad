"""Reading what a learner's engine answers: each answer in its form, nothing in it is believed."""

from itertools import islice
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from .errors import EngineAnswerError

T = TypeVar("T")
LONGEST_TEXT = 4096
MOST_ITEMS = 100
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Few = Annotated[list[T], Field(max_length=MOST_ITEMS)]
# As far as Go counts.
Number = Annotated[int, Field(ge=-(2**63), lt=2**63)]


def _beginning(answer: Any) -> Any:
    match answer:
        case str():
            return answer[:LONGEST_TEXT]
        case list():
            return answer[:MOST_ITEMS]
        case dict():
            return dict(islice(answer.items(), MOST_ITEMS))
    return answer


# What an honest engine may have more of than a lesson looks at: only the beginning is read.
Words = Annotated[str, BeforeValidator(_beginning)]
Some = Annotated[list[T] | None, BeforeValidator(_beginning)]
Pairs = Annotated[dict[Words, T] | None, BeforeValidator(_beginning)]


class Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


def first(form: type[T], answer: Any, most: int) -> tuple[list[T], bool]:
    """So many of a list, each in its form, and whether there are more; the rest isn't looked at.

    Raises EngineAnswerError.
    """
    if not isinstance(answer, list | None):
        raise EngineAnswerError("an answer out of form: no list")
    entries = answer or []
    return read(list[form], entries[:most]), len(entries) > most  # type: ignore[valid-type]


def read(form: type[T] | Any, answer: Any) -> T | Any:
    """The answer in its form. Raises EngineAnswerError."""
    try:
        return TypeAdapter(form).validate_python(answer)
    except ValidationError as error:
        raise EngineAnswerError(f"an answer out of form: {error.errors()[0]['msg']}") from None
