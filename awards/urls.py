"""Addresses of nominations and meetings."""

from django.urls import path

from awards import views

app_name = "awards"
urlpatterns = [
    path("de-cu/<int:pk>/", views.nomination, name="nomination"),
    path("de-cu/<int:pk>/sua/", views.nomination_edit, name="nomination_edit"),
    path("de-cu/<int:pk>/rut/", views.nomination_withdraw, name="nomination_withdraw"),
    path("de-cu/<slug:slug>/<int:unit_pk>/", views.nominations, name="nominations"),
    path("de-cu/<slug:slug>/<int:unit_pk>/them/", views.nominate, name="nominate"),
    path("de-cu/<slug:slug>/<int:unit_pk>/tieu-chuan/", views.criteria, name="criteria"),
    path("hop-xet/<slug:slug>/<int:unit_pk>/", views.meeting, name="meeting"),
    path("hop-xet/<slug:slug>/<int:unit_pk>/mo-hop/", views.meeting_start, name="meeting_start"),
    path(
        "hop-xet/<slug:slug>/<int:unit_pk>/thao-tac/<slug:act>/",
        views.meeting_act,
        name="meeting_act",
    ),
]
