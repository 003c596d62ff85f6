"""Addresses of the ground: accounts, organisation, people, catalogue."""

from django.urls import include, path

from emulation import views

app_patterns: list = []  # type: ignore[type-arg]

urlpatterns = [
    path("suc-khoe/", views.health, name="health"),
    path("", include((app_patterns, "emulation"))),
]
