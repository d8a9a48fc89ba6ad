"""The pages for coming in and going out."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import services
from .forms import ChoosePasswordForm, JoinForm, OpenClassForm, SignInForm
from .models import Cohort, User


@require_POST
def start_as_guest(request: HttpRequest) -> HttpResponse:
    if not settings.GUESTS_WELCOME:
        raise PermissionDenied
    if not request.user.is_authenticated:
        services.start_guest(request)
    return redirect(_next_page(request))


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User) and not request.user.is_guest:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = JoinForm(_sent(request))
    joined = _submit(form, partial(services.join_class, request))
    return redirect(_next_page(request)) if joined else _page(request, "accounts/join.html", form)


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(_sent(request))
    signed_in = _submit(form, partial(services.sign_in, request))
    if signed_in:
        return redirect(_next_page(request))
    return _page(request, "accounts/sign_in.html", form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    services.sign_out(request)
    return redirect("home")


@login_required
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Only for a one-time password: a browser left open must not give an account away."""
    user = _signed_in(request)
    if not user.must_choose_password:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = ChoosePasswordForm(_sent(request))
    if _submit(form, partial(services.choose_password, request, user)):
        return redirect(_next_page(request))
    return _page(request, "accounts/choose_password.html", form)


@login_required
@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    return _classes_page(request, OpenClassForm())


@login_required
@require_POST
def open_class(request: HttpRequest) -> HttpResponse:
    instructor = _instructor(request)
    form = OpenClassForm(request.POST)
    if _submit(form, partial(services.open_class, instructor)):
        return redirect("classes")
    return _classes_page(request, form)


@login_required
@require_POST
def switch_internet(request: HttpRequest, cohort_id: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort, pk=cohort_id, instructor=_instructor(request))
    services.switch_internet(cohort, on=request.POST.get("internet") == "on")
    return redirect("classes")


def _classes_page(request: HttpRequest, form: forms.Form) -> HttpResponse:
    cohorts = Cohort.objects.filter(instructor=_instructor(request)).prefetch_related("learners")
    status = 400 if form.errors else 200
    context = {"form": form, "cohorts": cohorts, "internet_offered": settings.INTERNET}
    return render(request, "accounts/classes.html", context, status=status)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What the form was filled in with; None where it is only opened."""
    return request.POST if request.method == "POST" else None


def _signed_in(request: HttpRequest) -> User:
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied


def _instructor(request: HttpRequest) -> User:
    user = _signed_in(request)
    if user.is_instructor:
        return user
    raise PermissionDenied


def _page(request: HttpRequest, template: str, form: forms.Form) -> HttpResponse:
    next_page = request.POST.get("next") or request.GET.get("next", "")
    status = 400 if form.errors else 200
    return render(request, template, {"form": form, "next": next_page}, status=status)


def _submit(form: forms.Form, service: Callable[..., Any]) -> bool:
    """Hand a valid form's fields to the service; what it refuses becomes the field's error."""
    if not form.is_valid():
        return False
    try:
        service(**form.cleaned_data)
    except services.AccountError as error:
        form.add_error(error.field, str(error))
        return False
    return True


def _next_page(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else settings.LOGIN_REDIRECT_URL
