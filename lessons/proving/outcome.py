"""How a proof ended, all in all."""

from collections import Counter

from django.utils.translation import gettext as _

from .cases import Verdict


def is_proven(verdicts: Counter[Verdict]) -> bool:
    """What nobody has written does not count against it."""
    return not (verdicts[Verdict.FAILED] or verdicts[Verdict.NOT_TRIED])


def summary(verdicts: Counter[Verdict]) -> str:
    """How many of each, in the active language."""
    counted = {verdict.value.replace("-", "_"): verdicts[verdict] for verdict in Verdict}
    return (
        _("%(proven)d proven, %(failed)d failed, %(not_tried)d not tried, %(missing)d not written")
        % counted
    )
