"""Addresses of nominations and meetings."""

from django.urls import URLPattern

app_name = "awards"
urlpatterns: list[URLPattern] = []
