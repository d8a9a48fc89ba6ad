from django.urls import path

from . import composing, editing, previewing, prove_views, record_views, versions, views

# No draft has a name with an underscore or a dot in it, so none of these hides one.
urlpatterns = [
    path("", views.drafts, name="drafts"),
    path("schema.json", editing.schema, name="lesson-schema"),
    path("_new/", views.new_lesson, name="new-lesson"),
    path("_folders/<slug:slug>/", previewing.preview_folder, name="preview-folder"),
    path("_folders/<slug:slug>/news/", previewing.folder_news, name="folder-news"),
    path("_folders/<slug:slug>/try/", previewing.try_folder, name="try-folder"),
    path("_folders/<slug:slug>/images/<name>", previewing.folder_picture, name="folder-picture"),
    path("<slug:draft_slug>/", editing.draft, name="draft"),
    path("<slug:draft_slug>/preview/", previewing.preview_draft, name="preview-draft"),
    path("<slug:draft_slug>/preview/news/", previewing.draft_news, name="draft-news"),
    path("<slug:draft_slug>/preview/try/", previewing.try_draft, name="try-draft"),
    path("<slug:draft_slug>/save/", editing.save_file, name="save-draft-file"),
    path("<slug:draft_slug>/match/", editing.match_languages, name="match-languages"),
    path("<slug:draft_slug>/record/", record_views.record, name="record"),
    path("<slug:draft_slug>/record/begin/", record_views.begin, name="begin-recording"),
    path("<slug:draft_slug>/record/end/", record_views.end, name="end-recording"),
    path("<slug:draft_slug>/record/add/", record_views.add, name="add-recorded"),
    path("<slug:draft_slug>/prove/", prove_views.prove, name="prove"),
    path("<slug:draft_slug>/duplicate/", views.duplicate_draft, name="duplicate-draft"),
    path("<slug:draft_slug>/steps/new/", composing.new_step, name="new-step"),
    path("<slug:draft_slug>/steps/remove/", composing.no_step, name="remove-step"),
    path("<slug:draft_slug>/images/new/", composing.new_picture, name="new-picture"),
    path("<slug:draft_slug>/images/remove/", composing.no_picture, name="remove-picture"),
    path("<slug:draft_slug>/images/<name>", composing.draft_picture, name="draft-picture"),
    path("<slug:draft_slug>/publish/", versions.publish_draft, name="publish-draft"),
    path("<slug:draft_slug>/versions/<int:number>/", versions.roll_back_to, name="roll-back"),
    path("<slug:draft_slug>/withdraw/", versions.withdraw_lesson, name="withdraw-lesson"),
    path("<slug:draft_slug>/offer/", versions.offer_lesson, name="offer-lesson"),
    path("<slug:draft_slug>/compare/", versions.compare, name="compare-versions"),
    path("begin/<slug:slug>/", views.begin_from_lesson, name="begin-from-lesson"),
]
