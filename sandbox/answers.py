"""Reading what a learner's engine answers: each answer in its form, nothing in it is believed."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from .errors import EngineAnswerError

T = TypeVar("T")
Text = Annotated[str, Field(max_length=4096)]
Few = Annotated[list[T], Field(max_length=100)]


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
