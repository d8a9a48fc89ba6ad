"""Some learners who come in the same moment, in a process of the site's own: run by a test.

arriving.py MOMENT NAME…    prints the names of those who got a seat
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from hakoniwa.accounts.models import User  # noqa: E402
from sandbox import seats  # noqa: E402


def arrive(name: str) -> str:
    learner = User.objects.create(username=name, name=name)
    time.sleep(max(0.0, float(sys.argv[1]) - time.time()))
    return name if seats.take(learner) else ""


if __name__ == "__main__":
    names = sys.argv[2:]
    with ThreadPoolExecutor(len(names)) as everybody:
        print(*everybody.map(arrive, names))
