"""An instructor's page for the seats of a class."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hakoniwa.accounts.models import Cohort, User

from .forms import ReserveForm
from .models import Reservation
from .reservations import ReservationRefused, reserve
from .seats import capacity


@login_required
@require_http_methods(["GET", "POST"])
def reserve_seats(request: HttpRequest, cohort_id: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort, pk=cohort_id, instructor=_instructor(request))
    form = ReserveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reserve(cohort, **form.cleaned_data)
            return redirect("reserve-seats", cohort.pk)
        except ReservationRefused as refused:
            form.add_error(refused.field, str(refused))
    context = {
        "cohort": cohort,
        "reservations": cohort.reservations.filter(ends_at__gt=timezone.now()),
        "form": form,
        "capacity": capacity(),
        "time_zone": timezone.get_current_timezone_name(),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "sandbox/reserve.html", context, status=status)


@login_required
@require_POST
def cancel_seats(request: HttpRequest, reservation_id: int) -> HttpResponse:
    mine = Reservation.objects.filter(cohort__instructor=_instructor(request))
    reservation = get_object_or_404(mine, pk=reservation_id)
    reservation.delete()
    return redirect("reserve-seats", reservation.cohort_id)


def _instructor(request: HttpRequest) -> User:
    if isinstance(request.user, User) and request.user.is_instructor:
        return request.user
    raise PermissionDenied
