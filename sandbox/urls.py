from django.urls import path

from . import views

urlpatterns = [
    path("", views.claim, name="claim-sandbox"),
    path("afresh/", views.start_afresh, name="start-afresh"),
    path("extend/", views.extend, name="extend-sandbox"),
    path("<uuid:sandbox_id>/", views.status, name="sandbox-status"),
]
