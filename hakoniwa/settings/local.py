"""What `./classroom up` runs: one machine, plain HTTP on a trusted network."""

from .base import *
from .secret_key import secret_key

SECRET_KEY = secret_key()
