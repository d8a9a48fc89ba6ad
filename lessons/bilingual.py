"""Words in both languages, as an author writes them."""

from typing import Annotated

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Part(BaseModel):
    """Everything in a lesson: what is not known is an error, so that a typing slip is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Part):
    """The same words in both languages."""

    ja: Words
    en: Words

    def __str__(self) -> str:
        """The words in the active language."""
        return self.ja if get_language() == "ja" else self.en
