from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("lessons/", views.lesson_list, name="lesson-list"),
    path("lessons/<slug:slug>/", views.lesson, name="lesson"),
    path("lessons/<slug:slug>/<int:number>/images/<name>", views.picture, name="lesson-picture"),
    path("lessons/<slug:slug>/quiz/<slug:question_id>/", views.answer_question, name="answer"),
    path("lessons/<slug:slug>/<slug:step_id>/", views.step, name="step"),
    path("lessons/<slug:slug>/<slug:step_id>/check/", views.check_now, name="check-now"),
]
