from django.urls import path

from . import views

urlpatterns = [
    path("", views.drafts, name="drafts"),
    path("begin/<slug:slug>/", views.begin_from_lesson, name="begin-from-lesson"),
    path("<slug:draft_slug>/", views.draft, name="draft"),
    path("<slug:draft_slug>/duplicate/", views.duplicate_draft, name="duplicate-draft"),
    path("<slug:draft_slug>/publish/", views.publish_draft, name="publish-draft"),
    path("<slug:draft_slug>/versions/<int:number>/", views.roll_back_to, name="roll-back"),
]
