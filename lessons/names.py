"""What things in a lesson may be called."""

from typing import Annotated

from pydantic import StringConstraints

SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
LONGEST_SLUG = 60
Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$", max_length=LONGEST_SLUG)]
ADDRESS = r"^https?://[^\s]+$"
Address = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=500)]
MEMORY = "^[1-9][0-9]{0,4}[mg]$"
Memory = Annotated[str, StringConstraints(pattern=MEMORY)]
VariableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
