"""Addresses of campaigns, below /phong-trao/."""

from django.urls import URLPattern

app_name = "campaigns"
urlpatterns: list[URLPattern] = []
