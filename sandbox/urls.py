from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import file_views, reservation_views, views
from .ports import views as ports
from .shells import NAMES


class ShellName(StringConverter):
    regex = "|".join(NAMES)


register_converter(ShellName, "shell")

urlpatterns = [
    path("", views.claim, name="claim-sandbox"),
    path("afresh/", views.start_afresh, name="start-afresh"),
    path("extend/", views.extend, name="extend-sandbox"),
    path("files/", file_views.list_folder, name="list-folder"),
    path("files/text/", file_views.read_text, name="read-text-file"),
    path("files/download/", file_views.download, name="download-file"),
    path("files/upload/", file_views.upload, name="upload-file"),
    path("files/make-folder/", file_views.make_folder, name="make-folder"),
    path("files/move/", file_views.move, name="move-file"),
    path("files/remove/", file_views.remove, name="remove-file"),
    path("files/saved/", file_views.saved, name="saved-work"),
    path("files/work.tar.gz", file_views.export, name="export-work"),
    path("seats/<int:cohort_id>/", reservation_views.reserve_seats, name="reserve-seats"),
    path("seats/cancel/<int:reservation_id>/", reservation_views.cancel_seats, name="cancel-seats"),
    path("<uuid:sandbox_id>/", views.status, name="sandbox-status"),
    path("ports/", ports.panel, name="ports"),
    path("ports/open/", ports.open_port, name="open-port"),
    path("<uuid:sandbox_id>/shells/", views.shells, name="shells"),
    path("<uuid:sandbox_id>/shells/<shell:name>/end/", views.end_shell, name="end-shell"),
]
