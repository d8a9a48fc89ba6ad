from django.urls import path

from . import views

urlpatterns = [
    path("try/", views.start_as_guest, name="try"),
    path("join/", views.join, name="join"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.choose_password, name="choose-password"),
    path("classes/", views.classes, name="classes"),
    path("classes/open/", views.open_class, name="open-class"),
    path("classes/<int:cohort_id>/internet/", views.switch_internet, name="switch-internet"),
]
